package io.sluice.broker.subscription;

import io.sluice.broker.TooManyInFlightException;
import io.sluice.log.PartitionLog;
import io.sluice.log.ReadIsolation;
import io.sluice.log.clock.Clocks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.internal.Record;
import org.jspecify.annotations.Nullable;

/**
 * Decides what one receive takes, and says so as events. Guarded by the subscription's lock; the
 * events must be applied before the next decision.
 *
 * <p>Messages whose time has come again fill at most half of a receive while there are new ones, so
 * that messages which always fail do not starve the others.
 */
final class Taker {

  /** How many delayed messages the cursor passes; beyond that it waits for the first of them. */
  private static final int MAX_DELAYED = 120_000;

  /** Amazon's {@code DelaySeconds} is at most 900. */
  static final long LONGEST_DELAY = 900_000;

  private final SubscriptionState state;
  private final ChunkCache cache;
  private final SourceMessages messages;
  private final Function<PartitionCursor, Optional<PartitionLog>> logs;
  private final Clocks clocks;
  private int maxInFlight = 120_000;

  private final TopicDelay delay = new TopicDelay();

  /** Null in a standard queue. */
  private volatile @Nullable GroupTaker groupTaker;

  private final NewMessages fresh;
  private int turn;

  private Decision decision = new Decision(0, 0, 0);
  private long now;

  /** Of what was to be redelivered, whose partition was found to be readable, or not. */
  private final Map<PartitionCursor, Boolean> readable = new HashMap<>();

  Taker(
      SubscriptionState state,
      Function<ReadIsolation, ChunkCache> caches,
      SourceMessages messages,
      Function<PartitionCursor, Optional<PartitionLog>> logs,
      Clocks clocks) {
    this.state = state;
    this.cache = caches.apply(ReadIsolation.COMMITTED);
    this.messages = messages;
    this.logs = logs;
    this.clocks = clocks;
    this.fresh = new NewMessages(state, cache, messages, logs, this);
  }

  /** Takes as a FIFO queue does from now on: in order, group by group. */
  Taker byGroups() {
    groupTaker = new GroupTaker(state, cache, messages, logs, clocks);
    return this;
  }

  /**
   * For how long nobody may receive a message after it was sent, ms; in a standard queue, one that
   * a topic brings.
   */
  void delay(long millis, long atTime) {
    delay.set(millis, atTime);
  }

  /** The message groups of a FIFO queue. */
  Optional<MessageGroups> groups() {
    return groupTaker == null ? Optional.empty() : Optional.of(state.groups());
  }

  /**
   * Has the cursors of a FIFO queue pass what should be before {@code max} messages are taken.
   *
   * @param append applies events
   */
  void passAhead(int max, long atTime, Consumer<List<CursorEvent>> append) {
    List<CursorEvent> ahead = ahead(max, atTime);
    while (!ahead.isEmpty()) {
      append.accept(ahead);
      ahead = ahead(max, atTime);
    }
  }

  private List<CursorEvent> ahead(int max, long atTime) {
    return groupTaker == null ? List.of() : groupTaker.ahead(max, atTime, delay.current());
  }

  /** When there may be something to take, other than what is appended; ms since the epoch. */
  long nextDeadline() {
    if (groupTaker != null) {
      return hasRoom() ? groupTaker.nextDeadline() : state.groups().nextUnblocked();
    }
    return state.byDeadline().isEmpty() ? Long.MAX_VALUE : state.byDeadline().first().deadline();
  }

  void maxInFlight(int limit) {
    maxInFlight = limit;
  }

  /** What groups are noisy. */
  GroupLoads loads() {
    return state.loads();
  }

  /** Whether a new message may be taken. */
  boolean hasRoom() {
    return room() > 0;
  }

  /** How many more messages may be in flight. */
  int room() {
    return maxInFlight - (groupTaker == null ? state.received() : groupTaker.inFlight());
  }

  /** Whether the cursor may pass a delayed message, after so many in this decision. */
  boolean mayDelay(int already) {
    return state.delayed() + already < MAX_DELAYED;
  }

  /** Starts a decision; times are ms since the epoch. */
  void begin(long atTime, long untilDeadline) {
    decision = new Decision(atTime, untilDeadline, room());
    now = atTime;
    fresh.begin(decision, atTime);
    readable.clear();
  }

  /** The events of the decision, in the order in which they must be applied. */
  List<CursorEvent> events() {
    return decision.events();
  }

  /**
   * Up to {@code max} messages.
   *
   * @throws TooManyInFlightException nothing is available again and nothing new may be taken
   * @throws KafkaStorageException there is nothing but what a partition has that is offline
   */
  List<Delivery> take(int max) {
    if (groupTaker != null) {
      groupTaker.take(max, decision);
      return decision.deliveriesOrFailure();
    }
    List<Outstanding> due = due(max);
    if (due.isEmpty() && decision.room() <= 0) {
      throw new TooManyInFlightException(
          "the queue has " + state.received() + " messages in flight, its limit is " + maxInFlight);
    }
    if (due.isEmpty()) {
      fresh.take(max);
    } else {
      takeByTurns(due, max);
    }
    return decision.deliveriesOrFailure();
  }

  /**
   * Half of an odd number is rounded up and down by turns, since receivers may ask for one at a
   * time; and the new ones come first by turns, since large messages leave no room for others.
   */
  private void takeByTurns(List<Outstanding> due, int max) {
    boolean newFirst = (turn++ & 1) == 1;
    int again = Math.min(due.size(), (max + (newFirst ? 1 : 0)) / 2);
    if (newFirst) {
      fresh.take(max - again);
      takeAgain(due.subList(0, Math.min(due.size(), max - decision.deliveries().size())));
    } else {
      takeAgain(due.subList(0, again));
      fresh.take(max);
      takeAgain(
          due.subList(again, Math.min(due.size(), again + max - decision.deliveries().size())));
    }
  }

  private List<Outstanding> due(int max) {
    List<Outstanding> due = new ArrayList<>();
    for (Outstanding outstanding : state.byDeadline()) {
      if (outstanding.deadline() > now || due.size() == max) {
        break;
      }
      boolean fits = decision.room() > 0 || !outstanding.delayed();
      if (fits && readable.computeIfAbsent(outstanding.cursor(), c -> readable(outstanding))) {
        due.add(outstanding);
      }
    }
    return due;
  }

  /** Messages of a partition that is offline must not stand in the way of the others. */
  private boolean readable(Outstanding outstanding) {
    Optional<PartitionLog> log = logs.apply(outstanding.cursor());
    try {
      log.ifPresent(found -> cache.read(found, outstanding.offset()));
      return log.isPresent();
    } catch (KafkaStorageException e) {
      decision.unreadable(e);
      return false;
    }
  }

  /** What is outstanding although retention or a deletion of records has taken it. */
  List<CursorEvent> vanished() {
    List<CursorEvent> vanished = List.of();
    for (PartitionCursor cursor : state.cursors()) {
      long start = logs.apply(cursor).map(PartitionLog::startOffset).orElse(0L);
      if (!cursor.outstanding().isEmpty() && cursor.outstanding().first().offset() < start) {
        Long[] ends = new Long[cursor.partition() + 1];
        Arrays.fill(ends, 0L);
        ends[cursor.partition()] = start;
        vanished = new ArrayList<>(vanished);
        vanished.add(new CursorEvent.Skipped(cursor.sourceId(), List.of(ends)));
      }
    }
    return vanished;
  }

  private void takeAgain(List<Outstanding> due) {
    for (Outstanding outstanding : due) {
      if (outstanding.delayed() && decision.room() <= 0) {
        continue;
      }
      PartitionCursor cursor = outstanding.cursor();
      Optional<Record> record;
      try {
        record = cache.record(logs.apply(cursor).orElseThrow(), outstanding.offset());
      } catch (KafkaStorageException e) {
        // Only what was in memory of an offline partition was readable.
        decision.unreadable(e);
        continue;
      }
      if (record.isPresent() && !decision.fits(record.get())) {
        break;
      }
      if (record.isPresent()) {
        decision.again(cursor, record.get());
        decision.useRoom(outstanding.delayed() ? 1 : 0);
      } else {
        decision.vanished(cursor, outstanding.offset());
      }
    }
    decision.settleAgain();
  }

  /** For how long the queue itself hides the messages of a source, ms. */
  long delayOfAll(PartitionCursor cursor) {
    return groupTaker == null && cursor.isInbox() ? 0 : delay.current();
  }

  /** Where it reads records. */
  ChunkCache cache() {
    return cache;
  }

  /** The record at an offset, if it is still there and its partition is known. */
  Optional<Record> record(PartitionCursor cursor, long offset) {
    return logs.apply(cursor).flatMap(log -> cache.record(log, offset));
  }

  /**
   * Before when nobody may receive the record, ms since the epoch: what it says itself, or what the
   * queue says of what a topic brings, where nobody could say it. Whatever clocks there are, it is
   * no further away than the longest delay.
   */
  long availableAt(PartitionCursor cursor, Record record) {
    if (groupTaker != null) {
      return groupTaker.availableAt(record, clocks.steady().millis(), delay.current());
    }
    for (Header header : record.headers()) {
      if (header.key().equals(Subscription.AVAILABLE_AT_HEADER)
          && header.value() != null
          && header.value().length == Long.BYTES) {
        long until = java.nio.ByteBuffer.wrap(header.value()).getLong();
        return Math.min(until, clocks.steady().millis() + LONGEST_DELAY);
      }
    }
    if (cursor.isInbox() || delay.isNever()) {
      return Long.MIN_VALUE;
    }
    long sent = Math.min(clocks.steadyMillis(record.timestamp()), clocks.steady().millis());
    long hidden = delay.of(sent);
    return hidden == 0 ? Long.MIN_VALUE : sent + hidden;
  }
}
