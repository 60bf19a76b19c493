package io.sluice.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.bench.system.ApacheKafka;
import io.sluice.bench.system.RunningSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same requests to Sluice and to Apache Kafka 4.3.1, one after the other; their responses are
 * the same but for ids, times, names of nodes, and what {@code differences.txt} accepts.
 */
class DifferentialTest {

  /** By which coordinators ask for patience, and partitions that are being made. */
  private static final Set<Short> NOT_YET =
      Set.of(
          Errors.COORDINATOR_LOAD_IN_PROGRESS.code(),
          Errors.COORDINATOR_NOT_AVAILABLE.code(),
          Errors.NOT_COORDINATOR.code(),
          Errors.LEADER_NOT_AVAILABLE.code(),
          Errors.CONCURRENT_TRANSACTIONS.code());

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final ApacheKafka KAFKA =
      new ApacheKafka(
          ", compared",
          Map.of(
              "group.initial.rebalance.delay.ms", "0",
              "group.streams.initial.rebalance.delay.ms", "0"));

  @TempDir Path folder;
  private final AcceptedDifferences accepted = new AcceptedDifferences();
  private final List<String> found = new ArrayList<>();

  @Test
  void responses_are_those_of_apache_kafka() throws Exception {
    Path ours = Files.createDirectory(folder.resolve("sluice"));
    Path theirs = Files.createDirectory(folder.resolve("kafka"));
    try (RunningSystem kafka = KAFKA.start(theirs);
        SluiceProcess sluice = SluiceProcess.in(ours, SluiceProcess.HEARTBEAT_INTERVAL, "5000");
        ProtocolClient toKafka = new ProtocolClient(kafka.kafka().orElseThrow());
        ProtocolClient toSluice = new ProtocolClient(sluice.process().kafka())) {
      Comparison.all().forEach(comparison -> compare(comparison, toKafka, toSluice));
    }
    assertEquals(List.of(), found, () -> "not accepted:\n" + String.join("\n", found));
    assertEquals(List.of(), accepted.unused(), "accepted, but the same");
  }

  private void compare(Comparison comparison, ProtocolClient kafka, ProtocolClient sluice) {
    SortedMap<String, String> theirs = response(comparison, kafka);
    SortedMap<String, String> ours = response(comparison, sluice);
    Set<String> paths = new TreeSet<>(theirs.keySet());
    paths.addAll(ours.keySet());
    for (String path : paths) {
      String their = theirs.get(path);
      String our = ours.get(path);
      if (!String.valueOf(their).equals(String.valueOf(our))
          && !accepted.accepts(comparison.name(), path)) {
        found.add("%s | %s | Kafka %s, Sluice %s".formatted(comparison.name(), path, their, our));
      }
    }
  }

  private static SortedMap<String, String> response(Comparison comparison, ProtocolClient client) {
    return Awaitility.await(comparison.name())
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .until(
            () -> ask(comparison, client),
            response -> isReady(response) && comparison.awaited().test(response));
  }

  private static SortedMap<String, String> ask(Comparison comparison, ProtocolClient client)
      throws IOException {
    BrokerIds ids = new BrokerIds(client);
    ApiMessage response =
        client.call(comparison.key(), comparison.version(), comparison.request().to(ids));
    if (comparison.key() == ApiKeys.CREATE_TOPICS
        || comparison.key() == ApiKeys.CREATE_PARTITIONS) {
      awaitLeaders(ids);
    }
    return FlatJson.of(ProtocolClient.json(response, comparison.version()));
  }

  private static boolean isReady(SortedMap<String, String> response) {
    return response.entrySet().stream()
        .noneMatch(
            value ->
                value.getKey().endsWith("rrorCode")
                    && NOT_YET.contains(Short.valueOf(value.getValue())));
  }

  /** Apache Kafka's controller tells its broker of a new partition a moment later. */
  private static void awaitLeaders(BrokerIds ids) {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .until(
            () ->
                ids.metadata(null).topics().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .allMatch(partition -> partition.leaderId() == 1));
  }
}
