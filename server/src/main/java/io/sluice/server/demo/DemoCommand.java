package io.sluice.server.demo;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sluice demo}. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description =
        "Plays an online shop on Kafka, SNS and SQS clients against a broker of its own, kills and"
            + " restarts it, and checks what everyone received. Exit code 0 only if every check"
            + " holds.")
public final class DemoCommand implements Callable<Integer> {

  @Option(
      names = "--orders",
      description = "Orders to publish in each of the three acts (default: ${DEFAULT-VALUE}).")
  private int orders = 1_000;

  @Option(
      names = "--keep",
      description = "Keep the temporary data folder and the broker's log, and say where they are.")
  private boolean keep;

  @Override
  public Integer call() throws Exception {
    if (orders < 48) {
      System.err.println("demo: --orders must be at least 48, one for each customer");
      return 2;
    }
    Path folder = Files.createTempDirectory("sluice-demo-");
    try {
      boolean terminal =
          Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
      boolean allHold =
          new Demo(System.out, terminal, BrokerCommand.ofThisProcess(), folder, orders).play();
      return allHold ? 0 : 1;
    } finally {
      if (keep) {
        System.out.println("Kept " + folder);
      } else {
        delete(folder);
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.delete(file);
      }
    }
  }
}
