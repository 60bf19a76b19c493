package io.sluice.server.assembly;

import java.util.ArrayList;
import java.util.List;

/**
 * With which options Java runs Sluice. An AOT cache is good only for the options it was made with,
 * so the launcher reads them from a file that the assembly writes.
 */
enum JavaOptions {
  /** A server: {@code ./sluice} adds the largest heap. */
  SERVE("serve", "-XX:+UseParallelGC -XX:ParallelGCThreads=1 -Xms16m"), // ADR 006
  /** Commands are short: no time to optimize. */
  COMMAND("command", "-XX:+UseSerialGC -Xmx256m -XX:TieredStopAtLevel=1");

  private static final List<String> COMMON =
      List.of(
          // The JVM warns on standard output when it cannot use a part of the cache.
          "-Xlog:disable",
          "-Xlog:all=error:stderr",
          "-XX:+UseCompactObjectHeaders",
          // What the compilers needed goes back to the system.
          "-XX:TrimNativeHeapInterval=5000",
          // A cache with what the rehearsal's compilers learnt has them compile at each start.
          "-XX:+UnlockDiagnosticVMOptions",
          "-XX:+IgnoreUnrecognizedVMOptions",
          "-XX:-AOTRecordTraining",
          "-XX:-AOTReplayTraining",
          // Or the logging and the HTTP server would look through every jar for extensions.
          "-Dslf4j.provider=org.slf4j.jul.JULServiceProvider",
          // It reports the provider that it was told to use, in a line on standard error.
          "-Dslf4j.internal.verbosity=WARN",
          "-Dio.helidon.metadata.mode=none",
          "--sun-misc-unsafe-memory-access=allow",
          "--enable-native-access=ALL-UNNAMED");

  private final String label;
  private final String own;

  JavaOptions(String label, String own) {
    this.label = label;
    this.own = own;
  }

  /** The name of the file that holds them. */
  String optionsFile() {
    return label + ".options";
  }

  /** The name of the AOT cache that goes with them. */
  String cacheFile() {
    return label + ".aot";
  }

  /** What the file holds. */
  List<String> lines() {
    List<String> lines = new ArrayList<>(COMMON);
    lines.add(own);
    return List.copyOf(lines);
  }
}
