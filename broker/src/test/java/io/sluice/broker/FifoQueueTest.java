package io.sluice.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.broker.subscription.Claim;
import io.sluice.broker.subscription.Lease;
import io.sluice.broker.subscription.SharedAccess;
import io.sluice.log.ReadIsolation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FifoQueueTest {

  private static final Duration VISIBILITY = Duration.ofSeconds(30);

  private static final Claim CLAIM =
      new Claim(
          1, 100, 100, 1 << 20, true, false, VISIBILITY, 1000, 5, ReadIsolation.HIGH_WATERMARK);

  @RegisterExtension final BrokerOnDisk disk = new BrokerOnDisk();
  private Queue queue;
  private int sent;

  @BeforeEach
  void create() {
    queue =
        disk.broker()
            .queues()
            .create(
                new NewQueue(
                    "work.fifo",
                    java.util.Map.of(),
                    QueueSettings.defaults().withFifo(new QueueSettings.Fifo(false))));
  }

  private void reopen() {
    disk.reopen();
    queue = disk.broker().queues().find("work.fifo").orElseThrow();
  }

  @Test
  void a_group_comes_in_order_and_waits_for_its_messages_in_flight() throws Exception {
    send("a", "a1", "a2", "a3");
    send("b", "b1");

    List<ReceivedMessage> first = receive(2);
    assertEquals(List.of("a1", "a2"), texts(first));
    assertEquals(List.of("b1"), texts(receive(10)));
    assertEquals(List.of(), texts(receive(10)));

    acknowledge(first.getFirst());
    assertEquals(List.of(), texts(receive(10)), "a2 is in flight");
    acknowledge(first.getLast());
    assertEquals(List.of("a3"), texts(receive(10)));
  }

  @Test
  void share_consumers_wait_for_groups_too() throws Exception {
    send("a", "a1", "a2");
    send("b", "b1");
    List<ReceivedMessage> first = receive(1);
    SharedAccess shared = disk.broker().shareGroups().find("work.fifo").orElseThrow();
    Uuid inbox = disk.broker().topics().find("queue.work.fifo").orElseThrow().id();

    assertEquals(List.of(new Lease.Range(2, 2, 1)), shared.acquire(inbox, 0, CLAIM).ranges());
    assertEquals(List.of(), shared.acquire(inbox, 0, CLAIM).ranges());
    acknowledge(first.getFirst());
    assertEquals(List.of(new Lease.Range(1, 1, 1)), shared.acquire(inbox, 0, CLAIM).ranges());
    send("a", "a3");
    assertEquals(List.of(), texts(receive(10)), "a2 is in flight");
    assertEquals(0, shared.readableBytes(inbox, 0, CLAIM));
  }

  @Test
  void a_receive_takes_as_many_of_one_group_as_there_are() throws Exception {
    for (int i = 1; i <= 6; i++) {
      send("a", "a" + i);
      send("b", "b" + i);
    }

    assertEquals(List.of("a1", "a2", "a3", "a4", "a5", "a6", "b1", "b2"), texts(receive(8)));
    assertEquals(List.of(), texts(receive(8)));
  }

  @Test
  void what_times_out_comes_again_before_what_follows() throws Exception {
    send("a", "a1", "a2", "a3");
    List<ReceivedMessage> first = receive(2);
    acknowledge(first.getLast());

    disk.clock().advance(VISIBILITY);
    List<ReceivedMessage> again = receive(10);
    assertEquals(List.of("a1", "a3"), texts(again));
    assertEquals(2, again.getFirst().receiveCount());

    queue.changeVisibility(again.getFirst().receipt(), Duration.ZERO);
    assertEquals(List.of(), texts(receive(10)), "a3 is in flight");
    acknowledge(again.getLast());
    assertEquals(List.of("a1"), texts(receive(10)));
  }

  @Test
  void a_group_that_always_fails_does_not_starve_the_others() throws Exception {
    send("poison", "poison");
    List<String> received = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      send("g" + i, "v" + i);
    }
    for (int i = 0; i < 60; i++) {
      for (ReceivedMessage message : receive(1)) {
        received.add(text(message));
        if (text(message).equals("poison")) {
          queue.changeVisibility(message.receipt(), Duration.ZERO);
        } else {
          acknowledge(message);
        }
      }
    }
    for (int i = 0; i < 20; i++) {
      assertEquals(Set.of("v" + i), Set.copyOf(intersection(received, "v" + i)));
    }
  }

  private static List<String> intersection(List<String> all, String one) {
    return all.stream().filter(one::equals).toList();
  }

  @Test
  void blocked_groups_and_counts_survive_a_restart() throws Exception {
    send("a", "a1", "a2");
    send("b", "b1");
    List<ReceivedMessage> first = receive(1);

    reopen();

    assertEquals(List.of("b1"), texts(receive(10)));
    disk.clock().advance(VISIBILITY);
    List<ReceivedMessage> again = receive(2);
    assertEquals(List.of("a1", "a2"), texts(again));
    assertEquals(2, again.getFirst().receiveCount());
    assertEquals(ReceiptStanding.EXPIRED, queue.standing(first.getFirst().receipt()));
    assertEquals(ReceiptStanding.IN_FLIGHT, queue.standing(again.getFirst().receipt()));
    acknowledge(again.getFirst());
    assertEquals(ReceiptStanding.GONE, queue.standing(again.getFirst().receipt()));
  }

  @Test
  void a_rewound_queue_gives_everything_once_more_in_order() throws Exception {
    send("a", "a1", "a2", "a3");
    send("b", "b1", "b2");
    receive(10).forEach(this::acknowledge);
    send("a", "a4");

    queue.rewind(new StartingPoint.Earliest());

    List<String> all = texts(receive(10));
    assertEquals(List.of("a1", "a2", "a3", "a4"), startingWith("a", all));
    assertEquals(List.of("b1", "b2"), startingWith("b", all));
  }

  private static List<String> startingWith(String prefix, List<String> all) {
    return all.stream().filter(text -> text.startsWith(prefix)).toList();
  }

  @Test
  void a_blocked_group_of_thousands_does_not_hide_the_others() throws Exception {
    String[] many = new String[19_000];
    for (int i = 0; i < many.length; i++) {
      many[i] = "a" + i;
    }
    send("a", many);
    send("b", "b1");

    assertEquals(List.of("a0"), texts(receive(1)));
    assertEquals(List.of("b1"), texts(receive(10)));
    assertEquals(19_001, queue.depth().available() + queue.depth().inFlight());
  }

  @Test
  void a_delay_holds_for_what_the_queue_has_already() throws Exception {
    send("a", "a1");
    queue.alter(queue.attributes(), queue.settings().withDelay(Duration.ofSeconds(60)));
    disk.clock().advance(Duration.ofSeconds(30));
    send("b", "b1");

    assertEquals(List.of(), texts(receive(10)));
    disk.clock().advance(Duration.ofSeconds(30));
    assertEquals(List.of("a1"), texts(receive(10)));
    disk.clock().advance(Duration.ofSeconds(30));
    assertEquals(List.of("a1", "b1"), texts(receive(10)));
  }

  @Test
  void a_long_poll_ends_when_the_message_before_is_acknowledged() throws Exception {
    send("a", "a1", "a2");
    ReceivedMessage first = receive(1).getFirst();
    CompletableFuture<List<String>> waiting =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return texts(queue.receive(10, VISIBILITY, Duration.ofSeconds(20)));
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    acknowledge(first);
    assertEquals(List.of("a2"), waiting.get());
  }

  @Test
  void an_id_counts_once_in_five_minutes() {
    RecordPosition first = sendOnce("a", "id", "first");
    assertEquals(first, sendOnce("a", "id", "second"));
    assertEquals(first, sendOnce("b", "id", "of another group"));
    assertNotEquals(first, sendOnce("a", "other", "third"));

    disk.clock().advance(Duration.ofMinutes(5).minusMillis(1));
    assertEquals(first, sendOnce("a", "id", "just before"));
    disk.clock().advance(Duration.ofMillis(1));
    assertNotEquals(first, sendOnce("a", "id", "fourth"));
  }

  @Test
  void an_id_counts_although_its_message_is_deleted_and_the_broker_restarted() throws Exception {
    RecordPosition first = sendOnce("a", "id", "first");
    receive(1).forEach(this::acknowledge);
    assertEquals(first, sendOnce("a", "id", "second"));
    queue.purge();

    reopen();

    assertEquals(first, sendOnce("a", "id", "third"));
    assertEquals(List.of(), texts(receive(10)));
    disk.clock().advance(Duration.ofMinutes(5));
    sendOnce("a", "id", "fourth");
    assertEquals(List.of("fourth"), texts(receive(10)));
  }

  @Test
  void an_id_may_count_within_its_group_only() {
    queue.alter(queue.attributes(), queue.settings().withFifo(new QueueSettings.Fifo(true)));
    RecordPosition first = sendOnce("a", "id", "first");
    RecordPosition second = sendOnce("b", "id", "second");
    assertNotEquals(first, second);
    assertEquals(first, sendOnce("a", "id", "third"));

    queue.alter(queue.attributes(), queue.settings().withFifo(new QueueSettings.Fifo(false)));
    assertTrue(Set.of(first, second).contains(sendOnce("c", "id", "fourth")));
  }

  @Test
  void of_those_who_send_the_same_at_once_one_sends() {
    List<CompletableFuture<RecordPosition>> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      all.addAll(queue.send(List.of(message("a", "same", "v" + i), message("a", "x" + i, "w"))));
    }
    Set<RecordPosition> positions =
        all.stream().map(CompletableFuture::join).collect(Collectors.toSet());
    assertEquals(51, positions.size());
  }

  @Test
  void a_topic_takes_an_id_once_over_all_its_partitions() {
    disk.broker().topics().create(NewTopic.named("orders.fifo").withPartitions(4));
    RecordPosition first = publishOnce("a", "id", false);
    assertEquals(first, publishOnce("b", "id", false));
    reopen();
    assertEquals(first, publishOnce("c", "id", false));
    assertNotEquals(first, publishOnce("c", "id", true));
    assertEquals(first, publishOnce("a", "id", true));
  }

  private RecordPosition publishOnce(String group, String id, boolean byGroup) {
    return disk.broker()
        .publisher()
        .publishOnce("orders.fifo", List.of(message(group, id, "v").record()), List.of(id), byGroup)
        .getFirst()
        .join();
  }

  @Test
  void the_same_receipts_give_the_same_messages_while_they_are_in_flight() throws Exception {
    send("a", "a1", "a2", "a3");
    List<ReceivedMessage> first = receive(2);
    List<Receipt> receipts = first.stream().map(ReceivedMessage::receipt).toList();

    disk.clock().advance(Duration.ofSeconds(20));
    List<ReceivedMessage> again = queue.receiveAgain(receipts, VISIBILITY).orElseThrow();
    assertEquals(List.of("a1", "a2"), texts(again));
    assertEquals(receipts, again.stream().map(ReceivedMessage::receipt).toList());
    assertEquals(1, again.getFirst().receiveCount());
    disk.clock().advance(Duration.ofSeconds(20));
    assertEquals(List.of(), texts(receive(10)), "hidden anew");

    acknowledge(again.getFirst());
    assertEquals(Optional.empty(), queue.receiveAgain(receipts, VISIBILITY));
  }

  @Test
  void there_is_no_error_when_enough_is_in_flight() throws Exception {
    QueueSettings settings = queue.settings();
    queue.alter(
        queue.attributes(),
        new QueueSettings(settings.retention(), settings.maxMessageBytes(), 3)
            .withFifo(settings.fifo().orElseThrow()));
    for (int i = 0; i < 5; i++) {
      send("g" + i, "v" + i);
    }
    List<ReceivedMessage> first = receive(10);
    assertEquals(List.of("v0", "v1", "v2"), texts(first));
    assertEquals(List.of(), texts(receive(10)));
    acknowledge(first.getFirst());
    assertEquals(List.of("v3"), texts(receive(10)));
  }

  @Test
  void a_message_needs_an_id() {
    assertThrows(
        java.util.NoSuchElementException.class,
        () -> queue.send(List.of(new NewMessage(record("a", "v"), Duration.ZERO))));
  }

  private void send(String group, String... values) {
    List<NewMessage> messages = new ArrayList<>();
    for (String value : values) {
      messages.add(message(group, "id" + sent++, value));
    }
    queue.send(messages).forEach(CompletableFuture::join);
  }

  private RecordPosition sendOnce(String group, String id, String value) {
    return queue.send(List.of(message(group, id, value))).getFirst().join();
  }

  private static NewMessage message(String group, String id, String value) {
    return new NewMessage(record(group, value), Duration.ZERO, Optional.of(id));
  }

  private static NewRecord record(String group, String value) {
    return new NewRecord(group.getBytes(UTF_8), value.getBytes(UTF_8), List.of());
  }

  private List<ReceivedMessage> receive(int max) throws InterruptedException {
    return queue.receive(max, VISIBILITY, Duration.ZERO);
  }

  private void acknowledge(ReceivedMessage message) {
    queue.acknowledge(List.of(message.receipt())).join();
  }

  private static List<String> texts(List<ReceivedMessage> messages) {
    return messages.stream().map(FifoQueueTest::text).toList();
  }

  private static String text(ReceivedMessage message) {
    return Utils.utf8(message.record().value());
  }
}
