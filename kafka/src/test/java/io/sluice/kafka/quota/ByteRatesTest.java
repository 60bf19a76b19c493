package io.sluice.kafka.quota;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** How long clients pause, and how many of them are remembered. */
class ByteRatesTest {

  private static QuotaLimits.Limit limit(String clientId, double bytesPerSecond) {
    return new QuotaLimits.Limit(new QuotaLimits.Holder("", clientId), bytesPerSecond);
  }

  /** KIP-13: after (O - T) / T * W the average over the windows is the limit again. */
  @Test
  void a_pause_brings_the_average_down_to_the_limit() {
    ByteRates rates = new ByteRates();
    QuotaLimits.Limit limit = limit("a", 1_000);
    assertEquals(0, rates.recordAndGetThrottleMs(limit, 10_000, 100_000));
    assertEquals(10_000, rates.recordAndGetThrottleMs(limit, 10_000, 100_000));
    assertEquals(0, rates.recordAndGetThrottleMs(limit, 0, 112_000));
    assertEquals(0, rates.recordAndGetThrottleMs(limit("b", 1_000), 10_000, 112_000));
    assertEquals(Integer.MAX_VALUE, rates.recordAndGetThrottleMs(limit("c", 1), 1L << 40, 112_000));
  }

  @Test
  void names_of_clients_do_not_fill_the_memory() {
    ByteRates rates = new ByteRates();
    for (int i = 0; i < 10_500; i++) {
      assertEquals(0, rates.recordAndGetThrottleMs(limit("client" + i, 1_000), 1, i));
    }
    assertEquals(10_000, rates.size());
  }
}
