package io.sluice.client.consume;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * A message that is in flight with this consumer. Its mutable parts are guarded by the lock of
 * {@link InFlightMessages}.
 */
public final class HeldMessage {

  /** Of records whose queue has no sequence numbers. */
  public static final long NO_OFFSET = -1;

  private final Source source;
  private final TopicPartition partition;
  private final @Nullable String groupId;
  private final String receiptHandle;
  private final List<ReceivedRecord> records;
  private final int bytes;

  /** Its place among all that this consumer was given. */
  private long arrival;

  /** Since when its visibility timeout runs, ns of {@link System#nanoTime}. */
  private long leasedAt;

  private boolean lost;
  private boolean committed;

  /**
   * A message that was received just now.
   *
   * @param records at least one, unless it is only given back
   * @param bytes what it takes of memory, about
   * @param groupId of its message group; null where there is none
   * @param leasedAt since when its visibility timeout runs, ns of {@link System#nanoTime}
   */
  HeldMessage(
      Source source,
      TopicPartition partition,
      @Nullable String groupId,
      String receiptHandle,
      List<ReceivedRecord> records,
      int bytes,
      long leasedAt) {
    this.source = source;
    this.partition = partition;
    this.groupId = groupId;
    this.receiptHandle = receiptHandle;
    this.records = records;
    this.bytes = bytes;
    this.leasedAt = leasedAt;
  }

  /**
   * By their offsets, as a partition's are in Kafka. SQS gives message group after message group,
   * and there is no order between these.
   */
  static List<HeldMessage> inOrder(List<HeldMessage> received) {
    List<HeldMessage> ordered = new ArrayList<>(received);
    if (received.stream().allMatch(message -> message.lastOffset() != NO_OFFSET)) {
      ordered.sort(Comparator.comparingLong(HeldMessage::lastOffset));
    }
    return ordered;
  }

  /** A message that can only be given back. */
  static HeldMessage unread(Source source, Message received) {
    return new HeldMessage(
        source,
        source.partition(0),
        null,
        received.receiptHandle(),
        List.of(),
        0,
        System.nanoTime());
  }

  String queueUrl() {
    return source.queueUrl();
  }

  TopicPartition partition() {
    return partition;
  }

  /** Of the message group; null where there is none. */
  @Nullable String groupId() {
    return groupId;
  }

  String receiptHandle() {
    return receiptHandle;
  }

  List<ReceivedRecord> records() {
    return records;
  }

  int bytes() {
    return bytes;
  }

  long arrival() {
    return arrival;
  }

  void arrived(long number) {
    arrival = number;
  }

  long leasedAt() {
    return leasedAt;
  }

  void renewed(long at) {
    leasedAt = at;
  }

  /** Whether somebody else may have it by now. */
  boolean isLost() {
    return lost;
  }

  void lose() {
    lost = true;
  }

  /** Whether the application has committed it, be it deleted or not. */
  boolean isCommitted() {
    return committed;
  }

  void commit() {
    committed = true;
  }

  /** It is to be given once more. */
  void uncommit() {
    committed = false;
  }

  /** The index of the record with an offset; -1 without one. */
  int indexOf(long offset) {
    if (offset == NO_OFFSET) {
      return -1;
    }
    for (int i = 0; i < records.size(); i++) {
      if (records.get(i).offset() == offset) {
        return i;
      }
    }
    return -1;
  }

  long lastOffset() {
    return records.get(records.size() - 1).offset();
  }
}
