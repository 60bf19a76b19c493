package io.sluice.broker.subscription;

import io.sluice.broker.Receipt;
import io.sluice.broker.RecordPosition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.record.internal.Record;
import org.jspecify.annotations.Nullable;

/**
 * What one receive takes, as far as it is decided: deliveries, and the events that must be applied
 * in their order. Used once, with the subscription's lock held.
 */
final class Decision {

  /**
   * How many bytes of records one receive takes; always one record. It bounds what a receiver that
   * reads its answer slowly keeps in memory, and is as much as a whole batch may have at Amazon
   * ("Amazon SQS message quotas").
   */
  private static final long MAX_BYTES = 1L << 20;

  private final long now;
  private final long deadline;
  private int room;
  private final List<Delivery> deliveries = new ArrayList<>();
  private final List<CursorEvent> events = new ArrayList<>();
  private final Map<PartitionCursor, List<Record>> again = new LinkedHashMap<>();
  private final Map<PartitionCursor, List<Long>> vanished = new LinkedHashMap<>();
  private long bytes;
  private @Nullable KafkaStorageException unreadable;

  /**
   * A receive at {@code now} that hides what it takes until {@code deadline}; ms since the epoch.
   */
  Decision(long now, long deadline, int room) {
    this.now = now;
    this.deadline = deadline;
    this.room = room;
  }

  /** How many more messages may be in flight. */
  int room() {
    return room;
  }

  /** Counts messages that were not in flight before. */
  void useRoom(int messages) {
    room -= messages;
  }

  long deadline() {
    return deadline;
  }

  List<Delivery> deliveries() {
    return deliveries;
  }

  /** The events of the decision, in the order in which they must be applied. */
  List<CursorEvent> events() {
    return events;
  }

  void add(CursorEvent event) {
    events.add(event);
  }

  /** Counts a record that fits; with the first that does not, the receive is full. */
  boolean fits(Record record) {
    boolean fits = bytes == 0 || bytes + record.sizeInBytes() <= MAX_BYTES;
    bytes = fits ? bytes + record.sizeInBytes() : MAX_BYTES;
    return fits;
  }

  boolean isFull() {
    return bytes >= MAX_BYTES;
  }

  /** How many bytes were counted. */
  long bytes() {
    return bytes;
  }

  /** Forgets what was counted since it was so many. */
  void bytes(long before) {
    bytes = before;
  }

  /** Notes that a partition is offline. */
  void unreadable(KafkaStorageException reason) {
    unreadable = reason;
  }

  /**
   * Ends the decision.
   *
   * @throws KafkaStorageException there is nothing but what a partition has that is offline
   */
  List<Delivery> deliveriesOrFailure() {
    if (unreadable != null && deliveries.isEmpty() && events.isEmpty()) {
      throw unreadable;
    }
    return deliveries;
  }

  /**
   * Takes records in flight. Attempt numbers are random, so that they stay unique over crashes that
   * lose the journal's end.
   *
   * @param next the cursor's new position
   * @param groups of each its group, or empty for those that were outstanding before
   * @return the attempt of the first of them; each other has one more than the one before
   */
  long acquire(PartitionCursor cursor, long next, List<Long> offsets, List<Long> groups) {
    long attempt = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE - offsets.size());
    events.add(
        new CursorEvent.Acquired(
            cursor.sourceId(), cursor.partition(), next, now, deadline, attempt, offsets, groups));
    return attempt;
  }

  /** Notes that what is outstanding is delivered again, when {@link #settleAgain} says so. */
  void again(PartitionCursor cursor, Record record) {
    again.computeIfAbsent(cursor, unknown -> new ArrayList<>()).add(record);
  }

  /** Notes that what is outstanding is no longer in the log. */
  void vanished(PartitionCursor cursor, long offset) {
    vanished.computeIfAbsent(cursor, unknown -> new ArrayList<>()).add(offset);
  }

  /** Delivers, and gives up, what was noted; one event for each partition. */
  void settleAgain() {
    again.forEach(this::deliverAgain);
    vanished.forEach(
        (cursor, offsets) ->
            add(new CursorEvent.Acknowledged(cursor.sourceId(), cursor.partition(), offsets)));
    again.clear();
    vanished.clear();
  }

  /** Delivers what was outstanding before, under its new attempt. */
  private void deliverAgain(PartitionCursor cursor, List<Record> records) {
    List<Long> offsets = records.stream().map(Record::offset).toList();
    long attempt = acquire(cursor, cursor.next(), offsets, List.of());
    for (Record record : records) {
      Outstanding before = cursor.find(record.offset()).orElseThrow();
      deliver(before.acquired(now, deadline, attempt++), record);
    }
  }

  void deliver(Outstanding outstanding, Record record) {
    PartitionCursor cursor = outstanding.cursor();
    RecordPosition position =
        new RecordPosition(cursor.topicId(), cursor.partition(), outstanding.offset());
    deliveries.add(
        new Delivery(
            cursor.sourceId(),
            new Receipt(position, outstanding.attempt()),
            record,
            outstanding.receiveCount(),
            Instant.ofEpochMilli(outstanding.firstReceived())));
  }
}
