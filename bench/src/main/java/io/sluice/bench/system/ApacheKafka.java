package io.sluice.bench.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Uuid;

/**
 * Apache Kafka as one KRaft node, on the JDK that runs this, with the heap and the JVM options of
 * its own start scripts ({@code kafka-server-start.sh}, {@code kafka-run-class.sh}; not their JMX
 * and GC log, which only cost). Its settings are its defaults, and one replica for all topics.
 *
 * @param variant what is particular, for the name
 * @param settings what is particular, for {@code server.properties}
 */
public record ApacheKafka(String variant, Map<String, String> settings) implements SystemUnderTest {

  private static final String PRODUCT = "Apache Kafka 4.3.1";

  /** Acknowledges what the operating system has in memory. */
  public static final ApacheKafka PAGE_CACHE = new ApacheKafka("", Map.of());

  /** Flushes every batch that it appends before it acknowledges it. */
  public static final ApacheKafka FLUSHED =
      new ApacheKafka(", flush per batch", Map.of("log.flush.interval.messages", "1"));

  private static final List<String> JVM_OPTIONS =
      List.of(
          "-Xms1g",
          "-Xmx1g",
          "-server",
          "-XX:+UseG1GC",
          "-XX:MaxGCPauseMillis=20",
          "-XX:InitiatingHeapOccupancyPercent=35",
          "-XX:+ExplicitGCInvokesConcurrent",
          "-Djava.awt.headless=true");

  private static final Duration START_PATIENCE = Duration.ofSeconds(60);

  @Override
  public String name() {
    return PRODUCT + variant;
  }

  @Override
  public RunningSystem start(Path folder) throws InterruptedException {
    String classPath = PeerLibraries.classPath("kafka");
    int port = FreePort.find();
    Path data = folder.resolve("data");
    Path properties = folder.resolve("server.properties");
    try {
      Files.write(properties, properties(data, port, FreePort.find()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!Files.exists(data.resolve("meta.properties"))) {
      format(classPath, properties, folder.resolve("format.log"));
    }
    ServerProcess process =
        ServerProcess.start(
            java(classPath, "kafka.Kafka", properties.toString()),
            Map.of(),
            folder.resolve("output.log"));
    process.awaitListening(port, START_PATIENCE);
    return new RunningSystem(process, Optional.of("127.0.0.1:" + port), Optional.empty(), data);
  }

  private List<String> properties(Path data, int port, int controllerPort) {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "process.roles=broker,controller",
                "node.id=1",
                "controller.quorum.bootstrap.servers=127.0.0.1:" + controllerPort,
                "listeners=PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d"
                    .formatted(port, controllerPort),
                "inter.broker.listener.name=PLAINTEXT",
                "controller.listener.names=CONTROLLER",
                "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
                "log.dirs=" + data,
                "offsets.topic.replication.factor=1",
                "transaction.state.log.replication.factor=1",
                "transaction.state.log.min.isr=1",
                "share.coordinator.state.topic.replication.factor=1",
                "share.coordinator.state.topic.min.isr=1",
                // A topic that was measured gives its disk back before the next one.
                "log.segment.delete.delay.ms=500",
                "log.initial.task.delay.ms=500"));
    settings.forEach((name, value) -> lines.add(name + "=" + value));
    return lines;
  }

  private static void format(String classPath, Path properties, Path output)
      throws InterruptedException {
    List<String> command =
        java(
            classPath,
            "kafka.tools.StorageTool",
            "format",
            "--standalone",
            "--cluster-id=" + Uuid.randomUuid(),
            "--config=" + properties);
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (process.waitFor() != 0) {
        throw new MissingPeerException("its folder cannot be formatted: " + output + " says why");
      }
    } catch (IOException e) {
      throw new MissingPeerException("its folder cannot be formatted", e);
    }
  }

  private static List<String> java(String classPath, String mainClass, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(ServerProcess.JAVA);
    command.addAll(JVM_OPTIONS);
    command.add(
        "-Dlog4j2.configurationFile=" + PeerLibraries.home("kafka").resolve("log4j2.properties"));
    command.add("-cp");
    command.add(classPath);
    command.add(mainClass);
    command.addAll(List.of(arguments));
    return command;
  }
}
