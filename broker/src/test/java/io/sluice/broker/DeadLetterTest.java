package io.sluice.broker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.broker.subscription.Claim;
import io.sluice.broker.subscription.FakeLogStore;
import io.sluice.broker.subscription.Lease;
import io.sluice.broker.subscription.Settlement;
import io.sluice.broker.subscription.Settlement.Verdict;
import io.sluice.broker.subscription.SharedAccess;
import io.sluice.log.ReadIsolation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of messages that were received as often as their queue lets them. */
class DeadLetterTest {

  private static final Duration VISIBILITY = Duration.ofSeconds(30);
  private static final long MEMBER = 7;

  @TempDir Path folder;
  private final FakeClock clock = new FakeClock();
  private FakeLogStore store = new FakeLogStore();
  private Broker broker;
  private int opened;

  @BeforeEach
  void open() throws Exception {
    broker = open(store);
    broker.queues().create(NewQueue.named("dead"));
    create("orders", 2);
  }

  private Broker open(FakeLogStore in) throws Exception {
    return Broker.open(
        in,
        Files.createDirectory(folder.resolve("opened" + opened++)),
        BrokerOptions.defaults().withClock(clock));
  }

  @AfterEach
  void close() {
    broker.close();
  }

  private void reopen() throws Exception {
    close();
    broker = open(store);
  }

  private void create(String name, int maxReceiveCount) {
    broker
        .queues()
        .create(
            new NewQueue(
                name,
                Map.of(),
                QueueSettings.defaults()
                    .withRedrive(Optional.of(new Redrive("dead", maxReceiveCount)))));
  }

  @Test
  void a_message_is_moved_instead_of_being_received_once_more() throws Exception {
    Header header = new RecordHeader("colour", Utils.utf8("red"));
    RecordPosition sent = send("orders", "one", header);
    Instant sentAt = clock.instant();
    Instant first = null;
    for (int i = 1; i <= 2; i++) {
      clock.advance(VISIBILITY);
      ReceivedMessage received = receive("orders").getFirst();
      first = first == null ? clock.instant() : first;
      assertEquals(i, received.receiveCount());
    }
    assertEquals(List.of(), receive("dead"));
    clock.advance(VISIBILITY);
    reopen();

    assertEquals(List.of(), receive("orders"));
    ReceivedMessage dead = receive("dead").getFirst();
    assertEquals("one", text(dead));
    assertArrayEquals(Utils.utf8("red"), dead.record().headers()[0].value());
    assertEquals(sent, dead.sentTo());
    assertEquals(sentAt, dead.sentAt());
    assertEquals(3, dead.receiveCount());
    assertEquals(first, dead.firstReceivedAt());
    assertEquals("orders", dead.origin().orElseThrow().deadLetter().orElseThrow().queue());

    clock.advance(Duration.ofHours(1));
    assertEquals(List.of(), receive("orders"), "it was acknowledged");
    assertEquals(new QueueDepth(0, 0, 0), queue("orders").depth());
    assertEquals(4, receive("dead").getFirst().receiveCount());
  }

  @Test
  void others_are_received_past_those_that_are_moved() throws Exception {
    for (int i = 0; i < 25; i++) {
      send("orders", "bad" + i);
    }
    receiveAllTwice("orders");
    send("orders", "good");

    assertEquals(List.of("good"), texts(queue("orders").receive(10, VISIBILITY, Duration.ZERO)));
    clock.advance(VISIBILITY);
    List<String> rest = new ArrayList<>();
    List<ReceivedMessage> some = receive("orders");
    while (!some.isEmpty()) {
      rest.addAll(texts(some));
      some = receive("orders");
    }
    assertEquals(List.of("good"), rest);
    assertEquals(25, queue("dead").depth().available());
  }

  @Test
  void a_receive_that_hides_nothing_moves_each_message_once() throws Exception {
    send("orders", "one");
    for (int i = 0; i < 5; i++) {
      queue("orders").receive(10, Duration.ZERO, Duration.ZERO);
    }

    assertEquals(List.of("one"), texts(receive("dead")));
    assertEquals(List.of(), receive("orders"));
  }

  @Test
  void a_dead_letter_dies_again_as_the_message_that_it_was() throws Exception {
    broker.queues().create(NewQueue.named("deadest"));
    queue("dead")
        .alter(
            Map.of(), QueueSettings.defaults().withRedrive(Optional.of(new Redrive("deadest", 1))));
    RecordPosition sent = send("orders", "one");
    receiveAllTwice("orders");
    assertEquals(List.of(), receive("orders"));
    assertEquals(List.of("one"), texts(receive("dead")));
    clock.advance(VISIBILITY);
    assertEquals(List.of(), receive("dead"));

    ReceivedMessage deadest = receive("deadest").getFirst();
    assertEquals(sent, deadest.sentTo());
    assertEquals("dead", deadest.origin().orElseThrow().deadLetter().orElseThrow().queue());
    assertEquals(4, deadest.receiveCount());
  }

  @Test
  void what_a_topic_brought_is_still_of_its_source() throws Exception {
    broker.topics().create(NewTopic.named("news"));
    Source source =
        broker.sources().add("news", "orders", Map.of("Raw", "true"), new StartingPoint.Earliest());
    broker.publisher().publish("news", List.of(record("one"))).getFirst().join();
    receiveAllTwice("orders");
    assertEquals(List.of(), receive("orders"));
    broker.sources().remove(source.id());

    ReceivedMessage dead = receive("dead").getFirst();
    assertEquals(Optional.of(source), dead.source());
    assertEquals("queue.dead", dead.topic());
  }

  @Test
  void without_a_dead_letter_queue_a_message_is_received_on() throws Exception {
    send("orders", "one");
    receiveAllTwice("orders");
    broker.queues().delete("dead");

    assertEquals(3, receive("orders").getFirst().receiveCount());
    clock.advance(VISIBILITY);
    broker.queues().create(NewQueue.named("dead"));
    assertEquals(List.of(), receive("orders"));
    assertEquals(List.of("one"), texts(receive("dead")));
  }

  @Test
  void a_policy_that_is_taken_away_moves_nothing() throws Exception {
    send("orders", "one");
    receiveAllTwice("orders");
    queue("orders").alter(Map.of(), QueueSettings.defaults());

    assertEquals(List.of("one"), texts(receive("orders")));
  }

  @Test
  void a_header_that_anybody_could_write_says_nothing_when_it_is_not_sensible() throws Exception {
    for (String forged : List.of("", "{}", "[]", "null", "{\"topicId\":\"x\"}")) {
      RecordPosition sent =
          send("orders", "one", new RecordHeader(MessageOrigin.HEADER, Utils.utf8(forged)));
      ReceivedMessage received = receive("orders").getFirst();
      assertEquals(sent, received.sentTo(), forged);
      queue("orders").acknowledge(List.of(received.receipt())).join();
    }
  }

  /** Every copy that a crash could leave, from the last receive on. */
  @Test
  void a_crash_at_any_moment_loses_nothing() throws Exception {
    for (int i = 0; i < 3; i++) {
      send("orders", "m" + i);
    }
    receiveAllTwice("orders");
    List<FakeLogStore> crashes = new ArrayList<>();
    store.onChange(() -> crashes.add(store.crashed(store.ends())));
    assertEquals(List.of(), receive("orders"));
    store.onChange(() -> {});
    crashes.add(store);
    assertTrue(crashes.size() >= 3, "taken, appended, acknowledged");

    for (FakeLogStore left : crashes) {
      close();
      store = left;
      broker = open(store);
      clock.advance(Duration.ofHours(1));
      assertEquals(List.of(), receive("orders"));
      TreeSet<String> dead = new TreeSet<>();
      List<ReceivedMessage> some = receive("dead");
      int copies = some.size();
      while (!some.isEmpty()) {
        dead.addAll(texts(some));
        some = receive("dead");
        copies += some.size();
      }
      assertEquals(new TreeSet<>(List.of("m0", "m1", "m2")), dead);
      assertTrue(copies <= 6, "each at most twice");
    }
  }

  @Test
  void share_consumers_lose_nothing_either() throws Exception {
    send("orders", "one");
    SharedAccess shared = broker.shareGroups().find("orders").orElseThrow();
    Topic inbox = broker.topics().find("queue.orders").orElseThrow();
    for (int i = 0; i < 2; i++) {
      Lease lease = take(shared, inbox);
      assertEquals(i + 1, lease.ranges().getFirst().deliveryCount());
      shared
          .settle(
              inbox.id(),
              0,
              MEMBER,
              List.of(new Settlement(0, 0, List.of(Verdict.RELEASE))),
              VISIBILITY,
              1)
          .join();
    }

    assertEquals(List.of(), take(shared, inbox).ranges());
    assertEquals(List.of("one"), texts(receive("dead")));
    assertEquals(new QueueDepth(0, 0, 0), queue("orders").depth());
  }

  @Test
  void share_consumers_go_on_while_there_is_no_dead_letter_queue() throws Exception {
    send("orders", "one");
    broker.queues().delete("dead");
    SharedAccess shared = broker.shareGroups().find("orders").orElseThrow();
    Topic inbox = broker.topics().find("queue.orders").orElseThrow();

    for (int i = 1; i <= 8; i++) {
      assertEquals(i, take(shared, inbox).ranges().getFirst().deliveryCount());
      clock.advance(VISIBILITY);
      assertEquals(0, shared.progress(inbox.id(), 0, 5).start());
    }
  }

  private static Lease take(SharedAccess from, Topic topic) {
    return from.acquire(
        topic.id(),
        0,
        new Claim(
            MEMBER, 10, 100, 1 << 20, true, false, VISIBILITY, 2000, 5, ReadIsolation.COMMITTED));
  }

  private Queue queue(String name) {
    return broker.queues().find(name).orElseThrow();
  }

  private RecordPosition send(String queue, String value, Header... headers) {
    NewRecord record = new NewRecord(null, Utils.utf8(value), List.of(headers));
    return queue(queue).send(List.of(new NewMessage(record, Duration.ZERO))).getFirst().join();
  }

  private static NewRecord record(String value) {
    return new NewRecord(null, Utils.utf8(value), List.of());
  }

  private List<ReceivedMessage> receive(String queue) throws InterruptedException {
    return queue(queue).receive(10, VISIBILITY, Duration.ZERO);
  }

  /** Afterwards all are available, for the third time. */
  private void receiveAllTwice(String queue) throws InterruptedException {
    for (int i = 0; i < 2; i++) {
      while (!receive(queue).isEmpty()) {
        assertTrue(queue(queue).depth().inFlight() > 0);
      }
      clock.advance(VISIBILITY);
    }
  }

  private static String text(ReceivedMessage message) {
    return Utils.utf8(message.record().value());
  }

  private static List<String> texts(List<ReceivedMessage> messages) {
    return messages.stream().map(DeadLetterTest::text).toList();
  }
}
