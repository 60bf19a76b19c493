package io.sluice.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CpuHistoryTest {

  private final AtomicLong used = new AtomicLong(7);
  private final AtomicLong nanos = new AtomicLong(-50);

  @Test
  void only_the_end_of_the_run_counts() throws Exception {
    try (CpuHistory history = new CpuHistory(used::get, nanos::get, Duration.ofHours(1))) {
      nanos.set(100);
      used.set(9);
      assertEquals(2, history.secondsSince(Duration.ofNanos(40)));

      nanos.set(200);
      used.set(10);
      assertEquals(1, history.secondsSince(Duration.ofNanos(60)));
      assertEquals(3, history.secondsSince(Duration.ofSeconds(1)));
    }
  }
}
