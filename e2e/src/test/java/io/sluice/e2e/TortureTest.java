package io.sluice.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.torture.TortureRun;
import io.sluice.torture.history.Findings;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A broker that is killed again and again under every kind of client keeps every promise. {@code
 * -Dsluice.torture.seed=N} repeats the choices of a run.
 */
@Isolated("what it judges is not how a broker does without processors")
class TortureTest {

  private static final int ROUNDS = Integer.getInteger("sluice.torture.rounds", 20);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path folder;

  @Test
  void nothing_that_was_acknowledged_is_lost() throws Exception {
    long seed = Long.getLong("sluice.torture.seed", new Random().nextLong());
    System.out.println("-Dsluice.torture.seed=" + seed);
    // They tell at length that the broker is away.
    Logger clients = Logger.getLogger("org.apache.kafka.clients");
    clients.setLevel(Level.OFF);
    try {
      torture(seed);
    } finally {
      clients.setLevel(null);
    }
  }

  private void torture(long seed) throws Exception {
    Findings findings =
        new TortureRun(BuiltSluice.command(), folder, seed, System.out)
            .run(ROUNDS, TortureRun.ROUNDS_BETWEEN_CHECKS);

    assertEquals(List.of(), findings.broken(), () -> "seed " + seed + ", data in " + folder);
  }
}
