package io.sluice.broker.subscription;

import io.sluice.broker.RecordFilter;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.record.internal.Record;

/**
 * Which records of a source are messages of its subscription. Immutable.
 *
 * @param past the filters of former times, the oldest first
 * @param present judges what none of those judges; none when that is let through
 */
public record SourceFilter(List<Past> past, Optional<RecordFilter> present) {

  /** Lets everything through. */
  static final SourceFilter NONE = new SourceFilter(List.of(), Optional.empty());

  /**
   * A filter of former times.
   *
   * @param filter none when everything was let through
   * @param ends by partition: it judges the records below these offsets
   */
  public record Past(Optional<RecordFilter> filter, List<Long> ends) {

    private boolean judges(int partition, long offset) {
      return partition < ends.size() && offset < ends.get(partition);
    }
  }

  /** Whether everything is let through. */
  boolean isNone() {
    return present.isEmpty() && past.isEmpty();
  }

  boolean matches(int partition, Record record) {
    for (Past old : past) {
      if (old.judges(partition, record.offset())) {
        return matches(old.filter(), record);
      }
    }
    return matches(present, record);
  }

  private static boolean matches(Optional<RecordFilter> filter, Record record) {
    return filter.isEmpty() || filter.get().matches(record);
  }
}
