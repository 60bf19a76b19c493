package io.sluice.aws.sns;

import io.sluice.aws.message.Json;
import io.sluice.aws.message.MessageAttribute;
import io.sluice.aws.message.RecordMapping;
import io.sluice.broker.RecordFilter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.record.internal.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The filter of one subscription: judges the attributes, or the body, of what a record is as a
 * message. Of attributes, {@code String} and {@code Number} are compared by their value and {@code
 * String.Array} by each of its elements; of {@code Binary} it counts only that it exists.
 */
final class PolicyFilter implements RecordFilter {

  private static final Logger LOGGER = LoggerFactory.getLogger(PolicyFilter.class);
  private static final String STRING_ARRAY = "String.Array";
  private static final String NUMBER = "Number";

  private final String policy;
  private final FilterPolicyScope scope;

  /** Null until the first record is judged. */
  private volatile @Nullable FilterRules compiled;

  PolicyFilter(String policy, FilterPolicyScope scope) {
    this.policy = policy;
    this.scope = scope;
  }

  @Override
  public boolean matches(Record record) {
    try {
      return switch (scope) {
        case ATTRIBUTES -> matchesAttributes(rules(), record);
        case BODY -> RecordMapping.body(record).filter(rules()::matches).isPresent();
      };
    } catch (RuntimeException e) {
      LOGGER.error("offset {} does not match: filter policy {} fails", record.offset(), policy, e);
      return false;
    }
  }

  private FilterRules rules() {
    FilterRules present = compiled;
    if (present == null) {
      try {
        present = FilterRules.compile(policy);
      } catch (InvalidFilterPolicyException e) {
        throw new IllegalStateException("a filter policy that was accepted is none", e);
      }
      compiled = present;
    }
    return present;
  }

  private static boolean matchesAttributes(FilterRules rules, Record record) {
    Map<String, MessageAttribute> attributes = RecordMapping.attributes(record, rules.keys());
    List<String> values = new ArrayList<>();
    Set<String> unreadable = new HashSet<>();
    for (Map.Entry<String, MessageAttribute> attribute : attributes.entrySet()) {
      String name = attribute.getKey();
      switch (attribute.getValue()) {
        case MessageAttribute.Bytes _ -> unreadable.add(name);
        case MessageAttribute.Text(String type, String value) -> {
          if (type.equals(STRING_ARRAY)) {
            addElements(name, value, values, unreadable);
          } else {
            values.add(name);
            values.add(type.startsWith(NUMBER) ? value.strip() : quoted(value));
          }
        }
      }
    }
    return rules.matches(values, unreadable);
  }

  private static void addElements(
      String name, String array, List<String> values, Set<String> unreadable) {
    Object elements;
    try {
      elements = Json.read(array);
    } catch (Json.NotJsonException _) {
      elements = null;
    }
    if (!(elements instanceof List<?> list)) {
      unreadable.add(name);
      return;
    }
    for (Object element : list) {
      if (!(element instanceof List<?>) && !(element instanceof Map<?, ?>)) {
        values.add(name);
        values.add(element instanceof String text ? quoted(text) : String.valueOf(element));
      }
    }
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }
}
