package io.sluice.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Queues that a door keeps for itself: like any other, but nobody else can name them. */
class DeliveryQueuesTest {

  private static final Duration LOCK = Duration.ofSeconds(30);

  @RegisterExtension final BrokerOnDisk disk = new BrokerOnDisk();

  @Test
  void clients_cannot_see_one() {
    Queue hidden = disk.broker().deliveryQueues().create(NewQueue.named("endpoint"));

    assertEquals(Optional.empty(), disk.broker().queues().find(hidden.name()));
    assertEquals(List.of(), disk.broker().queues().list());
    assertFalse(disk.broker().queues().delete(hidden.name()));
    assertEquals(List.of(hidden), disk.broker().deliveryQueues().list());
    assertEquals(Optional.of(hidden), disk.broker().deliveryQueues().find(hidden.name()));
  }

  @Test
  void a_door_cannot_reach_the_queues_of_clients() {
    disk.broker().queues().create(NewQueue.named("orders"));

    assertEquals(Optional.empty(), disk.broker().deliveryQueues().find("orders"));
    assertEquals(List.of(), disk.broker().deliveryQueues().list());
    assertFalse(disk.broker().deliveryQueues().delete("orders"));
    assertTrue(disk.broker().queues().find("orders").isPresent());
  }

  @Test
  void no_client_may_make_one() {
    String name = disk.broker().deliveryQueues().create(NewQueue.named("endpoint")).name();

    assertThrows(
        IllegalArgumentException.class,
        () -> disk.broker().queues().create(NewQueue.named(name + "2")));
  }

  @Test
  void a_share_group_of_its_name_is_another_reader() throws InterruptedException {
    Topic topic = disk.broker().topics().create(NewTopic.named("orders"));
    Queue hidden = disk.broker().deliveryQueues().create(NewQueue.named("endpoint"));
    disk.broker().sources().add("orders", hidden.name(), Map.of(), new StartingPoint.Earliest());

    assertEquals(Optional.empty(), disk.broker().shareGroups().find(hidden.name()));
    disk.broker().shareGroups().read(hidden.name(), topic.id(), new StartingPoint.Earliest());
    publish("a");

    assertEquals(1, hidden.receive(10, LOCK, Duration.ofSeconds(5)).size());
    assertTrue(disk.broker().deliveryQueues().delete(hidden.name()));
    assertTrue(disk.broker().shareGroups().find(hidden.name()).isPresent());
  }

  @Test
  void it_reads_topics_and_survives_a_restart() throws InterruptedException {
    disk.broker().topics().create(NewTopic.named("orders"));
    String name = disk.broker().deliveryQueues().create(NewQueue.named("endpoint")).name();
    Source source =
        disk.broker().sources().add("orders", name, Map.of("a", "b"), new StartingPoint.Latest());
    publish("a");
    disk.reopen();

    Queue hidden = disk.broker().deliveryQueues().find(name).orElseThrow();
    List<ReceivedMessage> received = hidden.receive(10, LOCK, Duration.ofSeconds(5));

    assertEquals(List.of(source), disk.broker().sources().list());
    assertEquals(1, received.size());
    assertEquals(Optional.of(source), received.getFirst().source());
  }

  private void publish(String value) {
    disk.broker()
        .publisher()
        .publish("orders", List.of(new NewRecord(null, Utils.utf8(value), List.of())))
        .forEach(position -> position.join());
  }
}
