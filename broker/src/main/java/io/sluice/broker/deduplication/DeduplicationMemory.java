package io.sluice.broker.deduplication;

import java.util.concurrent.atomic.AtomicLong;

/** How much memory the recent ids of all queues and topics take together. Safe for many threads. */
public final class DeduplicationMemory {
  private final long maxBytes;
  private final AtomicLong bytes = new AtomicLong();

  /** Lets them take about so many bytes. */
  public DeduplicationMemory(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** An eighth of the heap: some 3 million ids where that has 512 MiB. */
  public static DeduplicationMemory ofHeap() {
    return new DeduplicationMemory(Runtime.getRuntime().maxMemory() / 8);
  }

  /**
   * Says no before a message is appended whose id could not be remembered.
   *
   * @throws TooManyRecentIdsException there is no room
   */
  void check() {
    if (bytes.get() >= maxBytes) {
      throw new TooManyRecentIdsException(
          "the deduplication ids of the last five minutes take " + bytes + " bytes");
    }
  }

  void taken(long more) {
    bytes.addAndGet(more);
  }

  void released(long less) {
    bytes.addAndGet(-less);
  }
}
