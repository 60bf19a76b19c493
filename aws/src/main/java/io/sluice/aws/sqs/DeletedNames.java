package io.sluice.aws.sqs;

import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The names of queues that were deleted in the last minute, at most {@link SqsLimits#DELETED_NAMES}
 * of them; what a restart forgets. Guarded by its monitor.
 */
final class DeletedNames {

  private final boolean imposed;
  private final InstantSource clock;

  /** In the order of deletion. */
  private final Map<String, Instant> deletedAt = new LinkedHashMap<>();

  DeletedNames(boolean imposed, InstantSource clock) {
    this.imposed = imposed;
    this.clock = clock;
  }

  synchronized void deleted(String name) {
    if (imposed) {
      forget();
      deletedAt.remove(name);
      deletedAt.put(name, clock.instant());
      if (deletedAt.size() > SqsLimits.DELETED_NAMES) {
        deletedAt.remove(deletedAt.keySet().iterator().next());
      }
    }
  }

  /** Refuses a name that must still rest. */
  synchronized void check(String name) {
    forget();
    if (deletedAt.containsKey(name)) {
      throw SqsErrors.queueDeletedRecently();
    }
  }

  private void forget() {
    Instant longAgo = clock.instant().minus(SqsLimits.NAME_REST);
    deletedAt.values().removeIf(instant -> !instant.isAfter(longAgo));
  }
}
