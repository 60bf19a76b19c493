package io.sluice.bench.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * fauxqs, which keeps queues and topics in memory, as a library with its log of requests off and a
 * heap of 1 GB, on the Node.js that npm has for this machine, or else that of the path.
 */
public record Fauxqs() implements SystemUnderTest {

  private static final String HEAP = "heap ";
  private static final long PROBE_MILLIS = 10;

  @Override
  public String name() {
    return "fauxqs 1.9.2, memory";
  }

  @Override
  public RunningSystem start(Path folder) throws InterruptedException {
    int port = FreePort.find();
    Path home = PeerLibraries.nodeModules("fauxqs");
    ServerProcess process =
        ServerProcess.start(
            List.of(
                node(home),
                "--expose-gc",
                "--max-old-space-size=1024",
                home.resolve("start.mjs").toString(),
                Integer.toString(port)),
            Map.of("NODE_ENV", "production"),
            folder.resolve("output.log"));
    return RunningSystem.aws(process, port, folder);
  }

  private static String node(Path home) {
    Path downloaded = home.resolve("node_modules/.bin/node");
    return Files.isExecutable(downloaded) ? downloaded.toString() : "node";
  }

  /** What {@code start.mjs} says when it is asked. */
  @Override
  public long liveHeapBytes(RunningSystem running) throws InterruptedException {
    ServerProcess process = running.process();
    try {
      int before = heapLines(process).size();
      new ProcessBuilder("kill", "-USR2", Long.toString(process.pid())).start().waitFor();
      List<String> lines = heapLines(process);
      while (lines.size() == before) {
        if (!process.isAlive()) {
          throw new IllegalStateException(name() + " ended when it was asked for its heap");
        }
        Thread.sleep(PROBE_MILLIS);
        lines = heapLines(process);
      }
      return Long.parseLong(lines.getLast().substring(HEAP.length()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> heapLines(ServerProcess process) throws IOException {
    return Files.readAllLines(process.output()).stream()
        .filter(line -> line.startsWith(HEAP))
        .toList();
  }
}
