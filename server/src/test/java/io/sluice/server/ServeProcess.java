package io.sluice.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real {@code sluice} process with what it prints. Owned by one test. */
final class ServeProcess implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 60;
  private static final long SIGINT = 1L << 1;
  private static final Pattern READY =
      Pattern.compile("ready kafka=(\\S+) aws=(http://\\S+|off) admin=(http://\\S+)");

  /** What a process that has ended left behind. */
  record Ended(int exitCode, List<String> output, List<String> errors) {}

  private final Process process;
  private final BufferedReader output;
  private final Path errors;

  /**
   * @param environment beside this process's own, of which no setting is passed on
   */
  ServeProcess(Map<String, String> environment, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(heedingInterrupts());
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--sun-misc-unsafe-memory-access=allow",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName()));
    command.addAll(List.of(arguments));
    this.errors = Files.createTempFile("sluice-errors-", ".txt");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("SLUICE_"));
    builder.environment().putAll(environment);
    this.process = builder.start();
    this.output = process.inputReader();
  }

  /**
   * What a command begins with so that the process heeds {@code SIGINT}: a shell without job
   * control has what it starts in the background ignore it, and whatever that starts, a JVM too.
   */
  private static List<String> heedingInterrupts() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return List.of();
    }
    boolean ignored =
        Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
            .anyMatch(signals -> (signals & SIGINT) != 0);
    return ignored ? List.of("env", "--default-signal=INT") : List.of();
  }

  /** Runs a process that is expected to end by itself. */
  static Ended run(Map<String, String> environment, String... arguments) throws Exception {
    try (ServeProcess process = new ServeProcess(environment, arguments)) {
      return process.ended();
    }
  }

  /** Starts {@code serve} on free ports of the loopback interface. */
  static ServeProcess onFreePorts(Path data) throws IOException {
    return new ServeProcess(
        Map.of(),
        "serve",
        "--data",
        data.toString(),
        "--kafka-port",
        "0",
        "--aws-port",
        "0",
        "--admin-port",
        "0");
  }

  /** Waits for the ready line: the addresses of Kafka, AWS and admin. */
  List<String> addresses() throws IOException {
    String line = output.readLine();
    Matcher ready = READY.matcher(String.valueOf(line));
    assertTrue(ready.matches(), line + " " + Files.readAllLines(errors));
    return List.of(ready.group(1), ready.group(2), ready.group(3));
  }

  /** Sends a signal, such as {@code TERM}. */
  void signal(String name) throws Exception {
    String pid = Long.toString(process.pid());
    new ProcessBuilder("kill", "-" + name, pid).start().waitFor();
  }

  /** Waits until the process has ended. */
  Ended ended() throws Exception {
    // What it prints is little: nobody has to read while it ends.
    assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "the process runs on");
    return new Ended(process.exitValue(), output.lines().toList(), Files.readAllLines(errors));
  }

  @Override
  public void close() throws Exception {
    process.destroyForcibly().waitFor();
    Files.delete(errors);
  }
}
