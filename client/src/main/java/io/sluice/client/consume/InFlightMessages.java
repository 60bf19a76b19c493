package io.sluice.client.consume;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * Every message that is in flight with one consumer: those whose records it has yet to give to the
 * application, those that wait to be committed, and those that are being deleted. Safe for use by
 * many threads.
 */
public final class InFlightMessages {

  /** A record and where it is from. */
  public record Next(TopicPartition partition, ReceivedRecord record) {}

  private final int maxRecords;
  private final long maxBytes;

  private final ReadPartitions partitions = new ReadPartitions();
  private final Set<HeldMessage> leaving = new LinkedHashSet<>();
  private long arrivals;

  /** So that not every message is looked at by each poll; ns of {@link System#nanoTime}. */
  private long noneLeasedBefore = System.nanoTime();

  private @Nullable RuntimeException failure;
  private boolean woken;

  /** Fails when it is woken. */
  private CompletableFuture<Void> sleep = new CompletableFuture<>();

  private boolean evicted;
  private boolean closed;

  /**
   * Nothing yet.
   *
   * @param maxRecords from how many on that the application has not been given no more are asked
   *     for; those of paused partitions count apart
   * @param maxBytes the same for what they take of memory
   */
  public InFlightMessages(int maxRecords, long maxBytes) {
    this.maxRecords = maxRecords;
    this.maxBytes = maxBytes;
  }

  /**
   * Takes what was received, but for what is more of paused partitions than it holds: that comes
   * again when its visibility timeout is over, and not at once.
   *
   * @return those that must go back: their topic is no longer read
   */
  synchronized List<HeldMessage> add(List<HeldMessage> received) {
    List<HeldMessage> unwanted = new ArrayList<>();
    for (HeldMessage message : HeldMessage.inOrder(received)) {
      if (!isRead(message.partition().topic())) {
        unwanted.add(message);
      } else if (!partitions.isPaused(message.partition()) || !isFull(true)) {
        message.arrived(arrivals++);
        noneLeasedBefore = Math.min(noneLeasedBefore, message.leasedAt());
        partitions.add(message);
      }
    }
    notifyAll();
    return unwanted;
  }

  private boolean isFull(boolean ofPaused) {
    return partitions.isFull(ofPaused, maxRecords, maxBytes);
  }

  /**
   * Waits until more messages of a topic should be asked for.
   *
   * @return false: the topic is no longer read
   */
  synchronized boolean awaitRoom(String topic) throws InterruptedException {
    while (isAssigned(topic) && !hasRoom(topic)) {
      wait();
    }
    return isAssigned(topic);
  }

  /** Whether it would not wait. */
  synchronized boolean hasRoom(String topic) {
    return isRead(topic) && !isFull(false) && !partitions.isPaused(topic);
  }

  private boolean isRead(String topic) {
    return !evicted && isAssigned(topic);
  }

  /** Whether a topic is read, now or once its consumer polls again. */
  synchronized boolean isAssigned(String topic) {
    return !closed && partitions.hasAnyOf(topic);
  }

  /** What a receiver met with: the next {@link #check} throws it. */
  synchronized void fail(RuntimeException reason) {
    failure = reason;
    notifyAll();
  }

  /** The partitions that are read from now on. */
  public synchronized void read(Collection<TopicPartition> wanted) {
    wanted.forEach(partitions::read);
    notifyAll();
  }

  /** They are read no longer; the messages of theirs that were in flight. */
  public synchronized List<HeldMessage> stopReading(Collection<TopicPartition> unwanted) {
    List<HeldMessage> held = new ArrayList<>();
    unwanted.forEach(each -> held.addAll(partitions.remove(each)));
    notifyAll();
    return held;
  }

  /** What of a topic was not given; it is no longer here, and is not given back. */
  public synchronized void forget(String topic) {
    partitions.forget(topic);
  }

  /** The partitions that are read. */
  public synchronized Set<TopicPartition> reading() {
    return partitions.names();
  }

  /**
   * The next records of the partitions that are not paused, one partition after the other; {@link
   * #given} takes them.
   *
   * @param max how many at most
   * @param nanos how long to wait for the first
   * @return none when there was none, somebody woke it, or a receiver has failed
   */
  public synchronized List<Next> next(int max, long nanos) throws InterruptedException {
    long end = System.nanoTime() + nanos;
    List<Next> found = partitions.next(max);
    if (found.isEmpty()) {
      notifyAll(); // who waits for room has it
    }
    long left = nanos;
    while (found.isEmpty() && !woken && failure == null && left > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = end - System.nanoTime();
      found = partitions.next(max);
    }
    return found;
  }

  /** Throws what a receiver has failed with, once. */
  public synchronized void check() {
    RuntimeException reason = failure;
    failure = null;
    if (reason != null) {
      throw reason;
    }
  }

  /**
   * The application is given records that were {@link #next}; others come first the next time.
   *
   * @return those that it must not be given, as they have gone to others meanwhile
   */
  public synchronized List<Next> given(List<Next> records) {
    List<Next> gone = partitions.advance(records);
    notifyAll();
    return gone;
  }

  /** The next record of a partition cannot be read, which the application is told. */
  public synchronized void refused(TopicPartition partition) {
    partitions.of(partition).refused();
  }

  /** The message of the next record, which is no longer here; others come first the next time. */
  synchronized List<HeldMessage> letGo(TopicPartition partition) {
    List<HeldMessage> next = partitions.of(partition).removeNext();
    partitions.toEnd(partition);
    return next;
  }

  /**
   * The message of a record, and those of its message group that came after it, which are no longer
   * here.
   */
  synchronized List<HeldMessage> letGoGroup(TopicPartition partition, long offset) {
    return partitions.of(partition).removeGroup(offset);
  }

  /** Every message that is not being deleted, which are no longer here. */
  synchronized List<HeldMessage> letGoAll() {
    return partitions.removeAll();
  }

  /** Whether the application was given anything that it has not committed. */
  public synchronized boolean hasGiven() {
    return partitions.all().stream().anyMatch(PartitionMessages::hasGiven);
  }

  /**
   * Commits whatever the application was given; what is to be deleted, which stays in flight.
   *
   * @throws CommitFailedException it was evicted
   */
  public synchronized List<HeldMessage> commit() {
    checkMember();
    List<HeldMessage> done = new ArrayList<>();
    partitions.all().forEach(each -> done.addAll(each.commit()));
    return leave(done);
  }

  /**
   * Commits what it was given up to offsets, exclusive, all or none of it; what is to be deleted.
   *
   * @throws CommitFailedException it was evicted
   * @throws IllegalStateException a partition is not read
   * @throws UnsupportedOperationException a queue has no offsets
   */
  public synchronized List<HeldMessage> commit(Map<TopicPartition, Long> offsets) {
    checkMember();
    offsets.keySet().forEach(partition -> partitions.of(partition).checkOffsets());
    List<HeldMessage> done = new ArrayList<>();
    offsets.forEach((partition, offset) -> done.addAll(partitions.of(partition).commit(offset)));
    return leave(done);
  }

  private List<HeldMessage> leave(List<HeldMessage> done) {
    done.forEach(HeldMessage::commit);
    leaving.addAll(done);
    return done;
  }

  private void checkMember() {
    if (evicted) {
      throw new CommitFailedException(
          "poll was not called for longer than max.poll.interval.ms, and everything that was not"
              + " committed went back to the queue");
    }
  }

  /** What was committed before and could not be deleted, which is tried again now. */
  synchronized List<HeldMessage> committedBefore() {
    List<HeldMessage> again = new ArrayList<>();
    partitions.all().forEach(each -> again.addAll(each.removeCommitted()));
    return leave(again);
  }

  /** They are deleted, or somebody else has them. */
  synchronized void deleted(Collection<HeldMessage> messages) {
    messages.forEach(leaving::remove);
  }

  /** They could not be deleted: a later commit tries it again. */
  synchronized void notDeleted(Collection<HeldMessage> messages) {
    for (HeldMessage message : messages) {
      PartitionMessages of = partitions.find(message.partition());
      if (leaving.remove(message) && of != null) {
        of.putBack(List.of(message));
      }
    }
  }

  /** Whether {@code offset} is among what is in flight, and comes next from now on. */
  public synchronized boolean seek(TopicPartition partition, long offset) {
    boolean found = partitions.of(partition).seek(offset);
    notifyAll();
    return found;
  }

  /** After the last record that was given; -1 without one. */
  public synchronized long position(TopicPartition partition) {
    return partitions.of(partition).position();
  }

  /** {@link #position} of every partition that has one. */
  public synchronized Map<TopicPartition, Long> positions() {
    return partitions.positions();
  }

  /** After the last record that was committed; -1 without one. */
  public synchronized long committed(TopicPartition partition) {
    PartitionMessages of = partitions.find(partition);
    return of == null ? -1 : of.committed();
  }

  /** Gives nothing of them until they are resumed. */
  public synchronized void pause(Collection<TopicPartition> some) {
    partitions.pause(some);
  }

  /** Gives what they have again. */
  public synchronized void resume(Collection<TopicPartition> some) {
    partitions.resume(some);
    notifyAll();
  }

  /** Those that are paused. */
  public synchronized Set<TopicPartition> paused() {
    return partitions.paused();
  }

  /** Nobody waits here until it is {@linkplain #calm calm}. */
  public synchronized void wake() {
    woken = true;
    sleep.completeExceptionally(new WakeupException());
    notifyAll();
  }

  /** Fails with a {@link WakeupException} when it is woken. */
  public synchronized CompletableFuture<Void> sleep() {
    return sleep;
  }

  /** Whether it was woken. */
  public synchronized boolean isWoken() {
    return woken;
  }

  /** Whether it was woken, which is forgotten. */
  public synchronized boolean calm() {
    boolean was = woken;
    if (was) {
      woken = false;
      sleep = new CompletableFuture<>();
    }
    return was;
  }

  /** Those whose visibility timeout runs since before {@code nanos}. */
  synchronized List<HeldMessage> leasedBefore(long nanos) {
    if (noneLeasedBefore - nanos >= 0) {
      return List.of();
    }
    List<HeldMessage> held = new ArrayList<>(leaving);
    partitions.all().forEach(each -> held.addAll(each.messages()));
    held.removeIf(HeldMessage::isLost);
    noneLeasedBefore =
        held.stream().mapToLong(HeldMessage::leasedAt).min().orElseGet(System::nanoTime);
    held.removeIf(message -> message.leasedAt() - nanos >= 0);
    return held;
  }

  /** Their visibility timeout runs since {@code nanos}. */
  synchronized void renewed(Collection<HeldMessage> messages, long nanos) {
    messages.forEach(message -> message.renewed(nanos));
  }

  /**
   * Somebody else may have them by now, unless they have been committed: those are deleted. What of
   * their message groups was not given must not come before them, and is no longer here.
   */
  synchronized ReadPartitions.Lost lost(Collection<HeldMessage> messages) {
    return partitions.lose(messages);
  }

  /**
   * When the application has not polled for too long: takes nothing until it is {@linkplain
   * #readmit let in again}.
   *
   * @param late whether it has not
   * @return every message that was in flight and is not being deleted; none when it has polled
   */
  synchronized List<HeldMessage> evict(BooleanSupplier late) {
    if (!late.getAsBoolean()) {
      return List.of();
    }
    evicted = true;
    return letGoAll();
  }

  /** Whether it was evicted. */
  public synchronized boolean isEvicted() {
    return evicted;
  }

  /** Takes messages again. */
  public synchronized void readmit() {
    evicted = false;
    notifyAll();
  }

  /** Takes nothing any more; every message that was in flight and is not being deleted. */
  public synchronized List<HeldMessage> close() {
    closed = true;
    notifyAll();
    return letGoAll();
  }
}
