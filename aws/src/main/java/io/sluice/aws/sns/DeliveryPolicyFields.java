package io.sluice.aws.sns;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The members of a JSON object in a delivery policy; null is as good as none.
 *
 * @param path what the object is called in errors; empty for the policy itself
 * @param members by name
 */
record DeliveryPolicyFields(String path, Map<String, @Nullable Object> members) {

  /** Refuses what is not among these. */
  void allow(Set<String> names) throws InvalidDeliveryPolicyException {
    for (String name : members.keySet()) {
      if (!names.contains(name)) {
        throw new InvalidDeliveryPolicyException("Unexpected JSON member: " + qualified(name));
      }
    }
  }

  int required(String name, int least, int greatest) throws InvalidDeliveryPolicyException {
    OptionalInt value = optional(name, least, greatest);
    if (value.isEmpty()) {
      throw invalid(name, "must be specified");
    }
    return value.getAsInt();
  }

  OptionalInt optional(String name, int least, int greatest) throws InvalidDeliveryPolicyException {
    Object value = members.get(name);
    if (value == null) {
      return OptionalInt.empty();
    }
    if (!(value instanceof Number number)
        || number.doubleValue() != Math.rint(number.doubleValue())) {
      throw invalid(name, "must be an integer");
    }
    if (number.doubleValue() < least) {
      throw invalid(name, "must be greater than or equal to " + least);
    }
    if (number.doubleValue() > greatest) {
      throw invalid(name, "must be less than or equal to " + greatest);
    }
    return OptionalInt.of(number.intValue());
  }

  Optional<String> text(String name) throws InvalidDeliveryPolicyException {
    Object value = members.get(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!(value instanceof String text)) {
      throw invalid(name, "must be a string");
    }
    return Optional.of(text);
  }

  boolean flag(String name) throws InvalidDeliveryPolicyException {
    Object value = members.get(name);
    if (value != null && !(value instanceof Boolean)) {
      throw invalid(name, "must be true or false");
    }
    return Boolean.TRUE.equals(value);
  }

  Optional<DeliveryPolicyFields> object(String name) throws InvalidDeliveryPolicyException {
    Object value = members.get(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!(value instanceof Map<?, ?> object)) {
      throw invalid(name, "must be an object");
    }
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    object.forEach((key, member) -> fields.put((String) key, member));
    return Optional.of(new DeliveryPolicyFields(qualified(name), fields));
  }

  InvalidDeliveryPolicyException invalid(String name, String why) {
    return new InvalidDeliveryPolicyException(qualified(name) + " " + why);
  }

  private String qualified(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
