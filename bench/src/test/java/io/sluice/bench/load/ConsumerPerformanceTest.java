package io.sluice.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
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
    Load load = PERFORMANCE.parse(List.of("a warning", summary(200_000)));

    assertEquals(200_000, load.units());
    assertEquals(400_000, load.rate(), 0.01);
  }

  @Test
  void records_that_did_not_come_fail_the_run() {
    List<String> lines = List.of(summary(199_999));
    assertThrows(IllegalStateException.class, () -> PERFORMANCE.parse(lines));
  }

  @Test
  void records_that_came_twice_fail_the_run() {
    List<String> lines = List.of(summary(200_001));
    assertThrows(IllegalStateException.class, () -> PERFORMANCE.parse(lines));
  }
}
