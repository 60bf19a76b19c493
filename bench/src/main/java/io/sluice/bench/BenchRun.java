package io.sluice.bench;

import io.sluice.bench.load.Load;
import io.sluice.bench.system.MissingPeerException;
import io.sluice.bench.system.RunningSystem;
import io.sluice.bench.system.SystemUnderTest;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One scenario on its way: starts systems in folders of their own, repeats runs, collects what is
 * found. Owned by the thread that runs the scenario.
 */
public final class BenchRun {

  /** A load against a system that runs; called once per repetition. */
  @FunctionalInterface
  public interface Work {
    /** Drives it once. */
    Load drive(RunningSystem system) throws Exception;

    /** Makes what a repetition needs; not measured. */
    default void before(RunningSystem system) throws Exception {}

    /** Removes what a repetition left; not measured. */
    default void after(RunningSystem system) throws Exception {}
  }

  /** What is done with one of several systems when it is its turn. */
  @FunctionalInterface
  public interface Turn {
    /** Measures it once, and leaves it running. */
    void of(SystemUnderTest system, RunningSystem running) throws Exception;
  }

  /** What is done with a system that has been started. */
  @FunctionalInterface
  public interface Visit {
    /** Measures it, and leaves it running. */
    void to(RunningSystem system) throws Exception;
  }

  /** Which runs make one measurement. */
  private record Row(String work, String system) {}

  private final Path folder;
  private final boolean quick;
  private final int repetitions;
  private final PrintStream progress;
  private final Map<Row, Measurement> measurements = new LinkedHashMap<>();
  private final List<Table> tables = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final List<Bar> bars = new ArrayList<>();

  BenchRun(Path folder, boolean quick, int repetitions, PrintStream progress) {
    this.folder = folder;
    this.quick = quick;
    this.repetitions = repetitions;
    this.progress = progress;
  }

  /** Whether the answer is wanted in seconds: less work, one repetition. */
  public boolean quick() {
    return quick;
  }

  /** {@code full}, or {@code small} when the answer is wanted in seconds. */
  public <T> T size(T full, T small) {
    return quick ? small : full;
  }

  /** How often each load is to be driven. */
  public int repetitions() {
    return repetitions;
  }

  /**
   * Starts a system on an empty folder, and stops it after the visit. A system that cannot be
   * started is noted as missing, and a peer that breaks down as such, whose figures end there; the
   * others are still measured.
   *
   * @throws Exception when Sluice breaks down: that is for us to mend
   */
  public void visit(SystemUnderTest system, Visit visit) throws Exception {
    Path home = Files.createTempDirectory(folder, "system");
    try {
      visitIn(system, home, visit);
    } finally {
      delete(home);
    }
  }

  /**
   * Visits systems in turn, as often as each load is to be run: a machine that others share may be
   * half as fast as it was some minutes ago. A visit runs each load once, with {@link
   * #measureOnce}.
   */
  public void visitInTurns(List<? extends SystemUnderTest> systems, Turn turn) throws Exception {
    for (int round = 0; round < repetitions; round++) {
      for (SystemUnderTest system : systems) {
        visit(system, running -> turn.of(system, running));
      }
    }
  }

  /** As {@link #visit}, on a folder that the caller keeps from one start to the next. */
  public void visitIn(SystemUnderTest system, Path home, Visit visit) throws Exception {
    RunningSystem running;
    try {
      running = system.start(home);
    } catch (MissingPeerException e) {
      note("Missing: " + system.name() + " (" + e.getMessage() + ").");
      return;
    }
    try (running) {
      visit.to(running);
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      if (system.isSluice()) {
        throw e;
      }
      note(system.name() + " broke down: " + reason(e) + ".");
    }
  }

  private static String reason(Throwable failure) {
    Throwable cause = failure.getCause();
    return cause == null
        ? String.valueOf(failure.getMessage()).replaceAll("\\s+", " ").strip()
        : reason(cause);
  }

  /**
   * Drives a load as often as wanted and keeps the median.
   *
   * @param work what the table calls it
   */
  public Measurement measure(String work, SystemUnderTest system, RunningSystem running, Work load)
      throws Exception {
    Measurement measurement = measureOnce(work, system, running, load);
    for (int run = 1; run < repetitions; run++) {
      measurement = measureOnce(work, system, running, load);
    }
    return measurement;
  }

  /**
   * As {@link #measure}, for a load that may be too much for a peer: one that still runs is noted
   * to have failed at it, and can be measured with the next.
   */
  public void measureIfAble(String work, SystemUnderTest system, RunningSystem running, Work load)
      throws Exception {
    try {
      measure(work, system, running, load);
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      if (system.isSluice() || !running.process().isAlive()) {
        throw e;
      }
      note("%s failed at \"%s\": %s.".formatted(system.name(), work, reason(e)));
    }
  }

  /**
   * Drives a load once more, which counts with the runs before; for {@link #visitInTurns}.
   *
   * @return all runs so far
   */
  public Measurement measureOnce(
      String work, SystemUnderTest system, RunningSystem running, Work load) throws Exception {
    load.before(running);
    Sample sample = Sample.of(running, () -> load.drive(running));
    load.after(running);
    progress.printf(
        "  %-44s %-32s %10s/s %8s CPU-s per 1 M%n",
        work,
        system.name(),
        Figures.count(sample.load().rate()),
        Figures.digits(sample.cpuSecondsPerMillion()));
    return measurements.merge(
        new Row(work, system.name()),
        new Measurement(work, system.name(), system.isSluice(), List.of(sample)),
        Measurement::and);
  }

  /** What has been measured so far of {@code work} on the system of this name. */
  public Optional<Measurement> measured(String work, String system) {
    return Optional.ofNullable(measurements.get(new Row(work, system)));
  }

  /** A table of the scenario's own, for figures that are not rates. */
  public void table(Table table) {
    tables.add(table);
  }

  /** A sentence for whoever reads the tables; the same one twice is one. */
  public void note(String sentence) {
    if (!notes.contains(sentence)) {
      notes.add(sentence);
      progress.println("  " + sentence);
    }
  }

  /**
   * Compares a figure with the bar.
   *
   * @param work as DESIGN.md names it
   * @param bar what was to be reached
   * @param measured what was reached
   */
  public void bar(String work, String bar, String measured, boolean met) {
    bars.add(new Bar(work, bar, measured, met));
  }

  /** A folder for this scenario alone, which is deleted in the end. */
  public Path folder() {
    return folder;
  }

  /** Whether loads were repeated: tables of a scenario's own say themselves how often. */
  boolean hasMeasurements() {
    return !measurements.isEmpty();
  }

  /** Everything that was found, as Markdown. */
  String markdown() {
    StringBuilder text = new StringBuilder();
    if (!measurements.isEmpty()) {
      text.append(LoadTable.markdown(List.copyOf(measurements.values()))).append('\n');
    }
    tables.forEach(table -> text.append(table.markdown()).append('\n'));
    notes.forEach(note -> text.append("* ").append(note).append('\n'));
    return text.toString();
  }

  List<Bar> bars() {
    return List.copyOf(bars);
  }

  /** Deletes a folder with everything in it. */
  public static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
