package io.sluice.torture;

import io.sluice.server.demo.BrokerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a process takes at a moment.
 *
 * @param seconds since the beginning
 * @param residentBytes its resident memory
 * @param files its open files and sockets
 * @param threads of the operating system
 */
record Footprint(long seconds, long residentBytes, long files, long threads) {

  /** Reads it from {@code /proc}. */
  static Footprint of(BrokerProcess process, long seconds) throws IOException {
    Path proc = Path.of("/proc", Long.toString(process.pid()));
    return new Footprint(
        seconds,
        process.residentBytes().orElseThrow(),
        count(proc.resolve("fd")),
        count(proc.resolve("task")));
  }

  private static long count(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    }
  }
}
