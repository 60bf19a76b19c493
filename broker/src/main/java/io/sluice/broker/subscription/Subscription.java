package io.sluice.broker.subscription;

import io.sluice.broker.QueueDepth;
import io.sluice.broker.QueueDoesNotExistException;
import io.sluice.broker.Receipt;
import io.sluice.broker.StartingPoint;
import io.sluice.log.PartitionLog;
import io.sluice.log.ReadIsolation;
import io.sluice.log.TimestampedOffset;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ApiException;

/**
 * One durable cursor over several sources; each source is a list of partitions, indexed from 0.
 * Safe for use by many threads: one lock guards the state and is held while an event is appended,
 * so that the journal has the order in which events were applied. Nobody waits for the disk to
 * flush while holding it.
 */
public final class Subscription {

  /** The record header that hides a message until a time: 8 bytes, ms since the epoch. */
  public static final String AVAILABLE_AT_HEADER = "sluice.available-at";

  private final Uuid id;
  private final SubscriptionState state;
  private final SubscriptionJournal journal;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Waiters waiters = new Waiters();
  private final Runnable newsListener = waiters::wakeLeader;
  private final Map<Uuid, List<PartitionLog>> logs = new HashMap<>();
  private final Taker taker;
  private final List<Uuid> drainedSources = new ArrayList<>();
  private volatile Consumer<Uuid> drainedListener = sourceId -> {};
  private volatile boolean closed;
  private volatile boolean deleted;
  private CompletableFuture<Void> lastAcknowledgement = CompletableFuture.completedFuture(null);

  /** What the leader of the waiters waits for at most, ms since the epoch; guarded by the lock. */
  private long leaderWakesAt = Long.MAX_VALUE;

  Subscription(
      Uuid id,
      SubscriptionState state,
      SubscriptionJournal journal,
      ChunkCache cache,
      InstantSource clock) {
    this.id = id;
    this.state = state;
    this.journal = journal;
    this.clock = clock;
    this.taker = new Taker(state, cache, this::log);
  }

  /** Given at creation, never used again. */
  public Uuid id() {
    return id;
  }

  /** Lets at most {@code limit} messages be in flight at once. */
  public void maxInFlight(int limit) {
    locked(
        () -> {
          taker.maxInFlight(limit);
          return limit;
        });
  }

  /** Calls {@code listener} with each ended source that has nothing left; not under a lock. */
  public void onDrained(Consumer<Uuid> listener) {
    drainedListener = listener;
  }

  void journalCreation() {
    await(locked(() -> append(new CursorEvent.Created())));
  }

  /** Begins to read a topic's partitions from {@code start} on. Durable on return. */
  public void addSource(
      Uuid sourceId, Uuid topicId, List<PartitionLog> partitions, StartingPoint start) {
    await(
        locked(
            () -> {
              CompletableFuture<Void> durable =
                  append(
                      new CursorEvent.SourceAdded(
                          sourceId, topicId, offsets(partitions, log -> start(log, start))));
              watch(sourceId, partitions);
              return durable;
            }));
    waiters.wakeLeader();
  }

  /**
   * Hands a recovered source its partitions, or one whose topic has grown the new ones, which it
   * reads from their beginning. An ended source does not grow.
   */
  public void attach(Uuid sourceId, List<PartitionLog> partitions) {
    locked(
        () -> {
          int known = state.cursors(sourceId).size();
          if (known > 0 && partitions.size() > known && !state.ended(sourceId)) {
            List<PartitionLog> added = partitions.subList(known, partitions.size());
            append(
                new CursorEvent.PartitionsAdded(
                    sourceId, offsets(added, PartitionLog::startOffset)));
          }
          watch(sourceId, partitions);
          return known;
        });
    waiters.wakeLeader();
  }

  private void watch(Uuid sourceId, List<PartitionLog> partitions) {
    unwatch(sourceId);
    logs.put(sourceId, List.copyOf(partitions));
    partitions.forEach(partition -> partition.addListener(newsListener));
  }

  private void unwatch(Uuid sourceId) {
    List<PartitionLog> before = logs.remove(sourceId);
    if (before != null) {
      before.forEach(partition -> partition.removeListener(newsListener));
    }
  }

  private Optional<PartitionLog> log(PartitionCursor cursor) {
    List<PartitionLog> partitions = logs.getOrDefault(cursor.sourceId(), List.of());
    return cursor.partition() < partitions.size()
        ? Optional.of(partitions.get(cursor.partition()))
        : Optional.empty();
  }

  /**
   * Ends a source: nothing that is appended from now on is delivered from it. Does nothing when the
   * source has ended before. Durable on return.
   */
  public void endSource(Uuid sourceId) {
    await(
        locked(
            () -> {
              List<PartitionLog> partitions = logs.getOrDefault(sourceId, List.of());
              if (!state.sources().contains(sourceId) || state.ended(sourceId)) {
                return lastAcknowledgement;
              }
              CompletableFuture<Void> durable =
                  append(
                      new CursorEvent.SourceEnded(
                          sourceId, offsets(partitions, PartitionLog::highWatermark)));
              noteDrained(sourceId);
              return durable;
            }));
    tellDrained();
  }

  /** The sources that have not been drained. */
  public Set<Uuid> sources() {
    return locked(() -> Set.copyOf(state.sources()));
  }

  /** Moves a source; receipts that are out for its messages lose their force. Durable on return. */
  public void restart(Uuid sourceId, StartingPoint start) {
    await(locked(() -> append(restarted(sourceId, start))));
    waiters.wakeLeader();
  }

  /** Moves every source. Durable on return. */
  public void rewind(StartingPoint start) {
    await(
        locked(
            () ->
                append(
                    state.sources().stream()
                        .map(sourceId -> restarted(sourceId, start))
                        .toList())));
    waiters.wakeLeader();
  }

  private CursorEvent restarted(Uuid sourceId, StartingPoint start) {
    List<PartitionLog> partitions = logs.getOrDefault(sourceId, List.of());
    return new CursorEvent.SourceRestarted(sourceId, offsets(partitions, log -> start(log, start)));
  }

  private static long start(PartitionLog log, StartingPoint start) {
    return switch (start) {
      case StartingPoint.Earliest() -> log.startOffset();
      case StartingPoint.Latest() -> log.highWatermark();
      case StartingPoint.At(java.time.Instant instant) ->
          log.findByTimestamp(instant.toEpochMilli(), ReadIsolation.HIGH_WATERMARK)
              .map(TimestampedOffset::offset)
              .orElseGet(log::highWatermark);
    };
  }

  private static List<Long> offsets(
      List<PartitionLog> partitions, ToLongFunction<PartitionLog> offset) {
    return partitions.stream().map(offset::applyAsLong).toList();
  }

  /**
   * Acknowledges everything up to the present end, what is in flight included. Durable on return.
   */
  public void purge() {
    await(
        locked(
            () -> {
              List<CursorEvent> events = new ArrayList<>();
              logs.forEach(
                  (sourceId, partitions) ->
                      events.add(
                          new CursorEvent.Skipped(
                              sourceId,
                              state.cursors(sourceId).stream()
                                  .map(
                                      cursor ->
                                          Math.min(
                                              cursor.end(),
                                              partitions.get(cursor.partition()).highWatermark()))
                                  .toList())));
              CompletableFuture<Void> durable = append(events);
              List.copyOf(logs.keySet()).forEach(this::noteDrained);
              return durable;
            }));
    tellDrained();
  }

  /** Takes messages for a caller who waits to the end. */
  public List<Delivery> receive(int max, Duration visibilityTimeout, Duration wait)
      throws InterruptedException {
    return receive(max, visibilityTimeout, wait, new CompletableFuture<>());
  }

  /**
   * Takes up to {@code max} messages, waiting up to {@code wait} for the first, or until {@code
   * abandoned} completes.
   *
   * @throws io.sluice.broker.TooManyInFlightException the limit is reached
   * @throws QueueDoesNotExistException the subscription was deleted before the call
   */
  public List<Delivery> receive(
      int max, Duration visibilityTimeout, Duration wait, CompletableFuture<?> abandoned)
      throws InterruptedException {
    if (deleted) {
      throw new QueueDoesNotExistException("the queue was deleted");
    }
    if (abandoned.isDone()) {
      return List.of();
    }
    List<Delivery> taken = takeNow(max, visibilityTimeout);
    if (!taken.isEmpty() || wait.isZero()) {
      return taken;
    }
    long end = System.nanoTime() + wait.toNanos();
    try (Waiters.Waiting waiting = waiters.begin()) {
      abandoned.thenRun(waiting::wake);
      while (!closed && !abandoned.isDone()) {
        boolean leads = waiting.leads();
        taken = takeNow(max, visibilityTimeout);
        long left = end - System.nanoTime();
        if (!taken.isEmpty() || left <= 0) {
          return taken;
        }
        waiting.await(leads ? Math.min(left, nanosToNextDeadline()) : left);
      }
      return List.of();
    }
  }

  private List<Delivery> takeNow(int max, Duration visibilityTimeout) {
    List<Delivery> deliveries;
    boolean drained;
    lock.lock();
    try {
      if (closed) {
        return List.of();
      }
      append(taker.vanished());
      long now = clock.millis();
      taker.begin(now, now + visibilityTimeout.toMillis());
      deliveries = taker.take(max);
      append(taker.events());
      // Gaps and control records at the end of a source are passed without anyone's
      // acknowledgement.
      List.copyOf(state.endedSources()).forEach(this::noteDrained);
      drained = !drainedSources.isEmpty();
    } finally {
      lock.unlock();
    }
    if (drained) {
      tellDrained();
    }
    return deliveries;
  }

  private long nanosToNextDeadline() {
    return locked(
        () -> {
          leaderWakesAt =
              state.byDeadline().isEmpty() ? Long.MAX_VALUE : state.byDeadline().first().deadline();
          return leaderWakesAt == Long.MAX_VALUE
              ? Long.MAX_VALUE
              : TimeUnit.MILLISECONDS.toNanos(Math.max(1, leaderWakesAt - clock.millis()));
        });
  }

  /**
   * Acknowledges messages; a receipt that is not its message's latest changes nothing.
   *
   * @return completes when these and all earlier acknowledgements are durable
   */
  public CompletableFuture<Void> acknowledge(List<Receipt> receipts) {
    CompletableFuture<Void> durable =
        locked(
            () -> {
              Map<PartitionCursor, List<Long>> byCursor = new HashMap<>();
              for (Receipt receipt : receipts) {
                find(receipt)
                    .ifPresent(
                        outstanding ->
                            byCursor
                                .computeIfAbsent(outstanding.cursor(), c -> new ArrayList<>())
                                .add(outstanding.offset()));
              }
              List<CursorEvent> events = new ArrayList<>();
              byCursor.forEach(
                  (cursor, offsets) ->
                      events.add(
                          new CursorEvent.Acknowledged(
                              cursor.sourceId(), cursor.partition(), offsets)));
              if (!events.isEmpty()) {
                lastAcknowledgement = append(events);
                byCursor.keySet().forEach(cursor -> noteDrained(cursor.sourceId()));
              }
              return lastAcknowledgement;
            });
    tellDrained();
    return durable;
  }

  /**
   * Sets how long a message stays in flight, from now; zero makes it available at once.
   *
   * @return false when the message is not in flight under this receipt
   */
  public boolean changeVisibility(Receipt receipt, Duration visibilityTimeout) {
    return locked(
        () -> {
          long now = clock.millis();
          Optional<Outstanding> found =
              find(receipt).filter(outstanding -> outstanding.deadline() > now);
          found.ifPresent(
              outstanding ->
                  append(
                      new CursorEvent.VisibilityChanged(
                          outstanding.cursor().sourceId(),
                          outstanding.cursor().partition(),
                          outstanding.offset(),
                          now + visibilityTimeout.toMillis())));
          return found.isPresent();
        });
  }

  private Optional<Outstanding> find(Receipt receipt) {
    for (Uuid sourceId : state.sources()) {
      List<PartitionCursor> cursors = state.cursors(sourceId);
      int partition = receipt.position().partition();
      if (partition < cursors.size()
          && cursors.get(partition).topicId().equals(receipt.position().topicId())) {
        Optional<Outstanding> found =
            cursors
                .get(partition)
                .find(receipt.position().offset())
                .filter(outstanding -> outstanding.isLatest(receipt.attempt()))
                .filter(this::exists);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private boolean exists(Outstanding outstanding) {
    return outstanding.offset()
        >= log(outstanding.cursor()).map(PartitionLog::startOffset).orElse(0L);
  }

  /**
   * How many messages there are; control records and gaps count until the cursor has passed them.
   */
  public QueueDepth depth() {
    return locked(
        () -> {
          long now = clock.millis();
          long ahead = 0;
          for (Uuid sourceId : state.sources()) {
            for (PartitionCursor cursor : state.cursors(sourceId)) {
              ahead += log(cursor).map(log -> ahead(cursor, log)).orElse(0L);
            }
          }
          long due = 0;
          long delayed = state.delayed();
          for (Outstanding outstanding : state.byDeadline()) {
            if (outstanding.deadline() > now) {
              break;
            }
            due++;
            delayed -= outstanding.delayed() ? 1 : 0;
          }
          long inFlight = state.byDeadline().size() - due - delayed;
          return new QueueDepth(ahead + due, inFlight, delayed);
        });
  }

  private static long ahead(PartitionCursor cursor, PartitionLog log) {
    long from = Math.max(cursor.next(), log.startOffset());
    return Math.max(0, Math.min(cursor.end(), log.lastStableOffset()) - from);
  }

  /** Must be called with the lock held. */
  private void noteDrained(Uuid sourceId) {
    if (state.sources().contains(sourceId) && state.drained(sourceId)) {
      append(new CursorEvent.SourceDrained(sourceId));
      unwatch(sourceId);
      drainedSources.add(sourceId);
    }
  }

  private void tellDrained() {
    List<Uuid> drained =
        locked(
            () -> {
              List<Uuid> noted = List.copyOf(drainedSources);
              drainedSources.clear();
              return noted;
            });
    drained.forEach(drainedListener);
  }

  void delete() {
    await(locked(() -> append(new CursorEvent.Deleted())));
    deleted = true;
    close();
  }

  /** Wakes everyone who waits; later calls to receive return nothing. */
  void close() {
    locked(
        () -> {
          closed = true;
          List.copyOf(logs.keySet()).forEach(this::unwatch);
          return closed;
        });
    waiters.wakeAll();
  }

  private CompletableFuture<Void> append(CursorEvent event) {
    return append(List.of(event));
  }

  private CompletableFuture<Void> append(List<CursorEvent> events) {
    if (events.isEmpty()) {
      return lastAcknowledgement;
    }
    CompletableFuture<Void> durable = journal.append(id, state, events);
    wakeLeaderIfDueEarlier();
    return durable;
  }

  private void wakeLeaderIfDueEarlier() {
    if (!state.byDeadline().isEmpty() && state.byDeadline().first().deadline() < leaderWakesAt) {
      leaderWakesAt = state.byDeadline().first().deadline();
      waiters.wakeLeader();
    }
  }

  private <T> T locked(Supplier<T> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }

  private static void await(CompletableFuture<Void> durable) {
    try {
      durable.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof ApiException cause ? cause : e;
    }
  }
}
