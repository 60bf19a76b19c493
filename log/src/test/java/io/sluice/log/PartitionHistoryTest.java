package io.sluice.log;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random lives of a partition against a model: appends of plain and idempotent producers, reads,
 * times, deletions, retention, stalled flushes, restarts and power failures. A failure names its
 * seed; {@code -Dsluice.seed=N} runs that one history again, {@code -Dsluice.histories=N} so many
 * from a random seed on.
 */
class PartitionHistoryTest {

  private static final int STEPS = 400;

  @TempDir Path folder;

  @Test
  void a_partition_keeps_what_it_promised_whatever_happens() throws Exception {
    Long only = Long.getLong("sluice.seed");
    int histories = only == null ? Integer.getInteger("sluice.histories", 8) : 1;
    long first = only == null ? System.nanoTime() : only;
    for (long seed = first; seed < first + histories; seed++) {
      List<String> trace = new ArrayList<>();
      RandomGenerator random =
          RandomGeneratorFactory.<RandomGenerator>of("L64X128MixRandom").create(seed);
      Path own = Files.createDirectory(folder.resolve("seed" + seed));
      try {
        new PartitionHistory(own, random, trace).run(STEPS);
      } catch (Exception | AssertionError e) {
        throw new AssertionError(
            e + "\n-Dsluice.seed=" + seed + "\n" + String.join("\n", trace), e);
      }
    }
  }
}
