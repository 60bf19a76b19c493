package io.sluice.log.clock;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock that runs evenly and is never set back. It begins with the wall's time, or later: where
 * deadlines of a process before are kept, {@link #notBefore} what that process's clock said. Safe
 * for many threads.
 */
public final class SteadyClock implements InstantSource {

  private final InstantSource elapsed;
  private final AtomicLong aheadMillis = new AtomicLong();

  /** One that runs as {@code elapsed} does. */
  public SteadyClock(InstantSource elapsed) {
    this.elapsed = elapsed;
  }

  @Override
  public Instant instant() {
    return elapsed.instant().plusMillis(aheadMillis.get());
  }

  @Override
  public long millis() {
    return elapsed.millis() + aheadMillis.get();
  }

  /**
   * Moves it on, if it is behind.
   *
   * <p>To be called with what was recovered, before anybody goes by it: else a deadline that is a
   * minute away would be an hour away after the wall's clock was set back by an hour.
   *
   * @param epochMillis ms since the epoch, by the steady clock of a process before
   */
  public void notBefore(long epochMillis) {
    aheadMillis.accumulateAndGet(epochMillis - elapsed.millis(), Math::max);
  }
}
