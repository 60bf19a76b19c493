package io.sluice.torture;

import io.sluice.server.demo.BrokerProcess;
import io.sluice.torture.work.Doors;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A broker that is killed and started again on the same ports and data. Owned by one thread. */
final class Victim implements AutoCloseable {

  /** Members hear of each rebalance with a heartbeat; Kafka's five seconds would be waited for. */
  private static final List<String> QUICK_GROUPS =
      List.of("--group-heartbeat-interval-ms", "500", "--group-initial-rebalance-delay-ms", "0");

  private final List<String> command;
  private final Path folder;
  private BrokerProcess process;

  /**
   * Starts it.
   *
   * @param command what runs Sluice
   * @param folder where its data and its log are
   */
  Victim(List<String> command, Path folder) {
    this.command = command;
    this.folder = folder;
    this.process = start(List.of("0", "0", "0"));
  }

  private BrokerProcess start(List<String> ports) {
    return BrokerProcess.start(command, options(ports), log());
  }

  private List<String> options(List<String> ports) {
    List<String> options = new ArrayList<>(QUICK_GROUPS);
    options.addAll(
        List.of(
            "--data", folder.resolve("data").toString(),
            "--kafka-port", ports.get(0),
            "--aws-port", ports.get(1),
            "--admin-port", ports.get(2)));
    return options;
  }

  /** What it says. */
  Path log() {
    return folder.resolve("broker.log");
  }

  Doors doors() {
    return new Doors(process.kafka(), process.aws());
  }

  /** What it takes now. */
  Footprint footprint(long seconds) throws IOException {
    return Footprint.of(process, seconds);
  }

  /** {@code kill -9}. */
  void kill() {
    process.kill();
  }

  /** Starts a killed one again, and waits until it is ready. */
  void restart() {
    process = start(process.ports());
  }

  /** Starts a killed one and kills it that much later, ready or not. */
  void restartAndKill(Duration after) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(command);
    line.add("serve");
    line.addAll(options(process.ports()));
    Process starting =
        new ProcessBuilder(line)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.appendTo(log().toFile()))
            .start();
    starting.waitFor(after.toMillis(), TimeUnit.MILLISECONDS);
    starting.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.close();
  }
}
