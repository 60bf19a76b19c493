package io.sluice.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.log.DiskLogStore;
import io.sluice.log.LogStoreOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queues that a door keeps for itself: like any other, but nobody else can name them. */
class DeliveryQueuesTest {

  private static final Duration LOCK = Duration.ofSeconds(30);

  @TempDir Path folder;
  private final FakeClock clock = new FakeClock();
  private DiskLogStore log;
  private Broker broker;

  @BeforeEach
  void open() {
    log = DiskLogStore.open(folder, LogStoreOptions.defaults());
    broker = Broker.open(log, folder, BrokerOptions.defaults().withClock(clock));
  }

  @AfterEach
  void close() {
    broker.close();
    log.close();
  }

  @Test
  void clients_cannot_see_one() {
    Queue hidden = broker.deliveryQueues().create(NewQueue.named("endpoint"));

    assertEquals(Optional.empty(), broker.queues().find(hidden.name()));
    assertEquals(List.of(), broker.queues().list());
    assertFalse(broker.queues().delete(hidden.name()));
    assertEquals(List.of(hidden), broker.deliveryQueues().list());
    assertEquals(Optional.of(hidden), broker.deliveryQueues().find(hidden.name()));
  }

  @Test
  void a_door_cannot_reach_the_queues_of_clients() {
    broker.queues().create(NewQueue.named("orders"));

    assertEquals(Optional.empty(), broker.deliveryQueues().find("orders"));
    assertEquals(List.of(), broker.deliveryQueues().list());
    assertFalse(broker.deliveryQueues().delete("orders"));
    assertTrue(broker.queues().find("orders").isPresent());
  }

  @Test
  void no_client_may_make_one() {
    String name = broker.deliveryQueues().create(NewQueue.named("endpoint")).name();

    assertThrows(
        IllegalArgumentException.class, () -> broker.queues().create(NewQueue.named(name + "2")));
  }

  @Test
  void a_share_group_of_its_name_is_another_reader() throws InterruptedException {
    Topic topic = broker.topics().create(NewTopic.named("orders"));
    Queue hidden = broker.deliveryQueues().create(NewQueue.named("endpoint"));
    broker.sources().add("orders", hidden.name(), Map.of(), new StartingPoint.Earliest());

    assertEquals(Optional.empty(), broker.shareGroups().find(hidden.name()));
    broker.shareGroups().read(hidden.name(), topic.id(), new StartingPoint.Earliest());
    publish("a");

    assertEquals(1, hidden.receive(10, LOCK, Duration.ofSeconds(5)).size());
    assertTrue(broker.deliveryQueues().delete(hidden.name()));
    assertTrue(broker.shareGroups().find(hidden.name()).isPresent());
  }

  @Test
  void it_reads_topics_and_survives_a_restart() throws InterruptedException {
    broker.topics().create(NewTopic.named("orders"));
    String name = broker.deliveryQueues().create(NewQueue.named("endpoint")).name();
    Source source =
        broker.sources().add("orders", name, Map.of("a", "b"), new StartingPoint.Latest());
    publish("a");
    close();
    open();

    Queue hidden = broker.deliveryQueues().find(name).orElseThrow();
    List<ReceivedMessage> received = hidden.receive(10, LOCK, Duration.ofSeconds(5));

    assertEquals(List.of(source), broker.sources().list());
    assertEquals(1, received.size());
    assertEquals(Optional.of(source), received.getFirst().source());
  }

  private void publish(String value) {
    broker
        .publisher()
        .publish("orders", List.of(new NewRecord(null, Utils.utf8(value), List.of())))
        .forEach(position -> position.join());
  }
}
