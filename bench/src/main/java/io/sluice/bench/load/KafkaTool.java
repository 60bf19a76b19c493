package io.sluice.bench.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Kafka's own performance tools, each in a process of its own with the heap of its script. */
final class KafkaTool {

  private static final List<String> JVM_OPTIONS =
      List.of("-Xms512m", "-Xmx512m", "-XX:+UseG1GC", "-Duser.language=en", "-Duser.country=US");

  private KafkaTool() {}

  /**
   * Runs a tool until it ends by itself.
   *
   * @param watcher is told of each line as it is written
   * @return every line
   * @throws IllegalStateException when it failed
   */
  static List<String> run(String mainClass, List<String> arguments, Consumer<String> watcher)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(JVM_OPTIONS);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(mainClass);
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      List<String> lines = process.inputReader().lines().peek(watcher).toList();
      if (process.waitFor() != 0) {
        throw new IllegalStateException(mainClass + " failed: " + String.join("\n", lines));
      }
      return lines;
    } finally {
      process.destroy();
    }
  }
}
