package io.sluice.broker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A move task at work, on a virtual thread of its own. Batch by batch in the order of the queue, so
 * that message groups keep theirs: taken in flight, appended, durable, then acknowledged. A crash
 * in between leaves a message in both queues.
 */
final class MoveTaskRun {

  private static final Logger LOGGER = LoggerFactory.getLogger(MoveTaskRun.class);

  private static final int BATCH = 10;

  /** For how long nobody else receives what is being moved. */
  private static final Duration MOVE = Duration.ofSeconds(20);

  /** How long to wait when consumers have as much in flight as the queue may have. */
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** How often the count is written down. */
  private static final long NOTE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final MoveTask task;
  private final Function<String, Optional<DurableQueue>> queues;
  private final MoveTaskRegistry registry;
  private final boolean resumed;
  private final long startedNanos = System.nanoTime();
  private final Semaphore woken = new Semaphore(0);
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private volatile boolean cancelled;
  private volatile boolean closed;
  private final AtomicLong moved;

  /**
   * Begins a task, or goes on with one.
   *
   * @param resumed whether the broker ended meanwhile
   */
  MoveTaskRun(
      MoveTask task,
      boolean resumed,
      Function<String, Optional<DurableQueue>> queues,
      MoveTaskRegistry registry) {
    this.task = task;
    this.resumed = resumed;
    this.queues = queues;
    this.registry = registry;
    this.moved = new AtomicLong(task.moved());
    this.cancelled = task.state() == MoveTask.State.CANCELLING;
  }

  /** It cannot go on, and why. */
  private static final class FailedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final MoveTask.Failure failure;

    private FailedException(MoveTask.Failure failure) {
      super(failure.name(), null, false, false);
      this.failure = failure;
    }
  }

  void start() {
    Thread.ofVirtual().name("sluice-move-task-" + task.id()).start(this::run);
  }

  long moved() {
    return moved.get();
  }

  void cancel() {
    cancelled = true;
    woken.release();
  }

  /** Ends the work and leaves the task as it is; returns when that is done. */
  void close() {
    closed = true;
    woken.release();
    end.join();
  }

  private void run() {
    try {
      MoveTask.State state = work();
      registry.change(
          task.id(),
          stored ->
              closed && state == MoveTask.State.RUNNING
                  ? stored.moved(moved.get())
                  : stored.moved(moved.get()).in(state, Optional.empty()));
    } catch (FailedException e) {
      fail(e.failure);
    } catch (QueueDoesNotExistException e) {
      // The source was deleted, and its tasks with it.
      LOGGER.debug("move task {} has no source any more", task, e);
    } catch (InterruptedException | RuntimeException e) {
      LOGGER.error("move task {} failed", task, e);
      fail(MoveTask.Failure.INTERNAL);
    } finally {
      registry.ended(task.id());
      end.complete(null);
    }
  }

  private void fail(MoveTask.Failure failure) {
    LOGGER.warn("move task {} cannot go on: {}", task, failure);
    registry.change(
        task.id(),
        stored -> stored.moved(moved.get()).in(MoveTask.State.FAILED, Optional.of(failure)));
  }

  /** Moves until there is nothing left, or something else ends it; what that makes of the task. */
  private MoveTask.State work() throws FailedException, InterruptedException {
    long noted = System.nanoTime();
    while (!closed) {
      if (cancelled) {
        return MoveTask.State.CANCELLED;
      }
      if (moved.get() >= task.toMove()) {
        return MoveTask.State.COMPLETED;
      }
      long begun = System.nanoTime();
      int max = (int) Math.min(Math.min(BATCH, task.toMove() - moved.get()), perSecond());
      DurableQueue source = source();
      try {
        List<ReceivedMessage> messages = source.receive(max, MOVE, Duration.ZERO);
        if (!messages.isEmpty()) {
          move(source, messages);
          pace(begun, messages.size());
        } else if (mayHaveBeenInterrupted(source)) {
          await(PAUSE_NANOS);
        } else {
          return MoveTask.State.COMPLETED;
        }
      } catch (TooManyInFlightException _) {
        await(PAUSE_NANOS);
      }
      if (System.nanoTime() - noted > NOTE_NANOS) {
        registry.change(task.id(), stored -> stored.moved(moved.get()));
        noted = System.nanoTime();
      }
    }
    return MoveTask.State.RUNNING;
  }

  /** What a crash left in flight comes back within the time that moving may take. */
  private boolean mayHaveBeenInterrupted(DurableQueue source) {
    return resumed
        && source.depth().inFlight() > 0
        && System.nanoTime() - startedNanos < MOVE.plusSeconds(1).toNanos();
  }

  private DurableQueue source() {
    return queues
        .apply(task.source())
        .filter(queue -> queue.id().equals(task.sourceId()))
        .orElseThrow(() -> new QueueDoesNotExistException("no queue " + task.source()));
  }

  private int perSecond() {
    return task.maxPerSecond().orElse(Integer.MAX_VALUE);
  }

  private void move(DurableQueue source, List<ReceivedMessage> messages) throws FailedException {
    int done = 0;
    try {
      while (done < messages.size()) {
        DurableQueue to = destination(messages.get(done));
        int next = done + 1;
        while (next < messages.size() && isFor(to, messages.get(next))) {
          next++;
        }
        List<ReceivedMessage> some = messages.subList(done, next);
        to.append(some.stream().map(MoveTaskRun::record).toList()).forEach(CompletableFuture::join);
        source.acknowledge(receipts(some)).join();
        moved.addAndGet(some.size());
        done = next;
      }
    } finally {
      receipts(messages.subList(done, messages.size()))
          .forEach(receipt -> source.changeVisibility(receipt, Duration.ZERO));
    }
  }

  private static List<Receipt> receipts(List<ReceivedMessage> messages) {
    List<Receipt> receipts = new ArrayList<>();
    messages.forEach(message -> receipts.add(message.receipt()));
    return receipts;
  }

  private boolean isFor(DurableQueue queue, ReceivedMessage message) {
    return destinationName(message).equals(Optional.of(queue.name()));
  }

  private Optional<String> destinationName(ReceivedMessage message) {
    return task.destination()
        .or(
            () ->
                message
                    .origin()
                    .flatMap(MessageOrigin::deadLetter)
                    .map(MessageOrigin.DeadLetter::queue));
  }

  private DurableQueue destination(ReceivedMessage message) throws FailedException {
    String name =
        destinationName(message).orElseThrow(() -> new FailedException(MoveTask.Failure.NO_ORIGIN));
    return queues
        .apply(name)
        .orElseThrow(() -> new FailedException(MoveTask.Failure.NO_DESTINATION));
  }

  /** A new message; only what a topic brought still says so, since its receivers see that. */
  private static NewRecord record(ReceivedMessage message) {
    if (message.source().isEmpty()) {
      return MovedRecords.without(message.record());
    }
    MessageOrigin origin = MessageOrigin.of(message);
    return MovedRecords.with(
        message.record(),
        new MessageOrigin(origin.position(), origin.sentAt(), origin.source(), Optional.empty()));
  }

  private void pace(long begun, int messages) throws InterruptedException {
    if (task.maxPerSecond().isPresent()) {
      long due = begun + TimeUnit.SECONDS.toNanos(messages) / perSecond();
      await(due - System.nanoTime());
    }
  }

  /** Returns early when there is something else to do. */
  private void await(long nanos) throws InterruptedException {
    if (nanos > 0 && woken.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
      woken.release();
    }
  }
}
