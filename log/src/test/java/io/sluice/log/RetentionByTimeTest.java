package io.sluice.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.log.clock.Clocks;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.server.util.ShutdownableThread;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is deleted for its age when the wall's clock is set. */
class RetentionByTimeTest {

  private static final Duration DAY = Duration.ofDays(1);

  @TempDir Path folder;

  private final SteppedTime wall = new SteppedTime();
  private final SteppedTime elapsed = new SteppedTime();

  private void pass(Duration time) {
    wall.advance(time);
    elapsed.advance(time);
  }

  @Test
  void a_clock_that_goes_ahead_deletes_nothing_for_a_day() {
    try (DiskLogStore store = open()) {
      PartitionLog log = keeping(store, DAY.multipliedBy(2));
      append(log);
      wall.advance(Duration.ofDays(30));
      store.applyRetention();
      assertEquals(0, log.startOffset(), "two days have not passed");

      append(log);
      assertEquals(2, log.endOffset(), "records of now are accepted");
      pass(DAY.minusSeconds(1));
      store.applyRetention();
      assertEquals(0, log.startOffset());

      pass(Duration.ofSeconds(1));
      store.applyRetention();
      assertEquals(1, log.startOffset(), "the second is a day old");
      pass(DAY.plusSeconds(1));
      store.applyRetention();
      assertEquals(2, log.startOffset());
    }
  }

  @Test
  void what_is_old_is_deleted_while_the_clock_is_wrong() {
    try (DiskLogStore store = open()) {
      PartitionLog log = keeping(store, DAY.dividedBy(2));
      append(log);
      wall.advance(Duration.ofDays(30));
      store.applyRetention();
      assertEquals(0, log.startOffset());
      pass(DAY.dividedBy(2).plusMillis(1));
      store.applyRetention();
      assertEquals(1, log.startOffset());
    }
  }

  @Test
  void what_kafkas_cleaner_deletes_by_itself_is_old_by_the_cautious_clock() throws Exception {
    PartitionClock clock = new PartitionClock(Clocks.of(wall, elapsed));
    wall.advance(Duration.ofDays(30));
    CompletableFuture<Instant> seen = new CompletableFuture<>();
    ShutdownableThread cleaner =
        new ShutdownableThread("cleaner", false) {
          @Override
          public void doWork() {
            initiateShutdown();
            seen.complete(clock.instant());
          }
        };
    cleaner.start();
    Instant instant = seen.get();
    cleaner.awaitShutdown();
    assertTrue(instant.isBefore(wall.instant().minus(DAY)), () -> "it is " + instant);
  }

  private DiskLogStore open() {
    return DiskLogStore.open(
        folder, LogStoreOptions.defaults().withClocks(Clocks.of(wall, elapsed)));
  }

  private static PartitionLog keeping(DiskLogStore store, Duration retention) {
    return store.create(
        new TopicPartition("orders", 0),
        Uuid.randomUuid(),
        Map.of("retention.ms", Long.toString(retention.toMillis())));
  }

  private void append(PartitionLog log) {
    log.append(Batches.at(wall.millis(), "value"), AppendSource.CLIENT).durable().join();
  }
}
