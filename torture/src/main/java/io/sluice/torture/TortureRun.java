package io.sluice.torture;

import io.sluice.torture.history.Findings;
import io.sluice.torture.work.Activity;
import io.sluice.torture.work.Pause;
import io.sluice.torture.work.Work;
import io.sluice.torture.work.Works;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Rounds of work, kill and restart. After a few of them everyone stops, what is left is read, and
 * the histories are compared with the promises.
 */
public final class TortureRun {

  /**
   * After so many rounds it is looked at what is left, unless it is said otherwise. A message that
   * was on its way to a dead-letter queue may take half a minute, which long runs do not often pay.
   */
  public static final int ROUNDS_BETWEEN_CHECKS = 5;

  /** What every activity must do after each restart: something. */
  static final String PROGRESS = "every client goes on after a restart";

  private static final int MOST_UP_MILLIS = 1500;
  private static final int MOST_STARTING_MILLIS = 700;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final List<String> command;
  private final Path folder;
  private final PrintStream out;
  private final Random random;
  private final Findings findings = new Findings();

  /**
   * A run that has not begun.
   *
   * @param command what runs Sluice, up to but without {@code serve}
   * @param folder for data and log of the broker; empty
   * @param seed what decides when the broker is killed and what each client does
   * @param out where it tells how it goes
   */
  public TortureRun(List<String> command, Path folder, long seed, PrintStream out) {
    this.command = command;
    this.folder = folder;
    this.out = out;
    this.random = new Random(seed);
  }

  /**
   * Kills the broker so often, or until something is found.
   *
   * @param roundsBetweenChecks after how many it looks at what is left
   * @return what was found
   */
  public Findings run(int rounds, int roundsBetweenChecks) throws Exception {
    try (Victim victim = new Victim(command, folder)) {
      List<Work> works = Works.begin(victim.doors(), findings);
      try {
        int done = 0;
        while (done < rounds && findings.broken().isEmpty()) {
          int next = Math.min(rounds - done, roundsBetweenChecks);
          torture(victim, works, next);
          done += next;
          settle(works, done == rounds, findings);
          out.printf(
              "%d rounds, %d acknowledged, %d broken promises%n",
              done, findings.acknowledged(), findings.broken().size());
        }
      } finally {
        works.forEach(Work::close);
      }
    }
    return findings;
  }

  private void torture(Victim victim, List<Work> works, int rounds) throws Exception {
    List<Worker> workers = new ArrayList<>();
    for (Work work : works) {
      for (Activity activity : work.activities()) {
        workers.add(new Worker(activity, new Random(random.nextLong()), findings));
      }
    }
    for (int round = 0; round < rounds; round++) {
      // Not all: some are to be hit while they still recover from the last time.
      awaitProgress(workers, 1 + random.nextInt(workers.size() / 2));
      Thread.sleep(random.nextInt(MOST_UP_MILLIS));
      victim.kill();
      while (random.nextInt(4) == 0) {
        victim.restartAndKill(Duration.ofMillis(random.nextInt(MOST_STARTING_MILLIS)));
      }
      victim.restart();
    }
    awaitProgress(workers, workers.size());
    workers.forEach(Worker::stop);
    for (Worker worker : workers) {
      if (!worker.hasEnded(PATIENCE)) {
        findings.broken(PROGRESS, worker.name() + " does not come back");
      }
    }
  }

  /** Waits until so many have done something since now; it is a finding when they do not. */
  private void awaitProgress(List<Worker> workers, int wanted) {
    List<Long> before = workers.stream().map(Worker::steps).toList();
    long end = System.nanoTime() + PATIENCE.toNanos();
    List<Worker> stuck = stuck(workers, before);
    while (workers.size() - stuck.size() < wanted && findings.broken().isEmpty()) {
      if (System.nanoTime() > end) {
        stuck.forEach(
            worker -> findings.broken(PROGRESS, worker.name() + ", last: " + worker.lastFailure()));
      }
      Pause.brief();
      stuck = stuck(workers, before);
    }
    findings.checked(PROGRESS, wanted);
  }

  private static List<Worker> stuck(List<Worker> workers, List<Long> before) {
    return IntStream.range(0, workers.size())
        .filter(i -> workers.get(i).steps() == before.get(i))
        .mapToObj(workers::get)
        .toList();
  }

  /** Has all that is left read, and compared with the promises. */
  static void settle(List<Work> works, boolean isLast, Findings findings) {
    for (Work work : works) {
      if (!findings.broken().isEmpty()) {
        return;
      }
      try {
        if (isLast) {
          work.finish();
        } else {
          work.settle();
        }
      } catch (Exception e) {
        findings.broken("what is left can be read", work.getClass().getSimpleName() + ": " + e);
      }
    }
  }
}
