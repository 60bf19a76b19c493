package io.sluice.kafka;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Buffers outside the heap that connections borrow while they bring requests: records go from the
 * socket to the log through one of them, without a copy on the heap. The one that was given back
 * last is lent first, as the processor's caches still know it. Safe for use by many threads.
 */
final class FrameBuffers {

  /** A few of the requests that a producer has in flight with its default batch size. */
  static final int BUFFER_BYTES = 128 * 1024;

  private final ConcurrentLinkedDeque<ByteBuffer> free = new ConcurrentLinkedDeque<>();
  private final AtomicInteger unmade;

  /**
   * Buffers that are made when they are first needed, and kept.
   *
   * @param count how many there may be at most
   */
  FrameBuffers(int count) {
    this.unmade = new AtomicInteger(count);
  }

  /** An empty buffer; none when all are lent. */
  Optional<ByteBuffer> borrow() {
    ByteBuffer last = free.pollFirst();
    if (last != null) {
      return Optional.of(last.clear());
    }
    if (unmade.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      return Optional.of(ByteBuffer.allocateDirect(BUFFER_BYTES));
    }
    return Optional.empty();
  }

  /** Takes back what was borrowed; whoever had it must not use it any more. */
  void giveBack(ByteBuffer buffer) {
    free.addFirst(buffer);
  }
}
