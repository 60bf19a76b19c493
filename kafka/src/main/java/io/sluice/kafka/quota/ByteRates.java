package io.sluice.kafka.quota;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.stats.Rate;

/**
 * How much those who have a quota have taken of it lately, as Kafka measures it: an average over
 * {@code quota.window.num} windows of {@code quota.window.size.seconds}. Safe for use by many
 * threads.
 */
final class ByteRates {

  /** A client can call itself what it likes; who was idle for longest is forgotten. */
  private static final int MAX_RATES = 10_000;

  private static final MetricConfig WINDOWS =
      new MetricConfig().samples(11).timeWindow(1, TimeUnit.SECONDS);

  private final ReentrantLock lock = new ReentrantLock();

  /** Owned by {@link #lock}. */
  private final Map<QuotaLimits.Holder, Rate> rates =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<QuotaLimits.Holder, Rate> eldest) {
          return size() > MAX_RATES;
        }
      };

  /**
   * Counts bytes, and says for how long the client has to pause so that its average falls to its
   * limit: 0 when it is not above.
   */
  int recordAndGetThrottleMs(QuotaLimits.Limit limit, long bytes, long nowMs) {
    lock.lock();
    try {
      Rate rate = rates.computeIfAbsent(limit.holder(), holder -> new Rate());
      rate.record(WINDOWS, (double) bytes, nowMs);
      double excess = rate.measure(WINDOWS, nowMs) - limit.bytesPerSecond();
      return excess <= 0
          ? 0
          : (int)
              Math.min(
                  Integer.MAX_VALUE,
                  Math.round(excess / limit.bytesPerSecond() * rate.windowSize(WINDOWS, nowMs)));
    } finally {
      lock.unlock();
    }
  }

  /** How many are remembered. */
  int size() {
    lock.lock();
    try {
      return rates.size();
    } finally {
      lock.unlock();
    }
  }
}
