package io.sluice.bench.load;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Records of 100 B, each on its own way from {@code send} to the acknowledgement, or to the {@code
 * poll} that returns it. Producer and consumer are threads of this process, so that one clock of
 * nanoseconds tells. The first tenth warms clients and connections and is no latency.
 *
 * @param bootstrap host and port
 * @param topic has one partition
 */
public record SingleRecords(String bootstrap, String topic) {

  private static final int WARM_UP_DIVISOR = 10;

  /** One at a time, until it is acknowledged. */
  public Load acknowledged(int records) throws Exception {
    try (SmallRecords producer = new SmallRecords(bootstrap, topic)) {
      long[] nanos = new long[records];
      long begin = System.nanoTime();
      for (int record = 0; record < records; record++) {
        long start = System.nanoTime();
        producer.send().get();
        nanos[record] = System.nanoTime() - start;
      }
      return load(nanos, System.nanoTime() - begin);
    }
  }

  /** One at a time, until a consumer has it (and it is acknowledged, before the next). */
  public Load endToEnd(int records) throws Exception {
    try (Arrivals arrivals = new Arrivals(bootstrap, topic, records);
        SmallRecords producer = new SmallRecords(bootstrap, topic)) {
      long[] nanos = new long[records];
      long begin = System.nanoTime();
      for (int record = 0; record < records; record++) {
        long start = System.nanoTime();
        var acknowledgement = producer.send();
        arrivals.await(1);
        nanos[record] = arrivals.nanos(record) - start;
        acknowledgement.get();
      }
      return load(nanos, System.nanoTime() - begin);
    }
  }

  /**
   * At a steady rate, whatever comes back: each counts from when it should have been sent, so that
   * what holds up the sender is not left out.
   */
  public Load endToEnd(int records, int perSecond) throws Exception {
    try (Arrivals arrivals = new Arrivals(bootstrap, topic, records);
        SmallRecords producer = new SmallRecords(bootstrap, topic)) {
      long begin = System.nanoTime();
      for (int record = 0; record < records; record++) {
        long wait = begin + due(record, perSecond) - System.nanoTime();
        if (wait > 0) {
          LockSupport.parkNanos(wait);
        }
        producer.send();
      }
      arrivals.await(records);
      long[] nanos = new long[records];
      for (int record = 0; record < records; record++) {
        nanos[record] = arrivals.nanos(record) - begin - due(record, perSecond);
      }
      return load(nanos, System.nanoTime() - begin);
    }
  }

  private static long due(int record, int perSecond) {
    return record * 1_000_000_000L / perSecond;
  }

  static Load load(long[] nanos, long elapsedNanos) {
    Histogram histogram = new Histogram(3);
    for (int record = nanos.length / WARM_UP_DIVISOR; record < nanos.length; record++) {
      histogram.recordValue(nanos[record]);
    }
    return new Load(
        nanos.length, Duration.ofNanos(elapsedNanos), Optional.of(Latencies.ofNanos(histogram)));
  }
}
