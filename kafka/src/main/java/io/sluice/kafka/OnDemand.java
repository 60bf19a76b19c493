package io.sluice.kafka;

import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A coordinator that the first request starts which needs it. Safe for use by many threads.
 *
 * @param <T> what is started
 */
public final class OnDemand<T> implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(OnDemand.class);

  /** Starts it; in one thread at a time, and again when it has failed. */
  @FunctionalInterface
  public interface Starter<T> {
    T start() throws InterruptedException;
  }

  private final String name;
  private final Starter<T> starter;
  private final Consumer<T> stop;
  private final ReentrantLock lock = new ReentrantLock();

  /** Written by the owner of {@link #lock}. */
  private volatile Optional<T> started = Optional.empty();

  /** Owned by {@link #lock}. */
  private boolean closed;

  /** Starts nothing yet. */
  public OnDemand(String name, Starter<T> starter, Consumer<T> stop) {
    this.name = name;
    this.starter = starter;
    this.stop = stop;
  }

  /** Starts it in the background, without anybody's request. */
  public void startSoon() {
    Thread.ofVirtual().name(name + "-start").start(this::startNow);
  }

  private void startNow() {
    try {
      get();
    } catch (InterruptedException | CoordinatorNotAvailableException e) {
      LOGGER.debug("{} is not started", name, e);
    } catch (RuntimeException e) {
      LOGGER.error("{} could not be started; the next request tries again", name, e);
    }
  }

  /**
   * It, running.
   *
   * @throws CoordinatorNotAvailableException the broker shuts down
   */
  public T get() throws InterruptedException {
    Optional<T> running = started;
    return running.isPresent() ? running.get() : start();
  }

  private T start() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (closed) {
        throw new CoordinatorNotAvailableException("the broker is shutting down");
      }
      if (started.isEmpty()) {
        started = Optional.of(starter.start());
      }
      return started.get();
    } finally {
      lock.unlock();
    }
  }

  /** Stops it, if it was started; nobody gets it any more. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      started.ifPresent(stop);
    } finally {
      lock.unlock();
    }
  }
}
