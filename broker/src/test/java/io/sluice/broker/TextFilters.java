package io.sluice.broker;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.Utils;

/** Filters for tests: the attribute {@value #ATTRIBUTE} is text that a value must contain. */
final class TextFilters implements RecordFilters {

  static final String ATTRIBUTE = "Contains";

  final AtomicInteger judged = new AtomicInteger();

  @Override
  public Set<String> attributeNames() {
    return Set.of(ATTRIBUTE);
  }

  @Override
  public Optional<RecordFilter> filter(Map<String, String> attributes) {
    return Optional.ofNullable(attributes.get(ATTRIBUTE)).map(text -> record -> has(record, text));
  }

  private boolean has(Record record, String text) {
    judged.incrementAndGet();
    return Utils.utf8(record.value()).contains(text);
  }

  /** The attributes of a source with such a filter. */
  static Map<String, String> contains(String text) {
    return Map.of(ATTRIBUTE, text);
  }
}
