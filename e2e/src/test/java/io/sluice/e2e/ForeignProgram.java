package io.sluice.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a client that is not ours and not in Java. */
final class ForeignProgram {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private ForeignProgram() {}

  /** What a program printed. */
  record Output(int exitCode, String text) {

    /** The last line that is not empty. */
    String lastLine() {
      return text.strip().lines().reduce((before, line) -> line).orElse("");
    }

    Output mustSucceed() {
      assertEquals(0, exitCode, text);
      return this;
    }

    /** What a program that succeeded printed last. */
    JsonNode json() throws IOException {
      return new ObjectMapper().readTree(mustSucceed().lastLine());
    }
  }

  /** Standard output and error of the command, run in {@code directory} with {@code input}. */
  static Output run(Path directory, String input, String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .start();
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
      Thread watchdog =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                        process.destroyForcibly();
                      }
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                  });
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      watchdog.join();
      return new Output(process.exitValue(), text);
    } catch (IOException e) {
      return new Output(127, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /**
   * The JSON that one of {@code src/test/python} prints; the test is skipped without the module.
   *
   * @param client Debian's package with that module
   */
  static JsonNode python(
      Path directory, String client, String module, String script, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(require(client, List.of("/usr/bin/python3", "python3"), "-c", "import " + module));
    command.add("-B"); // nothing compiled is left among the sources
    command.add(Path.of("src/test/python", script).toAbsolutePath().toString());
    command.addAll(List.of(arguments));
    return run(directory, "", command.toArray(String[]::new)).json();
  }

  /**
   * The first of {@code programs} for which {@code probe} succeeds; without one the test is
   * skipped, and the report names the client that is missing.
   */
  static String require(String client, List<String> programs, String... probe) {
    for (String program : programs) {
      List<String> command = new ArrayList<>();
      command.add(program);
      command.addAll(List.of(probe));
      if (run(Path.of("."), "", command.toArray(String[]::new)).exitCode() == 0) {
        return program;
      }
    }
    System.out.println("SKIPPED: " + client + " is not installed on this machine");
    return abort(client + " is not installed on this machine");
  }
}
