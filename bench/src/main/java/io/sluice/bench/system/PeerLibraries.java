package io.sluice.bench.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The jars of a peer that comes from Maven Central: what {@code bench/peers/NAME/pom.xml} depends
 * on, copied once into {@code bench/target/peers/NAME}.
 */
final class PeerLibraries {

  private static final Path BENCH = Path.of(System.getProperty("sluice.bench.home", "bench"));

  private PeerLibraries() {}

  /**
   * The peer's class path.
   *
   * @throws MissingPeerException when it cannot be downloaded
   */
  static String classPath(String peer) throws InterruptedException {
    Path target = BENCH.resolve("target/peers").resolve(peer);
    Path complete = target.resolve("complete");
    try {
      if (!Files.exists(complete)) {
        download(peer, target);
        Files.createFile(complete);
      }
      try (Stream<Path> files = Files.list(target)) {
        return files
            .map(Path::toString)
            .filter(file -> file.endsWith(".jar"))
            .sorted()
            .collect(Collectors.joining(":"));
      }
    } catch (IOException e) {
      throw new MissingPeerException("its libraries cannot be copied", e);
    }
  }

  /** The folder of a peer's pom.xml and of what else it needs. */
  static Path home(String peer) {
    return BENCH.resolve("peers").resolve(peer);
  }

  private static void download(String peer, Path target) throws IOException, InterruptedException {
    Files.createDirectories(target);
    Path output = target.resolve("download.log");
    Process maven =
        new ProcessBuilder(
                List.of(
                    BENCH.resolveSibling("mvnw").toString(),
                    "-B",
                    "-q",
                    "-f",
                    home(peer).resolve("pom.xml").toString(),
                    "dependency:copy-dependencies",
                    "-DoutputDirectory=" + target.toAbsolutePath()))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (maven.waitFor() != 0) {
      throw new MissingPeerException("it cannot be downloaded: " + output + " says why");
    }
  }
}
