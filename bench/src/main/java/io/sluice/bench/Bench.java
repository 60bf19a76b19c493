package io.sluice.bench;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice bench}: runs scenarios and writes their results. */
@Command(
    name = "sluice bench",
    mixinStandardHelpOptions = true,
    description = {
      "Measures Sluice beside its peers, in one run on this machine, and writes bench/RESULTS.md.",
      "Peers are downloaded on first use; one that cannot be had is named as missing."
    })
public final class Bench implements Runnable {

  private static final int FULL_REPETITIONS = 3;
  private static final int QUICK_REPETITIONS = 1;

  @Parameters(
      arity = "0..*",
      paramLabel = "NAME",
      description =
          "What to measure; everything when there is none. One of: ${COMPLETION-CANDIDATES}",
      completionCandidates = ScenarioNames.class)
  private List<String> names = List.of();

  @Option(
      names = "--quick",
      description =
          "Little work, one run of each: seconds instead of minutes. Only prints. Leaves out what"
              + " takes long unless it is named.")
  private boolean quick;

  @Option(
      names = "--runs",
      paramLabel = "N",
      description = "How often each load is run; the median counts (default 3).")
  private @Nullable Integer runs;

  @Option(names = "--list", description = "Print the names and end.")
  private boolean list;

  @Spec private @Nullable CommandSpec spec;

  private Bench() {}

  /** Runs the command and exits: 0 done, 1 failed, 2 wrong usage. */
  public static void main(String[] arguments) {
    // Kafka's clients tell all their settings at INFO.
    Logger.getLogger("").setLevel(Level.WARNING);
    System.setOut(
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8));
    System.exit(new CommandLine(new Bench()).execute(arguments));
  }

  @Override
  public void run() {
    if (list) {
      Scenarios.names().forEach(System.out::println);
      return;
    }
    List<Scenario> chosen = chosen();
    Path file = home().resolve("RESULTS.md");
    try {
      Path folder = Files.createTempDirectory(home().resolve("target"), "bench-run");
      try {
        for (Scenario scenario : chosen) {
          String section = section(scenario, folder);
          if (!quick) {
            // Each when it is there: what fails later takes nothing away.
            new ResultsFile(file, Scenarios.names())
                .write(head(), Map.of(scenario.name(), section));
          }
        }
      } finally {
        BenchRun.delete(folder);
      }
      if (!quick) {
        System.out.println("written: " + file);
      }
    } catch (Exception e) {
      throw new IllegalStateException("the run ended early: " + e, e);
    }
  }

  private List<Scenario> chosen() {
    if (runs != null && runs < 1) {
      throw new ParameterException(
          Objects.requireNonNull(spec).commandLine(), "--runs must be 1 or more, not " + runs);
    }
    try {
      List<Scenario> named = Scenarios.named(names);
      return quick && names.isEmpty() ? named.stream().filter(Scenario::isQuick).toList() : named;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(Objects.requireNonNull(spec).commandLine(), e.getMessage(), e);
    }
  }

  private String section(Scenario scenario, Path folder) throws Exception {
    System.out.println(scenario.name());
    int repetitions = runs != null ? runs : quick ? QUICK_REPETITIONS : FULL_REPETITIONS;
    BenchRun run = new BenchRun(folder, quick, repetitions, System.out);
    scenario.run(run);
    StringBuilder text = new StringBuilder();
    text.append(scenario.explanation().strip()).append("\n\n");
    if (!quick) {
      String runsEach = run.hasMeasurements() ? ", runs of each: " + repetitions : "";
      text.append("Measured on %s%s.%n%n".formatted(today(), runsEach));
    }
    text.append(run.markdown());
    if (!quick && !run.bars().isEmpty()) {
      text.append('\n').append(Bar.markdown(run.bars()));
    }
    System.out.println();
    System.out.println(text);
    return text.toString();
  }

  private static String head() {
    return """
    # Results

    Written by `./sluice bench`, which measures everything again. Each system runs as a process of
    its own on loopback, with its own defaults unless the table says otherwise; the load runs beside
    it on the same cores, so the server's processor time per million (user and system) is the
    fairest figure. Every figure is the median of its runs.

    A bar in absolute figures was set on one machine, at an hour when it was quick. The rows "beside"
    a peer are the same bars as ratios to what that peer did there.

    %s
    """
        .formatted(Machine.describe());
  }

  private static LocalDate today() {
    return LocalDate.now(ZoneOffset.UTC);
  }

  /** The folder of this module in the checkout. */
  private static Path home() {
    return Path.of(System.getProperty("sluice.bench.home", "bench"));
  }
}
