package io.sluice.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.broker.subscription.Claim;
import io.sluice.broker.subscription.Lease;
import io.sluice.broker.subscription.Settlement;
import io.sluice.broker.subscription.Settlement.Verdict;
import io.sluice.broker.subscription.SharedAccess;
import io.sluice.log.ReadIsolation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One subscription for a share group and the queue of its name. */
class ShareGroupsTest {

  private static final Duration LOCK = Duration.ofSeconds(30);
  private static final long MEMBER = 7;

  @RegisterExtension final BrokerOnDisk disk = new BrokerOnDisk();
  private Topic orders;

  @BeforeEach
  void start() {
    orders = disk.broker().topics().create(NewTopic.named("orders"));
  }

  private void publish(String... values) {
    for (String value : values) {
      disk.broker()
          .publisher()
          .publish("orders", List.of(new NewRecord(null, Utils.utf8(value), List.of())))
          .forEach(position -> position.join());
    }
  }

  private SharedAccess group(String name) {
    return disk.broker().shareGroups().find(name).orElseThrow();
  }

  private static Lease take(SharedAccess from, Uuid topicId, int max) {
    return from.acquire(
        topicId,
        0,
        new Claim(
            MEMBER,
            max,
            100,
            1 << 20,
            true,
            false,
            LOCK,
            2000,
            Integer.MAX_VALUE,
            ReadIsolation.COMMITTED));
  }

  private void settle(SharedAccess in, Uuid topicId, long first, long last, Verdict verdict) {
    in.settle(
            topicId,
            0,
            MEMBER,
            List.of(new Settlement(first, last, List.of(verdict))),
            LOCK,
            Integer.MAX_VALUE)
        .join();
  }

  private List<String> receive(String queue) throws InterruptedException {
    return disk
        .broker()
        .queues()
        .find(queue)
        .orElseThrow()
        .receive(10, LOCK, Duration.ZERO)
        .stream()
        .map(message -> Utils.utf8(message.record().value()))
        .toList();
  }

  @Test
  void a_queue_and_its_share_group_take_from_the_same_messages() throws Exception {
    Queue queue = disk.broker().queues().create(NewQueue.named("dispatch"));
    disk.broker().sources().add("orders", "dispatch", Map.of(), new StartingPoint.Earliest());
    publish("a", "b", "c", "d");
    SharedAccess group = group("dispatch");

    assertEquals(List.of(new Lease.Range(0, 1, 1)), take(group, orders.id(), 2).ranges());
    List<ReceivedMessage> received = queue.receive(10, LOCK, Duration.ZERO);
    assertEquals(2, received.size());
    assertEquals(new QueueDepth(0, 4, 0), queue.depth());
    assertEquals(List.of(), take(group, orders.id(), 10).ranges());

    settle(group, orders.id(), 0, 0, Verdict.DONE);
    settle(group, orders.id(), 1, 1, Verdict.RELEASE);
    List<ReceivedMessage> again = queue.receive(10, LOCK, Duration.ZERO);
    assertEquals(List.of(2), again.stream().map(ReceivedMessage::receiveCount).toList());
    queue.changeVisibility(received.getFirst().receipt(), Duration.ZERO);
    assertEquals(List.of(new Lease.Range(2, 2, 2)), take(group, orders.id(), 10).ranges());

    // A receipt that is not the latest takes nothing from the member.
    queue.acknowledge(List.of(received.getFirst().receipt())).join();
    settle(group, orders.id(), 2, 2, Verdict.DONE);
    queue.acknowledge(List.of(received.getLast().receipt(), again.getFirst().receipt())).join();
    assertEquals(new QueueDepth(0, 0, 0), queue.depth());
  }

  @Test
  void a_lock_is_the_same_for_both_and_ends_for_both() throws Exception {
    disk.broker().queues().create(NewQueue.named("dispatch"));
    disk.broker().sources().add("orders", "dispatch", Map.of(), new StartingPoint.Earliest());
    publish("a");
    assertEquals(1, take(group("dispatch"), orders.id(), 1).count());
    disk.reopen();
    assertEquals(List.of(), receive("dispatch"));
    disk.clock().advance(LOCK);
    assertEquals(List.of("a"), receive("dispatch"));
    assertEquals(List.of(), take(group("dispatch"), orders.id(), 1).ranges());
  }

  @Test
  void what_is_sent_to_a_queue_is_shared_too_and_as_late() {
    Queue queue = disk.broker().queues().create(NewQueue.named("dispatch"));
    NewRecord record = new NewRecord(null, Utils.utf8("x"), List.of());
    queue
        .send(
            List.of(
                new NewMessage(record, Duration.ZERO),
                new NewMessage(record, Duration.ofSeconds(60))))
        .forEach(position -> position.join());
    Uuid inbox = disk.broker().topics().find("queue.dispatch").orElseThrow().id();
    assertTrue(group("dispatch").reads(inbox));
    assertEquals(List.of(new Lease.Range(0, 0, 1)), take(group("dispatch"), inbox, 9).ranges());
    settle(group("dispatch"), inbox, 0, 0, Verdict.DONE);
    assertEquals(60_000, group("dispatch").millisToNextDeadline(inbox, 0).orElseThrow());
    disk.clock().advance(Duration.ofSeconds(61));
    assertEquals(List.of(new Lease.Range(1, 1, 1)), take(group("dispatch"), inbox, 9).ranges());
  }

  @Test
  void a_group_is_nobodys_business_until_a_queue_takes_it_over() throws Exception {
    SharedAccess group =
        disk.broker().shareGroups().read("metrics", orders.id(), new StartingPoint.Latest());
    publish("a", "b", "c");
    assertEquals(2, take(group, orders.id(), 2).count());
    settle(group, orders.id(), 0, 0, Verdict.DONE);
    assertEquals(List.of(), disk.broker().queues().list());
    assertTrue(disk.broker().queues().find("metrics").isEmpty());
    assertEquals(List.of(), disk.broker().sources().list());
    assertEquals(List.of(), disk.broker().sources().ofTopic("orders"));
    assertThrows(
        QueueDoesNotExistException.class,
        () ->
            disk.broker().sources().add("orders", "metrics", Map.of(), new StartingPoint.Latest()));

    disk.reopen();
    disk.broker().queues().create(NewQueue.named("metrics"));
    Source source = disk.broker().sources().ofQueue("metrics").getFirst();
    assertEquals("orders", source.topic());
    assertEquals(
        source,
        disk.broker().sources().add("orders", "metrics", Map.of(), new StartingPoint.Earliest()));

    disk.reopen();
    assertEquals(List.of("c"), receive("metrics"), "b is locked");
    disk.clock().advance(LOCK);
    assertEquals(List.of("b", "c"), receive("metrics").stream().sorted().toList());
    assertTrue(disk.broker().queues().delete("metrics"));
    assertTrue(disk.broker().shareGroups().find("metrics").isEmpty());
    disk.reopen();
    assertTrue(disk.broker().shareGroups().find("metrics").isEmpty());
    assertEquals(List.of(), disk.broker().queues().list());
  }

  @Test
  void a_group_reads_from_where_it_is_told_and_its_place_survives_a_restart() {
    publish("a", "b", "c");
    SharedAccess group =
        disk.broker().shareGroups().read("metrics", orders.id(), new StartingPoint.Latest());
    assertEquals(3, group.progress(orders.id(), 0, 5).start());
    assertSame(
        group,
        disk.broker().shareGroups().read("metrics", orders.id(), new StartingPoint.Earliest()));
    assertEquals(3, group.progress(orders.id(), 0, 5).start());
    group.move(orders.id(), 0, 1).join();
    disk.reopen();
    assertEquals(1, group("metrics").progress(orders.id(), 0, 5).start());
    group("metrics").move(orders.id(), 0, 99).join();
    assertEquals(3, group("metrics").progress(orders.id(), 0, 5).start());
    group("metrics").move(orders.id(), 0, -5).join();
    assertEquals(0, group("metrics").progress(orders.id(), 0, 5).start());
  }

  @Test
  void a_group_that_is_forgotten_is_gone() {
    disk.broker().topics().create(NewTopic.named("other"));
    Uuid other = disk.broker().topics().find("other").orElseThrow().id();
    disk.broker().shareGroups().read("metrics", orders.id(), new StartingPoint.Earliest());
    disk.broker().shareGroups().read("metrics", other, new StartingPoint.Earliest());
    disk.broker().shareGroups().forget("metrics", other);
    assertFalse(group("metrics").reads(other));
    assertTrue(group("metrics").reads(orders.id()));
    disk.broker().shareGroups().forget("metrics", orders.id());
    assertTrue(disk.broker().shareGroups().find("metrics").isEmpty());
    disk.broker().shareGroups().forget("metrics", orders.id());
    disk.reopen();
    assertTrue(disk.broker().shareGroups().find("metrics").isEmpty());
  }

  @Test
  void a_queue_keeps_what_it_reads_when_its_group_is_forgotten() {
    disk.broker().queues().create(NewQueue.named("dispatch"));
    disk.broker().sources().add("orders", "dispatch", Map.of(), new StartingPoint.Earliest());
    disk.broker().shareGroups().forget("dispatch", orders.id());
    assertTrue(group("dispatch").reads(orders.id()));
    assertEquals(1, disk.broker().sources().ofQueue("dispatch").size());
  }

  @Test
  void a_deleted_topic_is_gone_for_groups_at_once() {
    publish("a");
    disk.broker().shareGroups().read("metrics", orders.id(), new StartingPoint.Earliest());
    disk.broker().topics().delete("orders");
    assertFalse(group("metrics").reads(orders.id()));
    assertThrows(
        UnknownTopicOrPartitionException.class, () -> take(group("metrics"), orders.id(), 1));
    assertThrows(
        UnknownTopicIdException.class,
        () ->
            disk.broker().shareGroups().read("metrics", orders.id(), new StartingPoint.Earliest()));
    disk.broker().topics().create(NewTopic.named("orders"));
    disk.reopen();
    assertTrue(disk.broker().shareGroups().find("metrics").isEmpty());
  }

  @Test
  void partitions_that_a_topic_grows_are_read_from_their_beginning() {
    disk.broker().shareGroups().read("metrics", orders.id(), new StartingPoint.Latest());
    disk.broker().topics().addPartitions("orders", 2);
    assertEquals(0, group("metrics").progress(orders.id(), 1, 5).start());
    assertThrows(
        UnknownTopicOrPartitionException.class, () -> group("metrics").progress(orders.id(), 2, 5));
    assertThrows(
        UnknownTopicOrPartitionException.class,
        () -> group("metrics").progress(orders.id(), -1, 5));
  }
}
