package io.sluice.aws.sqs;

import io.sluice.aws.CallContext;
import io.sluice.aws.message.Arns;
import io.sluice.aws.message.Json;
import io.sluice.broker.Queue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.AddPermissionRequest;
import software.amazon.awssdk.services.sqs.model.AddPermissionResponse;
import software.amazon.awssdk.services.sqs.model.RemovePermissionRequest;
import software.amazon.awssdk.services.sqs.model.RemovePermissionResponse;

/**
 * AddPermission and RemovePermission: they edit the statements of the queue's {@code Policy}, whose
 * {@code Sid} is the label (Amazon's "AddPermission"; "Amazon SQS policy quotas" has the limits).
 */
final class QueuePermissions {

  private static final String STATEMENT = "Statement";
  private static final Pattern LABEL =
      Pattern.compile("[a-zA-Z0-9_-]{1," + SqsLimits.LABEL_LENGTH + "}");
  private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");

  /** What an owner can let others do; the rest is the owner's alone. */
  private static final Set<String> ACTIONS =
      Set.of(
          "*",
          "ChangeMessageVisibility",
          "DeleteMessage",
          "GetQueueAttributes",
          "GetQueueUrl",
          "ListDeadLetterSourceQueues",
          "PurgeQueue",
          "ReceiveMessage",
          "SendMessage");

  private final QueueDirectory queues;
  private final StoredAttributes stored;

  QueuePermissions(QueueDirectory queues, StoredAttributes stored) {
    this.queues = queues;
    this.stored = stored;
  }

  AddPermissionResponse add(AddPermissionRequest request) {
    Queue queue = queues.byUrl(request.queueUrl());
    check(request);
    stored.change(
        queue,
        attributes -> {
          CallContext caller = CallContext.current();
          String arn = Arns.queue(caller.region(), caller.accountId(), queue.name());
          Map<String, @Nullable Object> policy = policy(attributes, arn);
          List<@Nullable Object> statements = statements(policy);
          if (statements.stream().anyMatch(each -> isLabelled(each, request.label()))) {
            throw SqsErrors.invalidParameter(request.label(), "Label", "Already exists.");
          }
          statements.add(statement(request, arn));
          policy.put(STATEMENT, statements);
          return QueueAttributes.with(
              attributes, Map.of(QueueAttributes.POLICY, Json.text(policy)));
        });
    return AddPermissionResponse.builder().build();
  }

  RemovePermissionResponse remove(RemovePermissionRequest request) {
    Queue queue = queues.byUrl(request.queueUrl());
    if (request.label() == null) {
      throw SqsErrors.missingParameter("Label");
    }
    stored.change(
        queue,
        attributes -> {
          Map<String, @Nullable Object> policy = policy(attributes, queue.name());
          List<@Nullable Object> statements = statements(policy);
          if (!statements.removeIf(each -> isLabelled(each, request.label()))) {
            throw SqsErrors.invalidParameter(request.label(), "Label", "can't find label.");
          }
          policy.put(STATEMENT, statements);
          String text = statements.isEmpty() ? "" : Json.text(policy);
          return QueueAttributes.with(attributes, Map.of(QueueAttributes.POLICY, text));
        });
    return RemovePermissionResponse.builder().build();
  }

  private static void check(AddPermissionRequest request) {
    if (request.label() == null) {
      throw SqsErrors.missingParameter("Label");
    }
    if (!LABEL.matcher(request.label()).matches()) {
      throw SqsErrors.invalidParameter(
          request.label(),
          "Label",
          "Can only include alphanumeric characters, hyphens, or underscores. 1 to "
              + SqsLimits.LABEL_LENGTH
              + " in length.");
    }
    if (request.actions().isEmpty()) {
      throw SqsErrors.missingParameter("Actions");
    }
    if (request.awsAccountIds().isEmpty()
        || request.awsAccountIds().size() > SqsLimits.POLICY_PRINCIPALS
        || !request.awsAccountIds().stream().allMatch(id -> ACCOUNT.matcher(id).matches())) {
      throw SqsErrors.invalidParameter(request.awsAccountIds(), "PrincipalId", "Unable to verify.");
    }
    if (request.actions().size() > SqsLimits.STATEMENT_ACTIONS) {
      throw SqsErrors.overLimit(
          request.actions().size()
              + " Actions were found, maximum allowed is "
              + SqsLimits.STATEMENT_ACTIONS
              + ".");
    }
    for (String action : request.actions()) {
      if (!ACTIONS.contains(action)) {
        throw SqsErrors.invalidParameter(
            "SQS:" + action,
            "ActionName",
            "Only the queue owner is allowed to invoke this action.");
      }
    }
  }

  private static Map<String, Object> statement(AddPermissionRequest request, String arn) {
    Map<String, Object> statement = new LinkedHashMap<>();
    statement.put("Sid", request.label());
    statement.put("Effect", "Allow");
    statement.put(
        "Principal",
        Map.of(
            "AWS",
            oneOrMany(
                request.awsAccountIds().stream()
                    .map(id -> "arn:aws:iam::" + id + ":root")
                    .toList())));
    statement.put(
        "Action", oneOrMany(request.actions().stream().map(name -> "SQS:" + name).toList()));
    statement.put("Resource", arn);
    return statement;
  }

  private static Object oneOrMany(List<String> texts) {
    return texts.size() == 1 ? texts.getFirst() : texts;
  }

  private static Map<String, @Nullable Object> policy(
      SortedMap<String, String> attributes, String arn) {
    String text = attributes.get(QueueAttributes.POLICY);
    if (text == null) {
      Map<String, @Nullable Object> policy = new LinkedHashMap<>();
      policy.put("Version", "2008-10-17");
      policy.put("Id", arn + "/SQSDefaultPolicy");
      return policy;
    }
    try {
      return Json.object(text);
    } catch (Json.NotJsonException e) {
      throw new IllegalStateException("a stored policy is no JSON object: " + text, e);
    }
  }

  /** A policy's statements, of which one may stand there without a list around it. */
  private static List<@Nullable Object> statements(Map<String, @Nullable Object> policy) {
    Object statement = policy.get(STATEMENT);
    List<@Nullable Object> statements = new ArrayList<>();
    if (statement instanceof List<?> list) {
      statements.addAll(list);
    } else if (statement != null) {
      statements.add(statement);
    }
    return statements;
  }

  private static boolean isLabelled(@Nullable Object statement, String label) {
    return statement instanceof Map<?, ?> fields && label.equals(fields.get("Sid"));
  }
}
