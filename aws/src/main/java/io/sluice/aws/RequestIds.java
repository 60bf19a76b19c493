package io.sluice.aws;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Request ids: UUIDs, as Amazon's, from a generator that is fast; nobody has to fear guessing. */
final class RequestIds {

  private static final long VERSION_4 = 0x0000_0000_0000_4000L;
  private static final long VERSION_MASK = 0x0000_0000_0000_F000L;
  private static final long VARIANT = 0x8000_0000_0000_0000L;
  private static final long VARIANT_MASK = 0xC000_0000_0000_0000L;

  private RequestIds() {}

  static String next() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return new UUID(
            (random.nextLong() & ~VERSION_MASK) | VERSION_4,
            (random.nextLong() & ~VARIANT_MASK) | VARIANT)
        .toString();
  }
}
