package io.sluice.broker;

/**
 * The turns of a connection among all that have virtual threads. Nobody takes such a thread off its
 * carrier but itself: one whose client has always sent the next request by then would never wait,
 * and keep out others (ADR 006). Owned by the connection's thread.
 */
public final class Turns {

  private static final int REQUESTS_IN_A_ROW = 4;

  private int requests;

  /**
   * Called before each request: waits now and then for a new thread. A carrier begins those when
   * nobody is left whom it has run lately, and after what the JDK's poller and platform threads
   * have for it; {@link Thread#yield} would only give way to the former.
   */
  public void next() throws InterruptedException {
    if (++requests % REQUESTS_IN_A_ROW == 0 && Thread.currentThread().isVirtual()) {
      Thread.startVirtualThread(() -> {}).join();
    }
  }
}
