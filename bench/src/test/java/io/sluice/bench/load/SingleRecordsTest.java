package io.sluice.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SingleRecordsTest {

  @Test
  void the_first_tenth_is_no_latency() {
    long[] nanos = new long[1000];
    Arrays.fill(nanos, 0, 100, 1_000_000_000);
    Arrays.fill(nanos, 100, 1000, 200_000);

    Load load = SingleRecords.load(nanos, 2_000_000_000);

    assertEquals(500, load.rate(), 0.001);
    Latencies latencies = load.latencies().orElseThrow();
    assertEquals(200, latencies.p50Micros(), 0.2);
    assertEquals(200, latencies.p999Micros(), 0.2);
  }
}
