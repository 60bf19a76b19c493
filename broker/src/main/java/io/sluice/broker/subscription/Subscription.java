package io.sluice.broker.subscription;

import static io.sluice.broker.subscription.SubscriptionJournal.await;

import io.sluice.broker.QueueDepth;
import io.sluice.broker.QueueDoesNotExistException;
import io.sluice.broker.Receipt;
import io.sluice.broker.ReceiptStanding;
import io.sluice.broker.StartingPoint;
import io.sluice.log.PartitionLog;
import io.sluice.log.ReadIsolation;
import io.sluice.log.clock.Clocks;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.KafkaStorageException;

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
  private final SourcePartitions partitions;
  private final SourceMessages messages = new SourceMessages();
  private final Depths depths;
  final Taker taker;
  private final Settler settler;
  private final LeaderAlarm alarm;
  private final DrainedSources drained;
  private final Receiver receiver;
  final SpentMessages spent = new SpentMessages();
  private volatile boolean closed;
  private volatile boolean deleted;
  private CompletableFuture<Void> lastAcknowledgement = CompletableFuture.completedFuture(null);
  private final SharedAccess shared;

  Subscription(
      Uuid id,
      SubscriptionState state,
      SubscriptionJournal journal,
      Function<ReadIsolation, ChunkCache> caches,
      Clocks clocks) {
    this.id = id;
    this.state = state;
    this.journal = journal;
    this.clock = clocks.steady();
    this.partitions = new SourcePartitions(state, waiters::wakeLeader);
    this.drained = new DrainedSources(state, partitions, messages);
    this.taker = new Taker(state, caches, messages, partitions::log, clocks);
    this.depths = new Depths(this, state, messages, partitions::log, taker, clocks);
    this.settler = new Settler(state, partitions::log);
    this.alarm = new LeaderAlarm(taker, waiters, clock);
    this.shared = new SharedAccess(this, state, partitions, messages, taker, caches, clock);
    this.receiver = new Receiver(this, messages, taker, settler, alarm, waiters, clock);
  }

  /** Given at creation, never used again. */
  public Uuid id() {
    return id;
  }

  /** Lets at most {@code limit} messages be in flight at once. */
  public void maxInFlight(int limit) {
    set(() -> taker.maxInFlight(limit));
  }

  /** Delivers as a FIFO queue does: in order, of no group that has a message in flight. */
  public void byGroups() {
    set(taker::byGroups);
  }

  /** Hides what topics bring for so long after it was sent; in a FIFO queue, everything. */
  public void delay(Duration delay) {
    set(() -> taker.delay(delay.toMillis(), clock.millis()));
  }

  private void set(Runnable setting) {
    locked(
        () -> {
          setting.run();
          alarm.changed();
          return setting;
        });
    waiters.wakeLeader();
  }

  /** Moves messages that were received as often as they may be, or stops to; empty: none are. */
  public void deadLetters(Optional<DeadLetterTarget> target) {
    spent.target(target);
  }

  /** Calls {@code listener} with each ended source that has nothing left; not under a lock. */
  public void onDrained(Consumer<Uuid> listener) {
    drained.listener(listener);
  }

  /** The same subscription as share consumers see it. */
  public SharedAccess shared() {
    return shared;
  }

  /**
   * Lets through from now on, of what was not received before, what {@code filter} lets through. To
   * be called before a source that has a filter is added or attached, and again when it changes.
   */
  public void filter(Uuid sourceId, SourceFilter filter) {
    locked(() -> messages.filter(sourceId, filter));
    waiters.wakeLeader();
  }

  /** Whether everything below these offsets, by partition, has been received or passed over. */
  public boolean hasPassed(Uuid sourceId, List<Long> ends) {
    return locked(() -> partitions.hasPassed(sourceId, ends));
  }

  void journalCreation() {
    await(locked(() -> append(new CursorEvent.Created())));
  }

  /** Begins to read a topic's partitions from {@code start} on. Durable on return. */
  public void addSource(Uuid sourceId, Uuid topicId, List<PartitionLog> logs, StartingPoint start) {
    await(
        locked(
            () -> {
              CompletableFuture<Void> durable =
                  append(partitions.added(sourceId, topicId, logs, start));
              partitions.watch(sourceId, logs);
              return durable;
            }));
    waiters.wakeLeader();
  }

  /**
   * Hands a recovered source its partitions, or one whose topic has grown the new ones, which it
   * reads from their beginning. An ended source does not grow. Where a partition has lost records
   * that were received, its cursor goes back to the end.
   */
  public void attach(Uuid sourceId, List<PartitionLog> logs) {
    locked(
        () -> {
          partitions.shortened(sourceId, logs).ifPresent(this::append);
          partitions.grown(sourceId, logs).ifPresent(this::append);
          partitions.watch(sourceId, logs);
          return logs;
        });
    waiters.wakeLeader();
  }

  /**
   * Ends a source: nothing that is appended from now on is delivered from it, not even when there
   * is no room to make that durable. Does nothing when it has ended before. Durable on return.
   */
  public void endSource(Uuid sourceId) {
    await(
        locked(
            () -> {
              CompletableFuture<Void> durable =
                  partitions.ended(sourceId).map(this::appendOrApply).orElse(lastAcknowledgement);
              noteDrained();
              return durable;
            }));
    tellDrained();
  }

  /**
   * Removes a source, delivered or not: nobody knows it any more. It may be there again after a
   * crash, for whoever knows that it should not to remove it once more.
   */
  public void forgetSource(Uuid sourceId) {
    locked(
        () -> {
          partitions.unwatch(sourceId);
          messages.filter(sourceId, SourceFilter.NONE);
          return appendOrApply(new CursorEvent.SourceDrained(sourceId));
        });
  }

  /** The sources that have not been drained. */
  public Set<Uuid> sources() {
    return locked(() -> Set.copyOf(state.sources()));
  }

  /** Whether it is a source that brings nothing new. */
  public boolean hasEnded(Uuid sourceId) {
    return locked(() -> state.ended(sourceId));
  }

  /** Moves a source; receipts that are out for its messages lose their force. Durable on return. */
  public void restart(Uuid sourceId, StartingPoint start) {
    await(locked(() -> append(partitions.restarted(sourceId, start))));
    waiters.wakeLeader();
  }

  /** Moves every source. Durable on return. */
  public void rewind(StartingPoint start) {
    await(locked(() -> append(partitions.allRestarted(start))));
    waiters.wakeLeader();
  }

  /** Moves one partition of a source; false when it has no such partition. Durable on return. */
  public boolean move(Uuid sourceId, int partition, long offset) {
    Optional<CompletableFuture<Void>> durable =
        locked(() -> partitions.moved(sourceId, partition, offset).map(this::append));
    durable.ifPresent(SubscriptionJournal::await);
    waiters.wakeLeader();
    return durable.isPresent();
  }

  /** Acknowledges everything up to the present end, also what is in flight. Durable on return. */
  public void purge() {
    await(
        locked(
            () -> {
              CompletableFuture<Void> durable = append(partitions.allSkipped());
              noteDrained();
              return durable;
            }));
    tellDrained();
  }

  /** Takes messages for who waits to the end. */
  public List<Delivery> receive(int max, Duration visibilityTimeout, Duration wait)
      throws InterruptedException {
    return receive(max, visibilityTimeout, wait, new CompletableFuture<>());
  }

  /**
   * Takes up to {@code max} messages, waiting up to {@code wait} for the first, or until {@code
   * abandoned} completes.
   *
   * @throws io.sluice.broker.TooManyInFlightException the limit is reached; not to who waits
   * @throws QueueDoesNotExistException the subscription was deleted before the call
   */
  public List<Delivery> receive(
      int max, Duration visibilityTimeout, Duration wait, CompletableFuture<?> abandoned)
      throws InterruptedException {
    if (deleted) {
      throw new QueueDoesNotExistException("the queue was deleted");
    }
    return receiver.receive(max, visibilityTimeout, wait, abandoned);
  }

  /**
   * Delivers messages that are all in flight under these receipts once more, hidden for so long
   * from now; empty when one is not.
   */
  public Optional<List<Delivery>> receiveAgain(List<Receipt> receipts, Duration visibilityTimeout) {
    return locked(() -> receiver.again(receipts, visibilityTimeout));
  }

  /** What a receipt is worth. */
  public ReceiptStanding standing(Receipt receipt) {
    return locked(() -> settler.standing(receipt, clock.millis()));
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
              List<CursorEvent.Acknowledged> events = settler.acknowledged(receipts);
              if (!events.isEmpty()) {
                lastAcknowledgement = append(events);
              }
              noteDrained();
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
          Optional<CursorEvent> event =
              settler.hidden(receipt, now, now + visibilityTimeout.toMillis());
          event.ifPresent(this::append);
          return event.isPresent();
        });
  }

  /** Looks at up to {@code max} messages, the oldest first, and changes nothing. */
  public List<Seen> peek(int max) {
    return locked(() -> Peek.at(state, partitions::log, messages, taker, max, clock.millis()))
        .messages();
  }

  /** How many messages there are; control records and gaps count until they have been passed. */
  public QueueDepth depth() {
    return depths.count();
  }

  /** Messages are sent straight to the queue that say themselves until when they are hidden. */
  public void expectDelayed() {
    depths.delayedAhead.expect();
  }

  boolean closed() {
    return closed;
  }

  /** Forgets ended sources that have nothing left. Must be called with the lock held. */
  void noteDrained() {
    drained.forget(this::append);
  }

  /** Does what was noted under the lock; must be called without it. */
  void tellDrained() {
    drained.tell();
    spent.move(this);
  }

  void delete() {
    locked(() -> appendOrApply(new CursorEvent.Deleted()));
    deleted = true;
    close();
  }

  /** Wakes who waits for the next message: it looks for one, and at the clock. */
  void lookAgain() {
    waiters.wakeLeader();
  }

  /** Wakes everyone who waits; later calls to receive return nothing. */
  void close() {
    locked(
        () -> {
          closed = true;
          partitions.watched().forEach(partitions::unwatch);
          return closed;
        });
    waiters.wakeAll();
    shared.closed();
  }

  private CompletableFuture<Void> append(CursorEvent event) {
    return append(List.of(event));
  }

  /** Must be called with the lock held. */
  CompletableFuture<Void> append(List<? extends CursorEvent> events) {
    if (events.isEmpty()) {
      return lastAcknowledgement;
    }
    state.loads().advance(clock.millis());
    CompletableFuture<Void> durable = journal.append(id, state, events);
    shared.happened(events);
    alarm.changed();
    return durable;
  }

  private CompletableFuture<Void> appendOrApply(CursorEvent event) {
    try {
      return append(event);
    } catch (KafkaStorageException e) {
      journal.apply(id, state, event);
      return CompletableFuture.failedFuture(e);
    }
  }

  <T> T locked(Supplier<T> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }
}
