package io.sluice.client.producer;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Whether records wait for others: not while somebody flushes, or waits for the memory that they
 * take, as in Kafka's {@code RecordAccumulator}. Any thread.
 */
public final class Flushing {

  private final AtomicInteger flushes = new AtomicInteger();
  private final BooleanSupplier isMemoryExhausted;

  /** Nobody flushes yet. */
  public Flushing(BooleanSupplier isMemoryExhausted) {
    this.isMemoryExhausted = isMemoryExhausted;
  }

  /** Somebody waits for records from now on. */
  public void begin() {
    flushes.incrementAndGet();
  }

  /** Somebody who had begun waits no longer. */
  public void end() {
    flushes.decrementAndGet();
  }

  boolean isUrgent() {
    return flushes.get() > 0 || isMemoryExhausted.getAsBoolean();
  }
}
