package io.sluice.kafka;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;

/**
 * What a client wants of one partition. Immutable; it holds on to nothing else of the request, so
 * that a fetch session may keep it.
 *
 * @param key which partition
 * @param offset where to read
 * @param maxBytes the bound on this partition's share of an answer
 * @param leaderEpoch the current leader epoch that the client knows, or -1
 * @param lastFetchedEpoch the leader epoch of the record before {@code offset}, or -1
 */
record FetchTarget(Key key, long offset, int maxBytes, int leaderEpoch, int lastFetchedEpoch) {

  /**
   * A partition, as the client names it.
   *
   * @param topic empty in versions that send ids
   * @param topicId zero in versions that send names
   */
  record Key(String topic, Uuid topicId, int partition) {}

  static FetchTarget of(FetchTopic topic, FetchPartition asked) {
    return new FetchTarget(
        new Key(topic.topic(), topic.topicId(), asked.partition()),
        asked.fetchOffset(),
        asked.partitionMaxBytes(),
        asked.currentLeaderEpoch(),
        asked.lastFetchedEpoch());
  }
}
