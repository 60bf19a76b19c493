package io.sluice.log.clock;

import java.time.Instant;
import java.time.InstantSource;

/** Begins with the wall's time and then counts what passes, as {@link System#nanoTime} does. */
final class ElapsedTime implements InstantSource {

  private final Instant begin = Instant.now();
  private final long beginMillis = begin.toEpochMilli();
  private final long beginNanos = System.nanoTime();

  @Override
  public Instant instant() {
    return begin.plusNanos(System.nanoTime() - beginNanos);
  }

  @Override
  public long millis() {
    return beginMillis + (System.nanoTime() - beginNanos) / 1_000_000;
  }
}
