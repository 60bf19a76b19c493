package io.sluice.aws.sns;

import io.sluice.aws.message.Subscriptions;
import java.util.Map;
import java.util.Optional;

/** What a filter policy is about (Amazon's "Amazon SNS subscription filter policy scope"). */
enum FilterPolicyScope {

  /** The message attributes; Amazon's default. */
  ATTRIBUTES("MessageAttributes"),

  /** The message itself, which must be a JSON object. */
  BODY("MessageBody");

  private final String text;

  FilterPolicyScope(String text) {
    this.text = text;
  }

  /** The scope of that name. */
  static Optional<FilterPolicyScope> named(String text) {
    for (FilterPolicyScope scope : values()) {
      if (scope.text.equals(text)) {
        return Optional.of(scope);
      }
    }
    return Optional.empty();
  }

  /** The scope that a subscription's attributes say. */
  static FilterPolicyScope of(Map<String, String> attributes) {
    return Optional.ofNullable(attributes.get(Subscriptions.FILTER_POLICY_SCOPE))
        .flatMap(FilterPolicyScope::named)
        .orElse(ATTRIBUTES);
  }

  /** As the attribute {@code FilterPolicyScope} has it. */
  String text() {
    return text;
  }
}
