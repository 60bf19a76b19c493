package io.sluice.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.log.DiskLogStore;
import io.sluice.log.LogStoreOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A data folder that version 0.1 wrote is read by this version and every later one: {@code
 * golden/0.1.zip} in the resources stays as it is. With {@code -Dsluice.write-golden=FILE} one of
 * this version is written.
 */
class GoldenFolderTest {

  /** All messages are older than this; none is in flight any more. */
  private static final Instant LATER = Instant.parse("2026-11-23T12:00:00Z");

  @TempDir Path folder;

  @Test
  void a_folder_of_version_0_1_holds_what_it_held() throws Exception {
    unpack("/golden/0.1.zip");
    BrokerOptions options = BrokerOptions.defaults().withClock(() -> LATER);
    try (DiskLogStore log = DiskLogStore.open(folder, LogStoreOptions.defaults());
        Broker broker = Broker.open(log, folder, options)) {
      assertEquals(List.of(), log.faults());
      assertEquals(Map.of(), log.damagedRanges());
      assertEquals(
          Map.of("retention.ms", "-1"), broker.topics().find("orders").orElseThrow().configs());
      assertEquals(
          "compact", broker.topics().find("prices").orElseThrow().configs().get("cleanup.policy"));
      assertEquals(2, broker.topics().find("orders").orElseThrow().partitions());

      assertEquals(
          List.of("direct 2", "direct 3", "direct 4", "direct 5", "hidden"),
          drain(broker, "standard"));
      assertEquals(List.of("a 1", "b 0", "b 1"), drain(broker, "groups.fifo"));
      assertEquals(List.of("order 0", "order 1", "order 2"), drain(broker, "subscriber"));
      assertEquals(List.of("spent"), drain(broker, "dead"));
      assertEquals("7", broker.queues().find("standard").orElseThrow().attributes().get("colour"));
    }
  }

  private static List<String> drain(Broker broker, String name) throws InterruptedException {
    Queue queue = broker.queues().find(name).orElseThrow();
    List<String> bodies = new ArrayList<>();
    List<ReceivedMessage> some = receive(queue, 10);
    while (!some.isEmpty()) {
      for (ReceivedMessage message : some) {
        bodies.add(new String(Utils.toArray(message.record().value()), UTF_8));
      }
      queue.acknowledge(some.stream().map(ReceivedMessage::receipt).toList()).join();
      some = receive(queue, 10);
    }
    return bodies.stream().sorted().toList();
  }

  private static List<ReceivedMessage> receive(Queue queue, int max) throws InterruptedException {
    return queue.receive(max, Duration.ofHours(1), Duration.ZERO);
  }

  @Test
  @EnabledIfSystemProperty(named = "sluice.write-golden", matches = ".+")
  void writes_a_folder_of_this_version() throws Exception {
    try (DiskLogStore log = DiskLogStore.open(folder, LogStoreOptions.defaults());
        Broker broker = Broker.open(log, folder, BrokerOptions.defaults())) {
      Map<String, String> forever = Map.of("retention.ms", "-1");
      broker.topics().create(NewTopic.named("orders").withPartitions(2).withConfigs(forever));
      broker
          .topics()
          .create(NewTopic.named("prices").withConfigs(Map.of("cleanup.policy", "compact")));
      QueueSettings kept = QueueSettings.defaults().withRetention(Duration.ofDays(36_500));
      Queue standard =
          broker.queues().create(new NewQueue("standard", Map.of("colour", "7"), kept));
      Queue fifo =
          broker
              .queues()
              .create(
                  new NewQueue(
                      "groups.fifo", Map.of(), kept.withFifo(new QueueSettings.Fifo(false))));
      broker.queues().create(new NewQueue("subscriber", Map.of(), kept));
      Queue dead = broker.queues().create(new NewQueue("dead", Map.of(), kept));
      broker
          .sources()
          .add("orders", "subscriber", Map.of("filter", "none"), new StartingPoint.Earliest());
      for (int i = 0; i < 3; i++) {
        NewRecord order = record("key " + i, "order " + i);
        broker.publisher().publish("orders", List.of(order)).getFirst().join();
        broker
            .publisher()
            .publish("prices", List.of(record("key", "price " + i)))
            .getFirst()
            .join();
      }
      for (int i = 0; i < 6; i++) {
        send(standard, new NewMessage(record(null, "direct " + i), Duration.ZERO));
      }
      send(standard, new NewMessage(record(null, "hidden"), Duration.ofMinutes(10)));
      standard.acknowledge(receipts(receive(standard, 2))).join();
      receive(standard, 2);
      for (String body : List.of("a 0", "a 1", "b 0", "b 1")) {
        NewRecord grouped = record(body.substring(0, 1), body);
        send(fifo, new NewMessage(grouped, Duration.ZERO, Optional.of(body)));
      }
      fifo.acknowledge(receipts(receive(fifo, 1))).join();
      send(dead, new NewMessage(record(null, "spent"), Duration.ZERO));
    }
    pack(Path.of(System.getProperty("sluice.write-golden")));
  }

  private static List<Receipt> receipts(List<ReceivedMessage> messages) {
    return messages.stream().map(ReceivedMessage::receipt).toList();
  }

  private static NewRecord record(@org.jspecify.annotations.Nullable String key, String value) {
    return new NewRecord(
        key == null ? null : key.getBytes(UTF_8), value.getBytes(UTF_8), List.of());
  }

  private static void send(Queue queue, NewMessage message) {
    queue.send(List.of(message)).getFirst().join();
  }

  private void pack(Path file) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file));
        Stream<Path> entries = Files.walk(folder)) {
      for (Path entry : entries.filter(Files::isRegularFile).sorted().toList()) {
        zip.putNextEntry(new ZipEntry(folder.relativize(entry).toString()));
        Files.copy(entry, zip);
      }
    }
  }

  private void unpack(String resource) throws IOException {
    try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream(resource));
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path file = folder.resolve(entry.getName()).normalize();
        assertTrue(file.startsWith(folder), entry.getName());
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.copy(zip, file);
      }
    }
  }
}
