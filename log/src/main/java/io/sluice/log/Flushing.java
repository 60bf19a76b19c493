package io.sluice.log;

import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;

/**
 * What the partitions of a store flush with.
 *
 * @param threads for flushes for which nobody who waits has a thread
 * @param file flushes one segment
 * @param carriers of virtual threads that flushes may hold at once: Java would add carriers beyond
 *     any number of them
 */
record Flushing(Executor threads, FlushFile file, Semaphore carriers) {

  static Flushing with(Executor threads, FlushFile file) {
    return new Flushing(threads, file, new Semaphore(Runtime.getRuntime().availableProcessors()));
  }
}
