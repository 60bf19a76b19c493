package io.sluice.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One run of the command line in this process, with what it read and printed. Standard streams
 * belong to the process, so runs must not overlap.
 */
record CommandLineRun(int exitCode, String output, String errors) {

  /** Runs a command with nothing on standard input. */
  static CommandLineRun of(String... arguments) {
    return withInput("", arguments);
  }

  /** Runs a command that reads {@code input}. */
  static CommandLineRun withInput(String input, String... arguments) {
    InputStream inBefore = System.in;
    PrintStream outBefore = System.out;
    PrintStream errorsBefore = System.err;
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
    System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
    try {
      int exitCode = Main.run(arguments);
      return new CommandLineRun(
          exitCode,
          output.toString(StandardCharsets.UTF_8),
          errors.toString(StandardCharsets.UTF_8));
    } finally {
      System.setIn(inBefore);
      System.setOut(outBefore);
      System.setErr(errorsBefore);
    }
  }

  /** What was printed, which must have been a success. */
  String succeeded() {
    assertEquals(0, exitCode, errors);
    return output;
  }

  /** The one line of the error, which must have been that of a command that failed. */
  String failed() {
    assertEquals(1, exitCode, output + errors);
    return oneLine();
  }

  /** The one line of the error, which must have been wrong usage. */
  String wronglyUsed() {
    assertEquals(2, exitCode, output + errors);
    return oneLine();
  }

  private String oneLine() {
    List<String> lines = errors.lines().toList();
    assertEquals(1, lines.size(), errors);
    return lines.getFirst();
  }
}
