package io.sluice.torture;

import io.sluice.server.demo.BrokerCommand;
import io.sluice.torture.history.Findings;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice torture}: kills a broker under load, again and again, or lets it live for long. */
@Command(
    name = "sluice torture",
    mixinStandardHelpOptions = true,
    description = {
      "Lets Kafka, SQS and SNS clients work on a broker of its own, kills that (kill -9) at random"
          + " moments, starts it again, and compares what was acknowledged with what is there.",
      "With --soak it is not killed: its memory, files and threads must stay as they are.",
      "Exit code 0: every promise held; 1: one did not, and the data folder is kept."
    })
public final class Torture implements Callable<Integer> {

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "20",
      description = "How often the broker is killed (default 20).")
  private int rounds;

  @Option(
      names = "--check-every",
      paramLabel = "N",
      defaultValue = "" + TortureRun.ROUNDS_BETWEEN_CHECKS,
      description =
          "After how many rounds all that is left is read and compared (default ${DEFAULT-VALUE}).")
  private int checkEvery;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Makes the same choices as the run that named this seed.")
  private @Nullable Long seed;

  @Option(
      names = "--soak",
      paramLabel = "MINUTES",
      description = "Kills nobody, but works for so long.")
  private @Nullable Integer soakMinutes;

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description = "Where --soak draws memory, files and threads (SVG).")
  private @Nullable Path plot;

  @Spec private @Nullable CommandSpec spec;

  Torture() {}

  /** Runs the command and exits: 0 nothing found, 1 something found, 2 wrong usage. */
  public static void main(String[] arguments) {
    // Kafka's clients tell at length that the broker is away.
    Logger.getLogger("").setLevel(Level.OFF);
    System.setOut(
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8));
    System.exit(new CommandLine(new Torture()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    atLeastOne("--rounds", rounds);
    atLeastOne("--check-every", checkEvery);
    atLeastOne("--soak", soakMinutes == null ? 1 : soakMinutes);
    Path folder = Files.createTempDirectory("sluice-torture");
    long chosen = seed == null ? new Random().nextLong() : seed;
    System.out.println("seed " + chosen + ", data in " + folder);
    List<String> command = BrokerCommand.ofThisProcess();
    Findings findings =
        soakMinutes == null
            ? new TortureRun(command, folder, chosen, System.out).run(rounds, checkEvery)
            : soak(new Soak(command, folder, chosen, System.out), soakMinutes);
    print(findings);
    if (findings.broken().isEmpty()) {
      delete(folder);
      return 0;
    }
    System.out.println("seed " + chosen + ", data and broker.log kept in " + folder);
    return 1;
  }

  private void atLeastOne(String option, int value) {
    if (value < 1) {
      throw new ParameterException(
          Objects.requireNonNull(spec).commandLine(), option + " must be 1 or more, not " + value);
    }
  }

  private Findings soak(Soak soak, int minutes) throws Exception {
    try {
      return soak.run(Duration.ofMinutes(minutes));
    } finally {
      if (plot != null && !soak.footprints().isEmpty()) {
        Files.writeString(plot, FootprintPlot.of(soak.footprints()));
      }
    }
  }

  private static void print(Findings findings) {
    findings
        .checks()
        .forEach((promise, times) -> System.out.printf("%,12d × %s%n", times, promise));
    findings.broken().forEach(broken -> System.out.println("BROKEN: " + broken));
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(file);
      }
    }
  }
}
