package io.sluice.client.publish;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that publish. One of those that have nothing to do watches the lanes, until the first
 * is ready, and the others wait until they are woken; one that finds more than goes in its request
 * wakes another. Guarded by the lock of {@link Publishing}.
 */
final class Senders {

  private static final Logger LOGGER = LoggerFactory.getLogger(Senders.class);

  /** Nothing depends on it. */
  private static final long LONGEST_WAIT = TimeUnit.MINUTES.toNanos(1);

  private final ActiveLanes lanes;
  private final int most;
  private final String name;
  private final Runnable work;
  private final Condition changed;
  private int started;
  private int idle;

  /** Who looks at the lanes by itself, without being woken. */
  private @Nullable Thread watcher;

  /** When it does, ns of {@link System#nanoTime}. */
  private long watcherLooksAt;

  /** Whether somebody was woken who has not looked yet. */
  private boolean isLooking;

  /**
   * There are none before {@link #start}.
   *
   * @param most how many there may be
   * @param work what each does, which ends when it is closed
   */
  Senders(ReentrantLock lock, ActiveLanes lanes, int most, String name, Runnable work) {
    this.lanes = lanes;
    this.most = most;
    this.name = name;
    this.work = work;
    this.changed = lock.newCondition();
  }

  /** Starts the first; the others when they are needed. */
  void start() {
    Thread thread = new Thread(work, name + "-" + started);
    thread.setDaemon(true);
    started++;
    isLooking = true;
    thread.start();
  }

  /** Somebody looks at the lanes at a time, ns of {@link System#nanoTime}, or before it. */
  void lookBy(long time) {
    if (!isLooking && (watcher == null || time - watcherLooksAt < 0)) {
      wake();
    }
  }

  private void wake() {
    if (idle > 0) {
      isLooking = true;
      changed.signal();
    } else if (started < most) {
      try {
        start();
      } catch (OutOfMemoryError e) {
        // There is at least one, which looks when its request has ended.
        started--;
        isLooking = false;
        LOGGER.warn("no other thread can be started: {}", e.toString());
      }
    }
  }

  /** Wakes everybody. */
  void wakeAll() {
    changed.signalAll();
  }

  /**
   * What this thread is to publish; null after it has waited, when it is to look again.
   *
   * @param now ns of {@link System#nanoTime}
   */
  @Nullable Request look(long now) throws InterruptedException {
    isLooking = false;
    Request request = lanes.next(now);
    if (request == null) {
      await(now, lanes.nanosToWait(now, LONGEST_WAIT));
    } else if (idle > 0 || started < most) {
      long wait = lanes.nanosToWait(now, LONGEST_WAIT);
      if (wait < LONGEST_WAIT) {
        lookBy(now + wait);
      }
    }
    return request;
  }

  @SuppressWarnings("WaitNotInLoop") // whoever calls it looks again
  private void await(long now, long nanos) throws InterruptedException {
    Thread self = Thread.currentThread();
    idle++;
    try {
      if (watcher == null || now + nanos - watcherLooksAt < 0) {
        watcher = self;
        watcherLooksAt = now + nanos;
        changed.awaitNanos(nanos);
      } else {
        changed.await();
      }
    } finally {
      idle--;
      if (watcher == self) {
        watcher = null;
      }
    }
  }
}
