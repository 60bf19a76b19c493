package io.sluice.e2e;

import static org.junit.jupiter.api.Assumptions.abort;

import io.sluice.bench.system.MissingPeerException;
import io.sluice.bench.system.PeerLibraries;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A program in Java with libraries of its own: those of a folder of {@code bench/peers}. Where they
 * cannot be downloaded, the test is skipped, and the report names what is missing.
 *
 * @param libraries the name of that folder
 * @param program a file of {@code src/test/programs}, or a class of its libraries
 */
record JavaProgram(String libraries, String program) {

  private static final Path SOURCES = Path.of("src/test/programs").toAbsolutePath();

  /** Runs it until it ends by itself. */
  ForeignProgram.Output run(Path directory, String... arguments) {
    return ForeignProgram.run(directory, "", command(arguments).toArray(String[]::new));
  }

  /** Starts it; what it prints goes to {@code log}, appended. */
  Process start(Path log, String... arguments) {
    try {
      return new ProcessBuilder(command(arguments))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> command(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                classPath(),
                program.endsWith(".java") ? SOURCES.resolve(program).toString() : program));
    command.addAll(List.of(arguments));
    return command;
  }

  private String classPath() {
    try {
      return PeerLibraries.classPath(libraries);
    } catch (MissingPeerException e) {
      System.out.println("SKIPPED: " + libraries + " is not there: " + e.getMessage());
      return abort(libraries + " is not there: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
