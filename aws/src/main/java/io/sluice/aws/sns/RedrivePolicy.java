package io.sluice.aws.sns;

import io.sluice.aws.message.Arns;
import io.sluice.aws.message.Json;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The subscription attribute {@code RedrivePolicy}: {@code {"deadLetterTargetArn":
 * "arn:aws:sqs:…"}} (Amazon's "Amazon SNS dead-letter queues").
 *
 * @param queue the name of the queue that gets what cannot be delivered
 */
record RedrivePolicy(String queue) {

  static final String ATTRIBUTE = "RedrivePolicy";

  private static final String TARGET = "deadLetterTargetArn";

  /** Says in Amazon's words what is wrong with a policy. */
  static final class InvalidRedrivePolicyException extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidRedrivePolicyException(String message) {
      super(message);
    }
  }

  static RedrivePolicy parse(String text) throws InvalidRedrivePolicyException {
    if (text.length() > SnsLimits.POLICY_LENGTH) {
      throw new InvalidRedrivePolicyException(
          "must be at most " + SnsLimits.POLICY_LENGTH + " characters long");
    }
    Map<String, @Nullable Object> fields;
    try {
      fields = Json.object(text);
    } catch (Json.NotJsonException _) {
      throw new InvalidRedrivePolicyException("failed to parse JSON.");
    }
    return Optional.ofNullable(fields.get(TARGET))
        .filter(String.class::isInstance)
        .flatMap(arn -> Arns.parse((String) arn))
        .filter(arn -> arn.service().equals("sqs") && !arn.resource().isEmpty())
        .filter(arn -> !arn.resource().contains(":"))
        .map(arn -> new RedrivePolicy(arn.resource()))
        .orElseThrow(() -> new InvalidRedrivePolicyException(TARGET + " is an invalid arn"));
  }

  /** The policy among the attributes that a subscription has. */
  static Optional<RedrivePolicy> in(Map<String, String> attributes) {
    String text = attributes.get(ATTRIBUTE);
    try {
      return text == null ? Optional.empty() : Optional.of(parse(text));
    } catch (InvalidRedrivePolicyException e) {
      throw new IllegalStateException("a policy that was checked when it was set: " + text, e);
    }
  }
}
