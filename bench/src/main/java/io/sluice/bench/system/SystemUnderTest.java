package io.sluice.bench.system;

import java.nio.file.Path;

/** A system that can be measured, in one configuration. */
public interface SystemUnderTest {

  /** What the tables call it: the product, its version, and what is particular in its settings. */
  String name();

  /** Whether it is Sluice, which the others are compared with. */
  default boolean isSluice() {
    return false;
  }

  /**
   * Starts it as a child process that keeps its data in {@code folder}, empty or left by an earlier
   * start, and waits until it takes requests.
   *
   * @throws MissingPeerException when it cannot be had or started here
   */
  RunningSystem start(Path folder) throws InterruptedException;

  /** What lives on its heap, in bytes, after a full collection. */
  default long liveHeapBytes(RunningSystem running) throws InterruptedException {
    return JavaHeap.liveBytes(running.process().pid());
  }
}
