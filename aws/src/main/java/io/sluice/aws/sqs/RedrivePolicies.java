package io.sluice.aws.sqs;

import io.sluice.aws.CallContext;
import io.sluice.aws.message.Arns;
import io.sluice.aws.message.FifoNames;
import io.sluice.aws.message.Json;
import io.sluice.broker.Queue;
import io.sluice.broker.Queues;
import io.sluice.broker.Redrive;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The attributes {@code RedrivePolicy} and {@code RedriveAllowPolicy}: what Amazon takes, and its
 * sentence for each thing that it does not (Amazon's "SetQueueAttributes"). An empty text removes
 * either.
 */
final class RedrivePolicies {

  static final String REDRIVE = "RedrivePolicy";
  static final String ALLOW = "RedriveAllowPolicy";

  private static final String TARGET = "deadLetterTargetArn";
  private static final String MAX_RECEIVE_COUNT = "maxReceiveCount";
  private static final String PERMISSION = "redrivePermission";
  private static final String SOURCES = "sourceQueueArns";
  private static final String BY_QUEUE = "byQueue";

  private RedrivePolicies() {}

  /** What a stored policy says to the broker. */
  static Optional<Redrive> redrive(Map<String, String> stored) {
    String policy = stored.get(REDRIVE);
    if (policy == null) {
      return Optional.empty();
    }
    Map<String, @Nullable Object> fields = redriveFields(policy);
    return Optional.of(new Redrive(targetName(fields), maxReceiveCount(policy, fields)));
  }

  /** A redrive policy as it is stored and returned; empty for none. */
  static String checkRedrive(String policy) {
    if (policy.isEmpty()) {
      return "";
    }
    checkLength(REDRIVE, policy);
    Map<String, @Nullable Object> fields = redriveFields(policy);
    for (String name : List.of(MAX_RECEIVE_COUNT, TARGET)) {
      if (fields.get(name) == null) {
        throw invalid(
            REDRIVE, policy, "Redrive policy does not contain mandatory attribute: " + name + ".");
      }
    }
    int count = maxReceiveCount(policy, fields);
    String target = String.valueOf(fields.get(TARGET));
    if (Arns.parse(target).filter(arn -> arn.service().equals("sqs")).isEmpty()) {
      throw invalid(REDRIVE, policy, "Dead-letter target ARN should be fully qualified ARN.");
    }
    if (fields.size() > 2) {
      throw invalid(
          REDRIVE,
          policy,
          "Only following attributes are supported: [maxReceiveCount, deadLetterTargetArn].");
    }
    Map<String, Object> normal = new LinkedHashMap<>();
    normal.put(TARGET, target);
    normal.put(MAX_RECEIVE_COUNT, count);
    return Json.text(normal);
  }

  private static void checkLength(String name, String policy) {
    if (policy.length() > SqsLimits.POLICY_BYTES) {
      throw SqsErrors.invalidAttributeValue(
          name, " Reason: It has more than " + SqsLimits.POLICY_BYTES + " characters.");
    }
  }

  private static Map<String, @Nullable Object> redriveFields(String policy) {
    try {
      return Json.object(policy);
    } catch (Json.NotJsonException _) {
      throw SqsErrors.invalidAttributeValue(
          REDRIVE, " Reason: Redrive policy is not a valid JSON map.");
    }
  }

  private static int maxReceiveCount(String policy, Map<String, @Nullable Object> fields) {
    String text = String.valueOf(fields.get(MAX_RECEIVE_COUNT));
    try {
      int count = Integer.parseInt(text);
      if (count >= 1 && count <= SqsLimits.MAX_RECEIVE_COUNT) {
        return count;
      }
    } catch (NumberFormatException _) {
      // The same as out of range.
    }
    throw invalid(
        REDRIVE,
        policy,
        "Invalid value for maxReceiveCount: "
            + text
            + ", valid values are from 1 to "
            + SqsLimits.MAX_RECEIVE_COUNT
            + " both inclusive.");
  }

  private static String targetName(Map<String, @Nullable Object> fields) {
    return Arns.parse(String.valueOf(fields.get(TARGET))).orElseThrow().resource();
  }

  /**
   * Checks that a queue may have the dead-letter queue that its policy names, if it has one.
   *
   * @param queue the name of the queue
   * @param stored its attributes, which passed the other checks
   */
  static void checkTarget(Queues queues, String queue, Map<String, String> stored) {
    String policy = stored.get(REDRIVE);
    if (policy == null) {
      return;
    }
    CallContext caller = CallContext.current();
    Arns.Arn arn = Arns.parse(String.valueOf(redriveFields(policy).get(TARGET))).orElseThrow();
    if (!arn.account().equals(caller.accountId())
        && !arn.account().equals(CallContext.DEFAULT_ACCOUNT_ID)) {
      throw invalid(REDRIVE, policy, "Dead-letter target owner should be same as the source.");
    }
    Optional<Queue> target = queues.find(arn.resource());
    if (target.isEmpty()) {
      throw invalid(REDRIVE, policy, "Dead letter target does not exist.");
    }
    if (FifoNames.isFifo(arn.resource()) != FifoNames.isFifo(queue)) {
      // Amazon's own two stops.
      throw invalid(
          REDRIVE, policy, "Dead-letter queue must be same type of queue as the source..");
    }
    String allow = target.get().attributes().get(ALLOW);
    if (allow != null && !lets(allow, queue)) {
      throw invalid(
          REDRIVE,
          policy,
          "The redrive allow policy of the dead-letter queue does not permit this source queue.");
    }
  }

  private static boolean lets(String allow, String queue) {
    Map<String, @Nullable Object> fields = allowFields(allow);
    return switch (String.valueOf(fields.get(PERMISSION))) {
      case "denyAll" -> false;
      case BY_QUEUE ->
          ((List<?>) fields.getOrDefault(SOURCES, List.of()))
              .stream()
                  .map(arn -> Arns.parse(String.valueOf(arn)))
                  .anyMatch(arn -> arn.isPresent() && arn.get().resource().equals(queue));
      default -> true;
    };
  }

  /** A redrive allow policy as it is stored and returned; empty for none. */
  static String checkAllow(String policy) {
    if (policy.isEmpty()) {
      return "";
    }
    checkLength(ALLOW, policy);
    Map<String, @Nullable Object> fields = allowFields(policy);
    boolean byQueue = BY_QUEUE.equals(fields.get(PERMISSION));
    Object sources = fields.get(SOURCES);
    if (!Set.of("allowAll", "denyAll", BY_QUEUE).contains(String.valueOf(fields.get(PERMISSION)))
        || !Set.of(PERMISSION, SOURCES).containsAll(fields.keySet())
        || (sources != null
            && !(sources instanceof List<?> list
                && list.stream().allMatch(String.class::isInstance)))) {
      throw unsupportedFormat();
    }
    List<?> arns = sources instanceof List<?> list ? list : List.of();
    String cannot = "Amazon SQS can't create the redrive allow policy. ";
    if (sources != null && !byQueue) {
      throw invalid(
          ALLOW,
          policy,
          cannot
              + "To specify one or more source queue ARNs, you must set redrivePermission to"
              + " byQueue.");
    }
    if (byQueue && arns.isEmpty()) {
      throw invalid(
          ALLOW,
          policy,
          cannot
              + "When you specify the byQueue permission type, you must also specify one or more"
              + " sourceQueueArns values.");
    }
    if (arns.size() > SqsLimits.REDRIVE_SOURCES) {
      throw invalid(
          ALLOW,
          policy,
          cannot
              + "The maximum number of source queue ARNs you can specify is "
              + SqsLimits.REDRIVE_SOURCES
              + ".");
    }
    return policy;
  }

  private static Map<String, @Nullable Object> allowFields(String policy) {
    try {
      return Json.object(policy);
    } catch (Json.NotJsonException _) {
      throw unsupportedFormat();
    }
  }

  private static RuntimeException unsupportedFormat() {
    return SqsErrors.invalidAttributeValue(
        ALLOW,
        " Reason: Amazon SQS can't create the redrive allow policy, as it\u2019s in an unsupported"
            + " format.");
  }

  private static RuntimeException invalid(String name, String value, String reason) {
    return SqsErrors.invalidParameter(value, name, reason);
  }
}
