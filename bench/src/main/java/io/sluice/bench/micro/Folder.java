package io.sluice.bench.micro;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.logging.LogManager;
import java.util.stream.Stream;

/** A folder that a benchmark made. */
final class Folder {

  private Folder() {}

  /** Makes one; Kafka's log lines, which are many, go nowhere. */
  static Path make(String name) throws IOException {
    LogManager.getLogManager().reset();
    return Files.createTempDirectory(name);
  }

  static void delete(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }
}
