package io.sluice.kafka.share;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.requests.ShareRequestMetadata;

/**
 * Which partitions a member fetches, so that it need not name them each time. Guarded by {@link
 * ShareSessions}.
 */
final class ShareSession {

  private final ShareMember member;
  private final String connectionId;

  /** With each partition, whether the next answer must name it. */
  private final Map<SharePartition, Boolean> partitions = new LinkedHashMap<>();

  private int epoch = ShareRequestMetadata.nextEpoch(ShareRequestMetadata.INITIAL_EPOCH);

  ShareSession(
      ShareMember member, String connectionId, Collection<SharePartition> initialPartitions) {
    this.member = member;
    this.connectionId = connectionId;
    initialPartitions.forEach(partition -> partitions.put(partition, false));
  }

  ShareMember member() {
    return member;
  }

  String connectionId() {
    return connectionId;
  }

  /** What the next request must carry. */
  int epoch() {
    return epoch;
  }

  void nextRequest() {
    epoch = ShareRequestMetadata.nextEpoch(epoch);
  }

  void change(Collection<SharePartition> added, Collection<SharePartition> forgotten) {
    added.forEach(partition -> partitions.putIfAbsent(partition, true));
    forgotten.forEach(partitions::remove);
  }

  /** In the order in which they were added; a copy. */
  List<SharePartition> partitions() {
    return new ArrayList<>(partitions.keySet());
  }

  int size() {
    return partitions.size();
  }

  /**
   * Notes that there is an answer.
   *
   * @param failed which partitions it says an error of, after whose end they are named again
   * @return the partitions that it must name, whatever it has to say of them
   */
  List<SharePartition> answered(Set<SharePartition> failed) {
    List<SharePartition> due = new ArrayList<>();
    partitions.replaceAll(
        (partition, isDue) -> {
          if (isDue) {
            due.add(partition);
          }
          return failed.contains(partition);
        });
    return due;
  }
}
