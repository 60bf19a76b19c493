package io.sluice.log;

import io.sluice.log.clock.Clocks;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ScheduledFuture;
import org.apache.kafka.server.util.Scheduler;
import org.apache.kafka.server.util.ShutdownableThread;

/**
 * What a partition takes for the time: the wall's clock for what is appended, and the cautious one
 * where something may be deleted for its age.
 */
record PartitionClock(Clocks clocks) implements InstantSource {

  private static final ScopedValue<Boolean> DELETING = ScopedValue.newInstance();

  @Override
  public Instant instant() {
    return now().instant();
  }

  @Override
  public long millis() {
    return now().millis();
  }

  private InstantSource now() {
    // Kafka's cleaner, whose threads are such, deletes by itself.
    boolean deletes = DELETING.isBound() || Thread.currentThread() instanceof ShutdownableThread;
    return deletes ? clocks.cautious() : clocks.wall();
  }

  /** Does what may delete. */
  static void deleting(Runnable action) {
    ScopedValue.where(DELETING, true).run(action);
  }

  /** Schedules what a partition does beside appends, which forgets old producers. */
  static Scheduler scheduler(Scheduler scheduler) {
    return new Scheduler() {
      @Override
      public void startup() {
        scheduler.startup();
      }

      @Override
      public void shutdown() throws InterruptedException {
        scheduler.shutdown();
      }

      @Override
      public ScheduledFuture<?> schedule(
          String name, Runnable task, long delayMillis, long periodMillis) {
        return scheduler.schedule(name, () -> deleting(task), delayMillis, periodMillis);
      }

      @Override
      public void resizeThreadPool(int threads) {
        scheduler.resizeThreadPool(threads);
      }
    };
  }
}
