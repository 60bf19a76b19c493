package io.sluice.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;

/** A process of npm's {@code fauxqs}, as the benchmarks run it too. */
final class FauxqsProcess implements AutoCloseable {

  private static final Path SOURCES = Path.of("../bench/peers/fauxqs");
  private static final Path INSTALLED = Path.of("target/fauxqs").toAbsolutePath();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final int port;

  private FauxqsProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** One with nothing in it, whose output goes to a file of {@code folder}; needs npm. */
  static FauxqsProcess start(Path folder) throws IOException {
    install();
    int port = freePort();
    Process process =
        new ProcessBuilder(
                INSTALLED.resolve("node_modules/.bin/node").toString(),
                INSTALLED.resolve("start.mjs").toString(),
                Integer.toString(port))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("fauxqs.log").toFile())
            .start();
    FauxqsProcess fauxqs = new FauxqsProcess(process, port);
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!fauxqs.answers()) {
      assertTrue(process.isAlive() && System.nanoTime() < end, "fauxqs does not start");
      Thread.onSpinWait();
    }
    return fauxqs;
  }

  private static synchronized void install() throws IOException {
    ForeignProgram.require("npm", List.of("npm"), "--version");
    Path complete = INSTALLED.resolve("complete");
    if (Files.exists(complete)) {
      return;
    }
    Files.createDirectories(INSTALLED);
    for (String file : List.of("package.json", "package-lock.json", "start.mjs")) {
      Files.copy(
          SOURCES.resolve(file), INSTALLED.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    ForeignProgram.Output installed =
        ForeignProgram.run(INSTALLED, "", "npm", "ci", "--no-audit", "--no-fund");
    assertTrue(installed.exitCode() == 0, installed.text());
    Files.createFile(complete);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private boolean answers() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  String endpoint() {
    return "http://127.0.0.1:" + port;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
