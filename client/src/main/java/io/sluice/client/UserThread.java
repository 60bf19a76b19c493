package io.sluice.client;

import java.util.ConcurrentModificationException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Sees to it that one thread at a time uses a consumer, as {@code KafkaConsumer} does. */
final class UserThread {

  private static final long NOBODY = -1;

  private final AtomicLong user = new AtomicLong(NOBODY);
  private int depth;
  private boolean closing;
  private volatile boolean closed;

  /**
   * Runs it.
   *
   * @throws ConcurrentModificationException another thread is at it
   * @throws IllegalStateException it was closed
   */
  <T> T call(Supplier<T> body) {
    enter();
    try {
      if (closed) {
        throw new IllegalStateException("This consumer has already been closed.");
      }
      return body.get();
    } finally {
      leave();
    }
  }

  /** As {@link #call}. */
  void run(Runnable body) {
    call(
        () -> {
          body.run();
          return true;
        });
  }

  /** Runs it once, the last time; nothing the second time. It may still use what is closed. */
  void close(Runnable body) {
    enter();
    try {
      if (!closing) {
        closing = true;
        try {
          body.run();
        } finally {
          closed = true;
        }
      }
    } finally {
      leave();
    }
  }

  private void enter() {
    long me = Thread.currentThread().getId();
    if (user.get() != me && !user.compareAndSet(NOBODY, me)) {
      throw new ConcurrentModificationException(
          "KafkaConsumer is not safe for multi-threaded access. currentThread(name: "
              + Thread.currentThread().getName()
              + ", id: "
              + me
              + ") otherThread(id: "
              + user.get()
              + ")");
    }
    depth++;
  }

  private void leave() {
    depth--;
    if (depth == 0) {
      user.set(NOBODY);
    }
  }
}
