package io.sluice.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The machine that a run happened on, in one line. */
final class Machine {

  private Machine() {}

  static String describe() {
    return "%d cores (%s), %s, %s %s, Java %s"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            find("/proc/cpuinfo", "model name").orElse(System.getProperty("os.arch")),
            find("/proc/meminfo", "MemTotal").map(Machine::gibibytes).orElse("memory unknown"),
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            Runtime.version());
  }

  private static String gibibytes(String kilobytes) {
    return Math.round(Long.parseLong(kilobytes.replaceAll("[^0-9]", "")) / (1024.0 * 1024.0))
        + " GiB";
  }

  private static Optional<String> find(String file, String field) {
    try {
      return Files.readAllLines(Path.of(file)).stream()
          .filter(line -> line.startsWith(field))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
