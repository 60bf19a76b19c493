package io.sluice.client.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class NanosecondsTest {

  private static final Duration FOREVER = Duration.ofMillis(Long.MAX_VALUE);

  @Test
  void for_ever_is_a_very_long_time() {
    long nanos = Nanoseconds.of(FOREVER);
    assertTrue(nanos > Duration.ofDays(36_500).toNanos());
    assertTrue(nanos + Duration.ofDays(36_500).toNanos() > 0, "it has a sum with a time");
    assertEquals(-nanos, Nanoseconds.of(FOREVER.negated()));
  }

  @Test
  void what_a_long_counts_is_counted() {
    assertEquals(1_500_000, Nanoseconds.of(Duration.ofNanos(1_500_000)));
    assertEquals(0, Nanoseconds.of(Duration.ZERO));
    assertEquals(-1_000_000_000, Nanoseconds.of(Duration.ofSeconds(-1)));
  }

  @Test
  void a_backoff_doubles_up_to_the_longest_however_long_that_is() {
    Backoff endless = new Backoff(FOREVER, FOREVER);
    assertTrue(endless.nanos(1) > 0 && endless.nanos(50) > 0);
    Backoff usual = new Backoff(Duration.ofMillis(100), Duration.ofMillis(1000));
    assertBetween(80, 120, usual.nanos(1));
    assertBetween(160, 240, usual.nanos(2));
    assertBetween(800, 1200, usual.nanos(5));
    assertBetween(800, 1200, usual.nanos(1000));
  }

  private static void assertBetween(long leastMs, long mostMs, long nanos) {
    assertTrue(nanos >= leastMs * 1_000_000 && nanos <= mostMs * 1_000_000, nanos + " ns");
  }
}
