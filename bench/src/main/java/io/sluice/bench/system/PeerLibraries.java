package io.sluice.bench.system;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a peer consists of, downloaded once into {@code bench/target/peers/NAME}: the jars that
 * {@code bench/peers/NAME/pom.xml} depends on, or the modules of {@code package-lock.json} there.
 */
public final class PeerLibraries {

  private static final Path BENCH =
      Path.of(System.getProperty("sluice.bench.home", "bench")).toAbsolutePath();
  private static final String LOG = "download.log";

  private PeerLibraries() {}

  /**
   * The class path of a peer from Maven Central.
   *
   * @throws MissingPeerException when it cannot be downloaded
   */
  public static String classPath(String peer) throws InterruptedException {
    Path target = once(peer, PeerLibraries::copyJars);
    try (Stream<Path> files = Files.list(target)) {
      return files
          .map(Path::toString)
          .filter(file -> file.endsWith(".jar"))
          .sorted()
          .collect(Collectors.joining(":"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The folder of a peer's pom.xml and of what else it needs. */
  public static Path home(String peer) {
    return BENCH.resolve("peers").resolve(peer);
  }

  /**
   * The folder of a peer from npm: the files of {@code bench/peers/NAME} and its modules.
   *
   * @throws MissingPeerException when it cannot be downloaded
   */
  static Path nodeModules(String peer) throws InterruptedException {
    return once(peer, PeerLibraries::installModules);
  }

  @FunctionalInterface
  private interface Download {
    void to(Path target, Path source) throws IOException, InterruptedException;
  }

  /** One process at a time looks for a peer: of two, the second finds what the first has got. */
  private static synchronized Path once(String peer, Download download)
      throws InterruptedException {
    Path target = BENCH.resolve("target/peers").resolve(peer);
    Path complete = target.resolve("complete");
    try {
      Files.createDirectories(target);
      try (FileChannel lock = FileChannel.open(target.resolve("lock"), CREATE, WRITE)) {
        lock.lock(); // until it is closed
        if (isOutdated(complete, home(peer))) {
          Files.deleteIfExists(complete);
          download.to(target, home(peer));
          Files.createFile(complete);
        }
      }
    } catch (IOException e) {
      throw new MissingPeerException("it cannot be downloaded: " + e.getMessage(), e);
    }
    return target;
  }

  /** Whether what the peer is made from has changed since. */
  private static boolean isOutdated(Path complete, Path source) throws IOException {
    if (!Files.exists(complete)) {
      return true;
    }
    FileTime since = Files.getLastModifiedTime(complete);
    try (Stream<Path> files = Files.list(source)) {
      for (Path file : files.toList()) {
        if (Files.getLastModifiedTime(file).compareTo(since) > 0) {
          return true;
        }
      }
    }
    return false;
  }

  private static void copyJars(Path target, Path source) throws IOException, InterruptedException {
    List<String> maven =
        List.of(
            BENCH.resolveSibling("mvnw").toString(),
            "-B",
            "-q",
            "-f",
            source.resolve("pom.xml").toString(),
            "dependency:copy-dependencies",
            "-DoutputDirectory=" + target);
    run(maven, target);
  }

  private static void installModules(Path target, Path source)
      throws IOException, InterruptedException {
    try (Stream<Path> files = Files.list(source)) {
      for (Path file : files.toList()) {
        Files.copy(file, target.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    run(List.of("npm", "ci", "--no-audit", "--no-fund"), target);
  }

  private static void run(List<String> command, Path target)
      throws IOException, InterruptedException {
    Path output = target.resolve(LOG);
    Process process =
        new ProcessBuilder(command)
            .directory(target.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (process.waitFor() != 0) {
      throw new MissingPeerException("it cannot be downloaded: " + output + " says why");
    }
  }
}
