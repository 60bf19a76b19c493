package io.sluice.bench.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What lives on the heap of another JVM: the JDK's {@code jcmd} asks it. */
final class JavaHeap {

  private static final String TOTAL = "Total ";
  private static final long PATIENCE_SECONDS = 60;

  private JavaHeap() {}

  /** Bytes of objects that are reachable. */
  static long liveBytes(long pid) {
    try {
      Process jcmd =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                  Long.toString(pid),
                  "GC.class_histogram")
              .redirectErrorStream(true)
              .start();
      // Killed when it does not come back, which ends its output too.
      jcmd.onExit()
          .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
          .whenComplete((ended, failure) -> jcmd.destroyForcibly());
      List<String> lines = jcmd.inputReader().lines().toList();
      return totalBytes(lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The bytes in the last line: {@code Total INSTANCES BYTES}. */
  static long totalBytes(List<String> histogram) {
    return histogram.stream()
        .filter(line -> line.startsWith(TOTAL))
        .mapToLong(line -> Long.parseLong(line.strip().split("\\s+")[2]))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no histogram of the heap: " + histogram));
  }
}
