package io.sluice.client.producer;

/** Whether nothing may wait any more: records that came before a moment. Any thread. */
public final class Flushing {

  private volatile long before = Long.MIN_VALUE;
  private volatile boolean any;

  /** Everything that came before now. */
  public void begin() {
    before = System.nanoTime();
    any = true;
  }

  boolean includes(long since) {
    return any && since - before <= 0;
  }
}
