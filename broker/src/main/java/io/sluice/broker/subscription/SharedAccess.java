package io.sluice.broker.subscription;

import io.sluice.log.PartitionLog;
import io.sluice.log.ReadIsolation;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * A subscription as Kafka's share consumers see it (KIP-932): partition by partition, by offset,
 * with an owner for what is in flight. It is the subscription's state and no other, so queue
 * receivers and share consumers never hold the same message. Safe for use by many threads.
 *
 * <p>Every method that names a partition throws {@link UnknownTopicOrPartitionException} when the
 * subscription does not read it.
 */
public final class SharedAccess {

  private final Subscription subscription;
  private final SubscriptionState state;
  private final SourcePartitions partitions;
  private final SourceMessages messages;
  private final Taker taker;
  private final Function<ReadIsolation, ChunkCache> caches;
  private final InstantSource clock;
  private final Set<Runnable> listeners = ConcurrentHashMap.newKeySet();

  SharedAccess(
      Subscription subscription,
      SubscriptionState state,
      SourcePartitions partitions,
      SourceMessages messages,
      Taker taker,
      Function<ReadIsolation, ChunkCache> caches,
      InstantSource clock) {
    this.subscription = subscription;
    this.state = state;
    this.partitions = partitions;
    this.messages = messages;
    this.taker = taker;
    this.caches = caches;
    this.clock = clock;
  }

  /** Whether the subscription reads the topic, and is not about to end that. */
  public boolean reads(Uuid topicId) {
    return subscription.locked(
        () ->
            state.sources().stream()
                .anyMatch(id -> !state.ended(id) && isOf(state.cursors(id), topicId)));
  }

  private static boolean isOf(List<PartitionCursor> cursors, Uuid topicId) {
    return !cursors.isEmpty() && cursors.getFirst().topicId().equals(topicId);
  }

  /**
   * Takes records of a partition, if any are available.
   *
   * @throws org.apache.kafka.common.errors.KafkaStorageException the partition is offline
   */
  public Lease acquire(Uuid topicId, int partition, Claim claim) {
    Lease lease;
    try {
      lease = subscription.locked(() -> acquireNow(topicId, partition, claim));
    } finally {
      subscription.tellDrained();
    }
    if (lease.ranges().isEmpty() && subscription.locked(messages::exhausted)) {
      // There is more to judge than one decision may: whoever waits looks again.
      listeners.forEach(Runnable::run);
    }
    return lease;
  }

  private Lease acquireNow(Uuid topicId, int partition, Claim claim) {
    subscription.append(taker.vanished());
    messages.begin();
    taker.passAhead(claim.maxRecords(), clock.millis(), subscription::append);
    for (PartitionCursor cursor : cursors(topicId, partition)) {
      if (!state.sources().contains(cursor.sourceId())) {
        continue; // ended, and found to be drained after a source before it
      }
      PartitionLog log = partitions.log(cursor).orElseThrow(() -> unknown(topicId, partition));
      ChunkCache cache = caches.apply(claim.isolation());
      SpentMessages spent = subscription.spent;
      spent.take(cursor, log, cache, claim.maxDeliveries(), clock.millis(), subscription::append);
      long before;
      do {
        before = cursor.next();
        Leasing leasing = leasing(cursor, log, claim);
        Lease lease = leasing.take(taker, cache);
        subscription.append(leasing.events());
        subscription.noteDrained();
        if (!lease.ranges().isEmpty()) {
          return lease;
        }
        // It may have passed over what nobody may see, and more may follow.
      } while (cursor.next() > before);
    }
    return Lease.NONE;
  }

  private Leasing leasing(PartitionCursor cursor, PartitionLog log, Claim claim) {
    boolean givesUp = !subscription.spent.isKept();
    return new Leasing(cursor, log, messages, claim, clock.millis(), givesUp, taker.groups());
  }

  /** How many bytes a claim would read; others' records in the same batches included. */
  public long readableBytes(Uuid topicId, int partition, Claim claim) {
    return subscription.locked(
        () -> {
          long bytes = 0;
          taker.passAhead(claim.maxRecords(), clock.millis(), subscription::append);
          for (PartitionCursor cursor : cursors(topicId, partition)) {
            PartitionLog log =
                partitions.log(cursor).orElseThrow(() -> unknown(topicId, partition));
            bytes += leasing(cursor, log, claim).readableBytes();
          }
          return bytes;
        });
  }

  /**
   * Settles records of a partition, all of them or none.
   *
   * @param settlements by offset
   * @param lock for how long renewed records are in flight
   * @param maxDeliveries how often a record is delivered; one that was is done when it is released
   * @return completes when that is durable
   * @throws org.apache.kafka.common.errors.InvalidRecordStateException the owner does not hold them
   * @throws org.apache.kafka.common.errors.InvalidRequestException they were never delivered
   */
  public CompletableFuture<Void> settle(
      Uuid topicId,
      int partition,
      long owner,
      List<Settlement> settlements,
      Duration lock,
      int maxDeliveries) {
    return apply(
        () -> {
          long now = clock.millis();
          List<PartitionCursor> cursors = cursors(topicId, partition);
          LeaseSettling settling =
              new LeaseSettling(cursors, owner, beforeGivenUp(maxDeliveries), now);
          long start = progress(cursors).start();
          settlements.forEach(settlement -> settling.settle(settlement, start));
          return settling.events(now + lock.toMillis());
        });
  }

  /**
   * Releases whatever an owner holds of a partition.
   *
   * @return completes when that is durable
   */
  public CompletableFuture<Void> release(
      Uuid topicId, int partition, long owner, int maxDeliveries) {
    return apply(
        () -> {
          LeaseSettling settling =
              new LeaseSettling(
                  cursors(topicId, partition), owner, beforeGivenUp(maxDeliveries), clock.millis());
          settling.releaseAll();
          return settling.events(0);
        });
  }

  /** Decides under the lock. */
  private interface Decision {
    List<? extends CursorEvent> events();
  }

  private CompletableFuture<Void> apply(Decision decision) {
    CompletableFuture<Void> durable =
        subscription.locked(
            () -> {
              CompletableFuture<Void> appended = subscription.append(decision.events());
              subscription.noteDrained();
              return appended;
            });
    subscription.tellDrained();
    return durable;
  }

  /** How far a partition is settled; what was delivered too often counts as settled. */
  public Progress progress(Uuid topicId, int partition, int maxDeliveries) {
    return subscription.locked(
        () -> {
          subscription.append(taker.vanished());
          List<PartitionCursor> cursors = cursors(topicId, partition);
          long now = clock.millis();
          int limit = beforeGivenUp(maxDeliveries);
          for (PartitionCursor cursor : cursors) {
            List<Long> spent = new ArrayList<>();
            for (Outstanding outstanding : cursor.outstanding()) {
              if (outstanding.deadline() <= now && outstanding.receiveCount() >= limit) {
                spent.add(outstanding.offset());
              }
            }
            if (!spent.isEmpty()) {
              subscription.append(
                  List.of(
                      new CursorEvent.Acknowledged(cursor.sourceId(), cursor.partition(), spent)));
            }
          }
          return progress(cursors);
        });
  }

  /** With a redrive policy no record is given up: what is spent goes to the dead letters. */
  private int beforeGivenUp(int maxDeliveries) {
    return subscription.spent.isKept() ? Integer.MAX_VALUE : maxDeliveries;
  }

  private Progress progress(List<PartitionCursor> cursors) {
    Progress least = new Progress(Long.MAX_VALUE, 0);
    for (PartitionCursor cursor : cursors) {
      long next =
          Math.max(cursor.next(), partitions.log(cursor).map(PartitionLog::startOffset).orElse(0L));
      long start =
          cursor.outstanding().isEmpty()
              ? next
              : Math.min(next, cursor.outstanding().first().offset());
      if (start < least.start()) {
        least = new Progress(start, next - start - cursor.outstandingBelow(next));
      }
    }
    return least;
  }

  /** Begins a partition anew at an offset that it has, or at its nearest. */
  public CompletableFuture<Void> move(Uuid topicId, int partition, long offset) {
    return apply(
        () -> {
          List<PartitionCursor> living =
              cursors(topicId, partition).stream()
                  .filter(cursor -> !state.ended(cursor.sourceId()))
                  .toList();
          return living.stream().map(cursor -> moved(cursor, offset)).toList();
        });
  }

  private CursorEvent.CursorMoved moved(PartitionCursor cursor, long offset) {
    PartitionLog log =
        partitions.log(cursor).orElseThrow(() -> unknown(cursor.topicId(), cursor.partition()));
    long start =
        Math.clamp(offset, log.startOffset(), Math.max(log.startOffset(), log.endOffset()));
    return new CursorEvent.CursorMoved(cursor.sourceId(), cursor.partition(), start);
  }

  /** When the next lock or delay of a partition ends, ms from now; empty when there is none. */
  public OptionalLong millisToNextDeadline(Uuid topicId, int partition) {
    return subscription.locked(
        () -> {
          long now = clock.millis();
          OptionalLong next = OptionalLong.empty();
          for (PartitionCursor cursor : cursors(topicId, partition)) {
            for (Outstanding outstanding : cursor.outstanding()) {
              long left = outstanding.deadline() - now;
              if (left > 0 && (next.isEmpty() || left < next.getAsLong())) {
                next = OptionalLong.of(left);
              }
            }
          }
          return next;
        });
  }

  /**
   * Calls {@code listener} when records may have become available other than by being appended, or
   * the subscription has ended; on whatever thread made it so. It must return at once.
   */
  public void addListener(Runnable listener) {
    listeners.add(listener);
  }

  /** Ends what {@link #addListener} began. */
  public void removeListener(Runnable listener) {
    listeners.remove(listener);
  }

  /** Called with the subscription's lock held. */
  void happened(List<? extends CursorEvent> events) {
    if (!listeners.isEmpty() && !events.stream().allMatch(SharedAccess::onlyTakes)) {
      listeners.forEach(Runnable::run);
    }
  }

  private static boolean onlyTakes(CursorEvent event) {
    return event instanceof CursorEvent.Acquired
        || event instanceof CursorEvent.TakenAhead
        || event instanceof CursorEvent.Leased
        || event instanceof CursorEvent.Delayed;
  }

  void closed() {
    listeners.forEach(Runnable::run);
  }

  /** One, but while an ended source of the same topic still has something. */
  private List<PartitionCursor> cursors(Uuid topicId, int partition) {
    List<PartitionCursor> found = new ArrayList<>(1);
    for (Uuid sourceId : state.sources()) {
      List<PartitionCursor> cursors = state.cursors(sourceId);
      if (partition >= 0 && partition < cursors.size() && isOf(cursors, topicId)) {
        found.add(cursors.get(partition));
      }
    }
    if (found.isEmpty()) {
      throw unknown(topicId, partition);
    }
    return found;
  }

  private static UnknownTopicOrPartitionException unknown(Uuid topicId, int partition) {
    return new UnknownTopicOrPartitionException(
        "the group does not read partition " + partition + " of topic " + topicId);
  }
}
