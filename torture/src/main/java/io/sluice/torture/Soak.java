package io.sluice.torture;

import io.sluice.torture.history.Findings;
import io.sluice.torture.work.Activity;
import io.sluice.torture.work.Work;
import io.sluice.torture.work.Works;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/**
 * Work for a long time at a bounded rate on a broker that nobody kills: memory, files and threads
 * must stay as they are once it has warmed up.
 */
final class Soak {

  private static final String FLAT = "memory, files and threads stay as they are";
  private static final Duration BETWEEN_FOOTPRINTS = Duration.ofSeconds(5);
  private static final Duration BETWEEN_CHECKS = Duration.ofMinutes(5);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** The mean of the last fourth over that of the second. */
  private static final double MOST_GROWTH = 1.1;

  private final List<String> command;
  private final Path folder;
  private final PrintStream out;
  private final Random random;
  private final Findings findings = new Findings();
  private final List<Footprint> footprints = new ArrayList<>();
  private final long begun = System.nanoTime();

  /** As {@link TortureRun#TortureRun}. */
  Soak(List<String> command, Path folder, long seed, PrintStream out) {
    this.command = command;
    this.folder = folder;
    this.out = out;
    this.random = new Random(seed);
  }

  /** Works for so long, or until something is found. */
  Findings run(Duration length) throws Exception {
    try (Victim victim = new Victim(command, folder)) {
      List<Work> works = Works.begin(victim.doors(), findings);
      try {
        boolean ends = false;
        while (!ends && findings.broken().isEmpty()) {
          Duration left = length.minus(elapsed());
          ends = left.compareTo(BETWEEN_CHECKS) <= 0;
          work(victim, works, ends ? left : BETWEEN_CHECKS);
          settle(works, ends);
        }
      } finally {
        works.forEach(Work::close);
      }
    }
    assertFlat("resident memory", Footprint::residentBytes);
    assertFlat("open files", Footprint::files);
    assertFlat("threads", Footprint::threads);
    return findings;
  }

  /** What the broker took, every few seconds. */
  List<Footprint> footprints() {
    return List.copyOf(footprints);
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  private void work(Victim victim, List<Work> works, Duration length) throws Exception {
    List<Worker> workers = new ArrayList<>();
    for (Work work : works) {
      for (Activity activity : work.activities()) {
        workers.add(new Worker(activity, new Random(random.nextLong()), findings));
      }
    }
    Duration end = elapsed().plus(length);
    while (elapsed().compareTo(end) < 0 && findings.broken().isEmpty()) {
      Thread.sleep(BETWEEN_FOOTPRINTS);
      measure(victim);
    }
    workers.forEach(Worker::stop);
    for (Worker worker : workers) {
      if (!worker.hasEnded(PATIENCE)) {
        findings.broken(TortureRun.PROGRESS, worker.name() + " does not come back");
      }
    }
  }

  private void measure(Victim victim) throws IOException {
    footprints.add(victim.footprint(elapsed().toSeconds()));
  }

  private void settle(List<Work> works, boolean isLast) {
    TortureRun.settle(works, isLast, findings);
    Footprint now = footprints.getLast();
    out.printf(
        "%d minutes, %d acknowledged, %d MB, %d files, %d threads, %d broken promises%n",
        elapsed().toMinutes(),
        findings.acknowledged(),
        now.residentBytes() / 1_000_000,
        now.files(),
        now.threads(),
        findings.broken().size());
  }

  private void assertFlat(String what, ToDoubleFunction<Footprint> value) {
    int fourth = footprints.size() / 4;
    double early = mean(footprints.subList(fourth, 2 * fourth), value);
    double late = mean(footprints.subList(footprints.size() - fourth, footprints.size()), value);
    findings.checked(FLAT, 1);
    if (late > early * MOST_GROWTH) {
      findings.broken(FLAT, "%s: %.0f, then %.0f".formatted(what, early, late));
    }
  }

  private static double mean(List<Footprint> footprints, ToDoubleFunction<Footprint> value) {
    return footprints.stream().mapToDouble(value).average().orElse(0);
  }
}
