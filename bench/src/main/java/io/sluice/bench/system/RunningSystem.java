package io.sluice.bench.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A system that takes requests.
 *
 * @param process where it runs
 * @param kafka host and port for {@code bootstrap.servers}, where it speaks Kafka's protocol
 * @param aws port on loopback for SQS and SNS over HTTP, where it speaks those
 * @param data the folder of its data
 */
public record RunningSystem(
    ServerProcess process, Optional<String> kafka, Optional<Integer> aws, Path data)
    implements AutoCloseable {

  /**
   * What its data takes on disk, in bytes, as {@code du} counts it: holes in files take nothing.
   */
  public long diskBytes() {
    try {
      Process du = new ProcessBuilder("du", "-sk", data.toString()).start();
      String line = du.inputReader().readLine();
      return line == null ? 0 : Long.parseLong(line.split("\\s+")[0]) * 1024;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
