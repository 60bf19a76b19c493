package io.sluice.bench.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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

  private static final Duration START_PATIENCE = Duration.ofSeconds(60);

  /**
   * A system that speaks SQS or more of AWS on a port of loopback, and no other protocol, once it
   * listens there.
   *
   * @throws MissingPeerException when it does not listen for a minute, or ends
   */
  static RunningSystem aws(ServerProcess process, int port, Path data) throws InterruptedException {
    process.awaitListening(port, START_PATIENCE);
    return new RunningSystem(process, Optional.empty(), Optional.of(port), data);
  }

  /**
   * What its data takes on disk, in bytes, as {@code du} counts it: holes in files take nothing.
   */
  public long diskBytes() {
    return du(List.of("du", "-sk", data.toString()));
  }

  /**
   * As {@link #diskBytes()}, without the folders of partitions that are deleted and whose files go
   * a minute later: they would make data that grows meanwhile seem to shrink. 0 where {@code du} is
   * not GNU's.
   */
  public long keptBytes() {
    return du(List.of("du", "-sk", "--exclude=*-delete", data.toString()));
  }

  private static long du(List<String> command) {
    try {
      Process du = new ProcessBuilder(command).start();
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
