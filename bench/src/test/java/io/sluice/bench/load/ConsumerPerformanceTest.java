package io.sluice.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConsumerPerformanceTest {

  private static final ConsumerPerformance PERFORMANCE =
      new ConsumerPerformance("127.0.0.1:9092", "topic", 200_000);

  private static String summary(int records) {
    return "2026-11-21 11:20:00:000, 2026-11-21 11:20:03:900, 195.3125, 50.0801, %d, 51282.0513, "
            .formatted(records)
        + "3400, 500, 390.6250, 400000.0000";
  }

  @Test
  void the_time_until_the_group_has_formed_does_not_count() {
    assertEquals(Optional.of(Duration.ofMillis(500)), PERFORMANCE.fetched(summary(200_000)));
  }

  @Test
  void records_that_did_not_come_or_came_twice_are_no_success() {
    assertEquals(Optional.empty(), PERFORMANCE.fetched(summary(199_999)));
    assertEquals(Optional.empty(), PERFORMANCE.fetched(summary(200_001)));
    assertEquals(Optional.empty(), PERFORMANCE.fetched("WARNING: Exiting before consuming, early"));
  }
}
