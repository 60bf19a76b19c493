package io.sluice.broker.subscription;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.broker.subscription.History.Kind;
import io.sluice.broker.subscription.History.Moment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random histories against the model. A failure names its seed; {@code -Dsluice.seed=N} runs that
 * one history again, {@code -Dsluice.histories=N} so many from a random seed on.
 */
class RandomHistoryTest {

  private static final int HISTORIES = Integer.getInteger("sluice.histories", 300);
  private static final int STEPS = 120;

  @TempDir Path folder;

  /** How often something was refused for want of room. */
  private int refusals;

  /** One thing that happens, and how it is written down. */
  private interface Step {
    String happen(History history) throws InterruptedException;
  }

  @Test
  void every_history_agrees_with_the_model() throws Exception {
    forEachSeed(HISTORIES, (random, own, trace) -> play(random, own, trace, Kind.PLAIN));
  }

  @Test
  void every_history_of_a_queue_with_noisy_groups_agrees_with_the_model() throws Exception {
    forEachSeed(HISTORIES / 2, (random, own, trace) -> play(random, own, trace, Kind.FAIR));
  }

  @Test
  void every_history_of_a_fifo_queue_agrees_with_the_model() throws Exception {
    forEachSeed(HISTORIES / 3, (random, own, trace) -> play(random, own, trace, Kind.FIFO));
  }

  @Test
  void every_history_with_dead_letters_agrees_with_the_model() throws Exception {
    forEachSeed(HISTORIES / 3, (random, own, trace) -> play(random, own, trace, Kind.MORTAL));
  }

  @Test
  void every_history_of_a_fifo_queue_with_dead_letters_agrees_with_the_model() throws Exception {
    forEachSeed(HISTORIES / 3, (random, own, trace) -> play(random, own, trace, Kind.MORTAL_FIFO));
  }

  @Test
  void every_prefix_of_the_journal_is_a_state_that_was() throws Exception {
    forEachSeed(
        HISTORIES / 20,
        (random, own, trace) -> playAndCrashEverywhere(random, own, trace, Kind.PLAIN));
  }

  @Test
  void every_prefix_of_the_journal_with_noisy_groups_is_a_state_that_was() throws Exception {
    forEachSeed(
        HISTORIES / 30,
        (random, own, trace) -> playAndCrashEverywhere(random, own, trace, Kind.FAIR));
  }

  @Test
  void every_prefix_of_the_journal_of_a_fifo_queue_is_a_state_that_was() throws Exception {
    forEachSeed(
        HISTORIES / 60,
        (random, own, trace) -> playAndCrashEverywhere(random, own, trace, Kind.FIFO));
  }

  @Test
  void every_prefix_of_the_journal_with_dead_letters_is_a_state_that_was() throws Exception {
    for (Kind kind : List.of(Kind.MORTAL, Kind.MORTAL_FIFO)) {
      forEachSeed(
          HISTORIES / 60, (random, own, trace) -> playAndCrashEverywhere(random, own, trace, kind));
    }
  }

  /** What is done with one seed. */
  private interface Play {
    void play(RandomGenerator random, Path folder, List<String> trace) throws Exception;
  }

  private void forEachSeed(int histories, Play play) throws Exception {
    Long only = Long.getLong("sluice.seed");
    long first = only == null ? System.nanoTime() : only;
    for (long seed = first; seed < first + (only == null ? histories : 1); seed++) {
      List<String> trace = new ArrayList<>();
      try {
        RandomGenerator random =
            RandomGeneratorFactory.<RandomGenerator>of("L64X128MixRandom").create(seed);
        Path own = Files.createDirectory(folder.resolve("seed" + seed));
        play.play(random, own, trace);
        delete(own);
      } catch (Exception | AssertionError e) {
        throw new AssertionError(
            e + "\n-Dsluice.seed=" + seed + "\n" + String.join("\n", trace), e);
      }
    }
    assertTrue(only != null || refusals > histories, () -> "only " + refusals + " were refused");
  }

  private void play(RandomGenerator random, Path own, List<String> trace, Kind kind)
      throws Exception {
    History history = new History(random, own, kind);
    try {
      trace.add(history.addSource());
      for (int i = 0; i < STEPS; i++) {
        trace.add("then: " + trace.size());
        String step = anything(random, kind).happen(history);
        trace.set(trace.size() - 1, step);
        history.check();
      }
    } finally {
      refusals += history.refusals();
      history.close();
    }
  }

  private static Step anything(RandomGenerator random, Kind kind) {
    return switch (random.nextInt(60)) {
      case 0 -> History::addSource;
      case 1 -> History::endSource;
      case 2 -> History::restart;
      case 3 -> History::rewind;
      case 4 -> History::purge;
      case 5 -> History::addPartition;
      case 6 -> History::leaveGap;
      case 7 -> History::deleteRecords;
      case 8, 9 -> History::reopen;
      case 10, 11 -> history -> history.crash(RandomHistoryTest::copy);
      case 12, 13 -> History::move;
      case 14 -> History::dig;
      case 15, 16, 17, 18, 19, 20, 21, 22 -> withoutRoom(random, kind);
      default -> everyday(random, kind);
    };
  }

  /**
   * Anything that writes into the journals; but for the end of a source, which counts although it
   * is refused.
   */
  private static Step withoutRoom(RandomGenerator random, Kind kind) {
    Step step =
        switch (random.nextInt(15)) {
          case 0 -> History::addSource;
          case 1 -> History::restart;
          case 2 -> History::rewind;
          case 3 -> History::purge;
          case 4 -> History::move;
          default -> everyday(random, kind);
        };
    return history -> history.withoutRoom(() -> step.happen(history));
  }

  /** Share consumers have rules of their own about dying. */
  private static Step everyday(RandomGenerator random, Kind kind) {
    return switch (random.nextInt(kind.isShared() ? 15 : 8)) {
      case 0, 1 -> History::append;
      case 2, 3, 4 -> History::receive;
      case 5, 6 -> History::acknowledge;
      case 7 -> random.nextBoolean() ? History::changeVisibility : History::advance;
      case 8, 9 -> History::lease;
      case 10, 11 -> History::settle;
      case 12 -> History::releaseAll;
      default -> History::advance;
    };
  }

  private void playAndCrashEverywhere(
      RandomGenerator random, Path own, List<String> trace, Kind kind) throws Exception {
    History history = new History(random, own, kind);
    List<Moment> moments = new ArrayList<>();
    try {
      trace.add(history.addSource());
      for (int i = 0; i < STEPS; i++) {
        String step =
            switch (random.nextInt(30)) {
              case 0 -> history.addSource();
              case 1 -> history.endSource();
              case 2 -> history.restart();
              case 3 -> history.rewind();
              case 4 -> history.purge();
              case 5 -> history.addPartition();
              case 6 -> history.move();
              case 7 -> history.dig();
              case 8, 9, 10, 11 -> withoutRoom(random, kind).happen(history);
              default -> everyday(random, kind).happen(history);
            };
        trace.add(step);
        history.check();
        moments.add(history.moment());
      }
      for (int i = 0; i < moments.size(); i++) {
        trace.add("crash after step " + i);
        history.checkRecovery(moments.get(i), own.resolve("crash" + i));
      }
    } finally {
      refusals += history.refusals();
      history.close();
    }
  }

  private static void copy(Path from, Path to) {
    try (Stream<Path> files = Files.exists(from) ? Files.walk(from) : Stream.empty()) {
      for (Path file : files.toList()) {
        Files.copy(
            file,
            to.resolve(from.relativize(file).toString()),
            StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.toList().reversed()) {
        Files.delete(file);
      }
    }
  }
}
