package io.sluice.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProducerPerformanceTest {

  private static final ProducerPerformance PERFORMANCE =
      new ProducerPerformance("127.0.0.1:9092", "topic", 200_000, 1024);

  private static final List<String> OUTPUT =
      List.of(
          "Warmup first 20000 records. Steady state results will print after the complete test"
              + " summary.",
          "88123 records sent, 17624.6 records/sec (17.21 MB/sec), 9.9 ms avg latency, 300.0 ms max"
              + " latency.",
          "200000 records sent, 61236.987140 records/sec (59.80 MB/sec), 253.37 ms avg latency,"
              + " 402.00 ms max latency, 281 ms 50th, 359 ms 95th, 387 ms 99th, 401 ms 99.9th.",
          "180000 steady state records sent, 90000.000000 records/sec (87.89 MB/sec), 250.10 ms avg"
              + " latency, 391.00 ms max latency, 280 ms 50th, 350 ms 95th, 380 ms 99th, 390 ms"
              + " 99.9th.");

  @Test
  void the_steady_state_tells_the_rate_and_all_records_count() {
    Load load = PERFORMANCE.parse(OUTPUT);

    assertEquals(200_000, load.units());
    assertEquals(90_000, load.rate(), 0.01);
    assertEquals(Optional.of(new Latencies(280_000, 380_000, 390_000)), load.latencies());
  }

  @Test
  void records_that_were_not_acknowledged_fail_the_run() {
    List<String> lost = List.of(OUTPUT.getLast().replace("180000 steady", "179999 steady"));
    assertThrows(IllegalStateException.class, () -> PERFORMANCE.parse(lost));
  }
}
