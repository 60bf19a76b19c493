package io.sluice.bench.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A server that runs as a child process, and what it has cost so far. Its output goes to a file.
 * Owned by one thread at a time.
 */
public final class ServerProcess implements AutoCloseable {

  /** The Java that runs this. */
  static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

  private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);
  private static final long PROBE_MILLIS = 2;

  private final Process process;
  private final Path output;
  private final long startedNanos;

  private ServerProcess(Process process, Path output, long startedNanos) {
    this.process = process;
    this.output = output;
    this.startedNanos = startedNanos;
  }

  /**
   * Starts {@code command}; it may not listen yet.
   *
   * @param environment what is added to this process's environment
   * @throws MissingPeerException when there is no such program
   */
  public static ServerProcess start(
      List<String> command, Map<String, String> environment, Path output) {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    long startedNanos = System.nanoTime();
    try {
      Process process = builder.start();
      // Nothing is left running when this process is told to stop in the middle.
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      return new ServerProcess(process, output, startedNanos);
    } catch (IOException e) {
      throw new MissingPeerException(command.getFirst() + " cannot be started", e);
    }
  }

  /**
   * Waits until something accepts connections on a port of loopback.
   *
   * @throws MissingPeerException when the process ends, or {@code patience} is over, before
   */
  public void awaitListening(int port, Duration patience) throws InterruptedException {
    while (!listens(port)) {
      if (!process.isAlive()) {
        throw new MissingPeerException("it ended at once: " + lastLine());
      }
      if (sinceStart().compareTo(patience) > 0) {
        throw new MissingPeerException("it did not listen after " + patience + ": " + lastLine());
      }
      Thread.sleep(PROBE_MILLIS);
    }
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private String lastLine() {
    try {
      List<String> lines = Files.readAllLines(output);
      return lines.isEmpty() ? "no output" : lines.getLast();
    } catch (IOException e) {
      return "no readable output";
    }
  }

  /** Since the process was started. */
  public Duration sinceStart() {
    return Duration.ofNanos(System.nanoTime() - startedNanos);
  }

  /** Whether the process runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** The process id. */
  public long pid() {
    return process.pid();
  }

  /** Everything it has written so far. */
  public Path output() {
    return output;
  }

  /** Processor time of user and system since the start, in seconds; {@code /proc/PID/stat}. */
  public double cpuSeconds() {
    return process.toHandle().info().totalCpuDuration().map(Duration::toNanos).orElse(0L) / 1e9;
  }

  /** Resident memory now, in bytes; 0 where there is no {@code /proc}. */
  public long residentBytes() {
    return status("VmRSS:");
  }

  /** What {@link #residentBytes()} consists of; empty where there is no {@code /proc}. */
  public Optional<ResidentMemory> residentMemory() throws IOException {
    return ResidentMemory.of(pid());
  }

  /** The most resident memory since the start or {@link #resetPeak()}, in bytes. */
  public long peakResidentBytes() {
    return status("VmHWM:");
  }

  /** Lets {@link #peakResidentBytes()} begin anew; {@code proc_pid_clear_refs(5)}. */
  public void resetPeak() {
    try {
      Files.writeString(Path.of("/proc", Long.toString(pid()), "clear_refs"), "5");
    } catch (IOException e) {
      // Then the peak is that since the start, which is higher: no system gains by it.
      return;
    }
  }

  private long status(String field) {
    Path status = Path.of("/proc", Long.toString(pid()), "status");
    if (!Files.isReadable(status)) {
      return 0;
    }
    try {
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith(field))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code kill -9}, and waits until the process is gone. */
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** SIGTERM; {@code kill -9} for what has not stopped after 30 s. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        kill();
      }
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
    }
  }
}
