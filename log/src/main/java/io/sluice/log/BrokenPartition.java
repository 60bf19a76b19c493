package io.sluice.log;

import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * A partition that is there but could not be opened: it refuses everything, so that the others can
 * be served. Immutable.
 */
final class BrokenPartition implements PartitionLog {

  private final TopicPartition name;
  private final Checkpoints.Point point;
  private final String reason;

  /**
   * A partition that nobody can use.
   *
   * @param point what is known of it, for when somebody has repaired it
   */
  BrokenPartition(TopicPartition name, Checkpoints.Point point, String reason) {
    this.name = name;
    this.point = point;
    this.reason = reason;
  }

  Checkpoints.Point checkpoint() {
    return point;
  }

  String reason() {
    return reason;
  }

  private KafkaStorageException refusal() {
    return new KafkaStorageException(reason);
  }

  @Override
  public TopicPartition topicPartition() {
    return name;
  }

  @Override
  public Uuid topicId() {
    return Uuid.ZERO_UUID;
  }

  @Override
  public Appended appendUnflushed(
      MemoryRecords records, AppendSource source, TransactionAppend transaction) {
    throw refusal();
  }

  @Override
  public Optional<TransactionAppend> startVerification(
      long producerId, short producerEpoch, int baseSequence, boolean endsBumpEpoch) {
    throw refusal();
  }

  @Override
  public List<DescribeProducersResponseData.ProducerState> activeProducers() {
    throw refusal();
  }

  @Override
  public Fetched read(long offset, int maxBytes, boolean atLeastOneBatch, ReadIsolation isolation) {
    throw refusal();
  }

  @Override
  public long startOffset() {
    return 0;
  }

  @Override
  public long highWatermark() {
    return 0;
  }

  @Override
  public long lastStableOffset() {
    return 0;
  }

  /** Nobody knows: no cursor may go back because of it. */
  @Override
  public long endOffset() {
    return Long.MAX_VALUE;
  }

  @Override
  public int leaderEpoch() {
    return 0;
  }

  @Override
  public Optional<TimestampedOffset> findByTimestamp(long timestampMs, ReadIsolation isolation) {
    throw refusal();
  }

  @Override
  public Optional<TimestampedOffset> findMaxTimestamp() {
    throw refusal();
  }

  @Override
  public Optional<EpochEnd> endOffsetForEpoch(int leaderEpoch) {
    throw refusal();
  }

  @Override
  public long deleteRecordsBefore(long offset) {
    throw refusal();
  }

  @Override
  public long sizeInBytes() {
    return 0;
  }

  @Override
  public void addListener(Runnable listener) {
    // Nothing ever happens here.
  }

  @Override
  public void removeListener(Runnable listener) {
    // See addListener.
  }
}
