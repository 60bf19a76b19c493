package io.sluice.log.clock;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes by the wall's clock, but when that goes ahead by more than passes, it goes on evenly until
 * the other has been ahead for long enough: a clock that is wrong can be set right before what
 * looks old is deleted. It notices only when it is asked. Safe for many threads.
 */
final class CautiousClock implements InstantSource {

  private static final Logger LOGGER = LoggerFactory.getLogger(CautiousClock.class);

  /** So much is a correction. */
  private static final Duration TOLERANCE = Duration.ofMinutes(1);

  private final InstantSource wall;
  private final InstantSource elapsed;
  private final Duration patience;

  /** What was believed beyond what passed. */
  private Duration believed = Duration.ZERO;

  private @Nullable Instant suspiciousSince;

  CautiousClock(InstantSource wall, InstantSource elapsed, Duration patience) {
    this.wall = wall;
    this.elapsed = elapsed;
    this.patience = patience;
  }

  @Override
  public synchronized Instant instant() {
    Instant passed = elapsed.instant();
    Instant shown = wall.instant();
    Duration ahead = Duration.between(passed.plus(believed), shown);
    if (ahead.compareTo(TOLERANCE) <= 0) {
      suspiciousSince = null;
      return believe(ahead.isNegative() ? Duration.ZERO : ahead, shown);
    }
    if (suspiciousSince == null) {
      suspiciousSince = passed;
      LOGGER.warn(
          "the clock went ahead by {}; what is old only because of that is kept for {}",
          ahead,
          patience);
    }
    if (Duration.between(suspiciousSince, passed).compareTo(patience) >= 0) {
      suspiciousSince = null;
      return believe(ahead, shown);
    }
    return passed.plus(believed);
  }

  private Instant believe(Duration ahead, Instant shown) {
    believed = believed.plus(ahead);
    return shown;
  }
}
