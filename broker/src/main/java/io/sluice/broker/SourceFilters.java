package io.sluice.broker;

import io.sluice.broker.subscription.SourceFilter;
import io.sluice.broker.subscription.Subscription;
import io.sluice.log.PartitionLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which filter judges which records of a source. A filter is changed while its queue has a backlog,
 * and what was published before is judged by the filter of its time, as at Amazon, where it is
 * already in the queue. Holds nothing; changes hold the metadata lock.
 */
final class SourceFilters {

  /** How many filters a source may have had for what its queue has not passed yet. */
  static final int MAX_PAST = 32;

  /** How much text they may have together, in characters; a metadata record must take them. */
  static final int MAX_PAST_LENGTH = 2 << 20;

  private final RecordFilters filters;

  SourceFilters(RecordFilters filters) {
    this.filters = filters;
  }

  /** What the subscription must know. */
  SourceFilter of(Map<String, String> attributes, List<PastFilter> past) {
    return new SourceFilter(
        past.stream()
            .map(old -> new SourceFilter.Past(filters.filter(old.attributes()), old.ends()))
            .toList(),
        filters.filter(attributes));
  }

  /**
   * The past filters of a source once its attributes are others.
   *
   * @throws FilterLimitExceededException they would be more than a source may have
   */
  List<PastFilter> after(
      Source before,
      List<PastFilter> past,
      Map<String, String> attributes,
      Subscription queue,
      List<PartitionLog> partitions) {
    List<PastFilter> kept = new ArrayList<>();
    for (PastFilter old : past) {
      if (!queue.hasPassed(before.id(), old.ends())) {
        kept.add(old);
      }
    }
    SortedMap<String, String> own = own(before.attributes());
    if (!own.equals(own(attributes))) {
      List<Long> ends = partitions.stream().map(PartitionLog::highWatermark).toList();
      if (!queue.hasPassed(before.id(), ends)) {
        kept.add(new PastFilter(own, ends));
      }
    }
    check(kept);
    return List.copyOf(kept);
  }

  private static void check(List<PastFilter> past) {
    long length = 0;
    for (PastFilter old : past) {
      for (String value : old.attributes().values()) {
        length += value.length();
      }
    }
    if (past.size() > MAX_PAST || length > MAX_PAST_LENGTH) {
      throw new FilterLimitExceededException(
          "a subscription keeps at most "
              + MAX_PAST
              + " filter policies, of "
              + MAX_PAST_LENGTH
              + " characters in all, for messages that its queue has not received yet");
    }
  }

  private SortedMap<String, String> own(Map<String, String> attributes) {
    SortedMap<String, String> own = new TreeMap<>(attributes);
    own.keySet().retainAll(filters.attributeNames());
    return own;
  }

  /**
   * Past filters that judge nothing beyond the end of these partitions: after a power loss, what is
   * appended there is new.
   */
  static List<PastFilter> within(List<PastFilter> past, List<PartitionLog> partitions) {
    List<PastFilter> within = new ArrayList<>();
    for (PastFilter old : past) {
      List<Long> ends = new ArrayList<>(old.ends());
      for (int i = 0; i < Math.min(ends.size(), partitions.size()); i++) {
        ends.set(i, Math.min(ends.get(i), partitions.get(i).endOffset()));
      }
      within.add(new PastFilter(old.attributes(), List.copyOf(ends)));
    }
    return List.copyOf(within);
  }
}
