package io.sluice.server.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * A {@code sluice serve} of its own process: started, awaited, killed. Owned by one thread at a
 * time.
 */
public final class BrokerProcess implements AutoCloseable {

  private final Process process;
  private final Map<String, String> addresses;
  private final Duration startToReady;

  private BrokerProcess(Process process, Map<String, String> addresses, Duration startToReady) {
    this.process = process;
    this.addresses = addresses;
    this.startToReady = startToReady;
  }

  /**
   * Starts a broker and waits for its {@code ready} line. Its log goes to {@code logFile},
   * appended.
   *
   * @param command what runs Sluice, up to but without {@code serve}
   * @param options the flags of {@code serve}
   * @throws IllegalStateException when the process ends before it is ready; the message carries
   *     what it logged
   */
  public static BrokerProcess start(List<String> command, List<String> options, Path logFile) {
    List<String> line = new ArrayList<>(command);
    line.add("serve");
    line.addAll(options);
    long begun = System.nanoTime();
    try {
      Process process =
          new ProcessBuilder(line)
              .redirectError(ProcessBuilder.Redirect.appendTo(logFile.toFile()))
              .start();
      // The reader stays open for the life of the process, which ends with its standard output.
      BufferedReader output = process.inputReader();
      String first = output.readLine();
      while (first != null && !first.startsWith("ready ")) {
        first = output.readLine();
      }
      if (first == null) {
        throw new IllegalStateException(
            "the broker ended before it was ready: " + Files.readString(logFile));
      }
      Duration startToReady = Duration.ofNanos(System.nanoTime() - begun);
      return new BrokerProcess(process, parse(first), startToReady);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code ready kafka=… aws=… admin=…} as a map. */
  private static Map<String, String> parse(String ready) {
    Map<String, String> addresses = new HashMap<>();
    for (String word : ready.split(" ")) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        addresses.put(word.substring(0, equals), word.substring(equals + 1));
      }
    }
    return Map.copyOf(addresses);
  }

  /** Host and port for {@code bootstrap.servers}. */
  public String kafka() {
    return address("kafka");
  }

  /** The endpoint URL for AWS SDKs. */
  public String aws() {
    return address("aws");
  }

  /** The URL of the admin port. */
  public String admin() {
    return address("admin");
  }

  private String address(String door) {
    String address = addresses.get(door);
    if (address == null) {
      throw new IllegalStateException("the ready line names no " + door + " address: " + addresses);
    }
    return address;
  }

  /** The ports of Kafka, AWS and admin, for another {@code serve} to listen where this one does. */
  public List<String> ports() {
    return List.of(port(kafka()), port(aws()), port(admin()));
  }

  private static String port(String address) {
    return address.substring(address.lastIndexOf(':') + 1);
  }

  /** From exec to the ready line. */
  public Duration startToReady() {
    return startToReady;
  }

  /** The process id. */
  public long pid() {
    return process.pid();
  }

  /** Whether the process runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Resident memory in bytes; empty where {@code /proc} is missing. */
  public OptionalLong residentBytes() {
    Path status = Path.of("/proc", Long.toString(pid()), "status");
    if (!Files.isReadable(status)) {
      return OptionalLong.empty();
    }
    try {
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
          .findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code kill -9}, and waits until the process is gone. */
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /**
   * SIGTERM.
   *
   * @return the exit code
   * @throws IllegalStateException when the process has not ended within {@code patience}
   */
  public int terminate(Duration patience) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("the broker had not stopped after " + patience);
    }
    return process.exitValue();
  }

  /** Kills the process if it still runs. */
  @Override
  public void close() {
    kill();
  }
}
