package io.sluice.aws.sns;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.aws.message.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether a text is a filter policy (Amazon's "Filter policy constraints in Amazon SNS"): JSON that
 * compiles, of at most {@link SnsLimits#FILTER_POLICY_KEYS} keys, {@link
 * SnsLimits#FILTER_POLICY_COMBINATIONS} combinations and {@link SnsLimits#FILTER_POLICY_BYTES}.
 */
final class FilterPolicyCheck {

  private static final String OR = "$or";

  private FilterPolicyCheck() {}

  static void check(String policy, FilterPolicyScope scope) throws InvalidFilterPolicyException {
    if (policy.length() > SnsLimits.FILTER_POLICY_BYTES
        || policy.getBytes(UTF_8).length > SnsLimits.FILTER_POLICY_BYTES) {
      throw new InvalidFilterPolicyException("FilterPolicy: Filter policy is too long");
    }
    Map<String, @Nullable Object> keys = parse(policy);
    if (keys.size() > SnsLimits.FILTER_POLICY_KEYS) {
      throw new InvalidFilterPolicyException(
          "FilterPolicy: Filter policy can not have more than "
              + SnsLimits.FILTER_POLICY_KEYS
              + " keys");
    }
    if (combinations(keys, 1, 1) > SnsLimits.FILTER_POLICY_COMBINATIONS) {
      throw tooComplex();
    }
    FilterRules rules = FilterRules.compile(policy);
    if (scope == FilterPolicyScope.ATTRIBUTES && isNested(keys)) {
      throw new InvalidFilterPolicyException(
          "Filter policy scope MessageAttributes does not support nested filter policy");
    }
    if (rules.wildcardComplexity() > SnsLimits.FILTER_POLICY_WILDCARDS) {
      throw tooComplex();
    }
  }

  private static InvalidFilterPolicyException tooComplex() {
    return new InvalidFilterPolicyException("FilterPolicy: Filter policy is too complex");
  }

  private static Map<String, @Nullable Object> parse(String policy)
      throws InvalidFilterPolicyException {
    Object value;
    try {
      value = Json.read(policy);
    } catch (Json.NotJsonException e) {
      throw new InvalidFilterPolicyException(
          "FilterPolicy: failed to parse JSON. " + e.messageWithPlace());
    }
    if (value instanceof Map<?, ?>) {
      return object(value);
    }
    throw new InvalidFilterPolicyException("FilterPolicy: Filter is not an object");
  }

  @SuppressWarnings("unchecked") // what Json reads
  private static Map<String, @Nullable Object> object(Object value) {
    return (Map<String, @Nullable Object>) value;
  }

  /**
   * The number of values of each key, times how deep it lies, times that of the others; the sum of
   * the choices of {@code $or}. What is no policy counts for nothing: compiling says so. Stops
   * above the limit, where the rest does not matter.
   */
  private static long combinations(Map<String, @Nullable Object> keys, int depth, long others) {
    long combinations = others;
    for (Map.Entry<String, @Nullable Object> key : keys.entrySet()) {
      if (combinations > SnsLimits.FILTER_POLICY_COMBINATIONS) {
        return combinations;
      }
      Object value = key.getValue();
      if (value instanceof Map<?, ?>) {
        combinations = combinations(object(value), depth + 1, combinations);
      } else if (value instanceof List<?> values && key.getKey().equals(OR)) {
        long sum = 0;
        for (Object choice : values) {
          if (choice instanceof Map<?, ?>) {
            sum += combinations(object(choice), depth, combinations);
          }
        }
        combinations = sum;
      } else if (value instanceof List<?> values && !values.isEmpty()) {
        combinations *= (long) values.size() * depth;
      }
    }
    return combinations;
  }

  private static boolean isNested(Map<String, @Nullable Object> keys) {
    for (Map.Entry<String, @Nullable Object> key : keys.entrySet()) {
      Object value = key.getValue();
      if (value instanceof Map<?, ?>) {
        return true;
      }
      if (value instanceof List<?> choices && key.getKey().equals(OR)) {
        for (Object choice : choices) {
          if (choice instanceof Map<?, ?> && isNested(object(choice))) {
            return true;
          }
        }
      }
    }
    return false;
  }
}
