package io.sluice.broker;

import static io.sluice.broker.TextFilters.contains;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.broker.subscription.Claim;
import io.sluice.broker.subscription.Lease;
import io.sluice.broker.subscription.SharedAccess;
import io.sluice.log.Durability;
import io.sluice.log.LogStoreOptions;
import io.sluice.log.ReadIsolation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Sources with filters: who receives what, through changes of the filter and restarts. */
final class FilteredSourcesTest {

  private static final Duration HIDDEN = Duration.ofHours(1);

  private final TextFilters filters = new TextFilters();

  @RegisterExtension
  final BrokerOnDisk disk =
      new BrokerOnDisk(
          LogStoreOptions.defaults().withDurability(Durability.OS),
          BrokerOptions.defaults().withRecordFilters(filters));

  @BeforeEach
  void start() {
    disk.broker().topics().create(NewTopic.named("orders"));
    disk.broker().queues().create(NewQueue.named("dispatch"));
  }

  private Source subscribe(Map<String, String> attributes) {
    return disk.broker()
        .sources()
        .add("orders", "dispatch", attributes, new StartingPoint.Earliest());
  }

  private void publish(String... values) {
    List<NewRecord> records = new ArrayList<>();
    for (String value : values) {
      records.add(new NewRecord(null, Utils.utf8(value), List.of()));
    }
    disk.broker().publisher().publish("orders", records).forEach(position -> position.join());
  }

  private void publishMany(String value, int count) {
    for (int i = 0; i < count / 500; i++) {
      publish(IntStream.range(0, 500).mapToObj(n -> value).toArray(String[]::new));
    }
  }

  private Queue queue() {
    return disk.broker().queues().find("dispatch").orElseThrow();
  }

  private List<String> receive(Duration wait) throws InterruptedException {
    return queue().receive(10, HIDDEN, wait).stream()
        .map(message -> Utils.utf8(message.record().value()))
        .toList();
  }

  private List<String> receiveAll() throws InterruptedException {
    List<String> all = new ArrayList<>();
    List<String> some = receive(Duration.ZERO);
    while (!some.isEmpty()) {
      all.addAll(some);
      some = receive(Duration.ZERO);
    }
    return all;
  }

  @Test
  void a_queue_gets_what_its_filter_lets_through() throws Exception {
    subscribe(contains("a"));
    publish("a1", "b1", "a2", "b2", "b3");

    assertEquals(new QueueDepth(2, 0, 0), queue().depth());
    assertEquals(List.of("a1", "a2"), receiveAll());
    assertEquals(new QueueDepth(0, 2, 0), queue().depth());
  }

  @Test
  void a_source_has_passed_what_was_received_or_passed_over() throws Exception {
    Source source = subscribe(contains("a"));
    publish("a1", "b1");
    disk.clock().advance(Duration.ofMinutes(1));
    StartingPoint later = new StartingPoint.At(disk.clock().instant());
    publish("a2");

    assertTrue(disk.broker().sources().hasPassed(source.id(), new StartingPoint.Earliest()));
    assertFalse(disk.broker().sources().hasPassed(source.id(), later));
    queue().receive(1, HIDDEN, Duration.ZERO);
    assertFalse(disk.broker().sources().hasPassed(source.id(), new StartingPoint.Latest()));
    disk.reopen();
    assertEquals(List.of("a2"), receiveAll());
    assertTrue(disk.broker().sources().hasPassed(source.id(), later));
    assertTrue(disk.broker().sources().hasPassed(source.id(), new StartingPoint.Latest()));
    assertTrue(
        disk.broker().sources().hasPassed(Uuid.randomUuid(), later), "there is no such source");
  }

  @Test
  void another_queue_of_the_topic_gets_everything() throws Exception {
    subscribe(contains("a"));
    disk.broker().queues().create(NewQueue.named("audit"));
    disk.broker().sources().add("orders", "audit", Map.of(), new StartingPoint.Earliest());
    publish("a", "b");

    assertEquals(List.of("a"), receiveAll());
    assertEquals(
        new QueueDepth(2, 0, 0), disk.broker().queues().find("audit").orElseThrow().depth());
  }

  @Test
  void what_is_sent_to_the_queue_itself_passes_no_filter() throws Exception {
    subscribe(contains("a"));
    queue()
        .send(
            List.of(new NewMessage(new NewRecord(null, Utils.utf8("b"), List.of()), Duration.ZERO)))
        .forEach(sent -> sent.join());

    assertEquals(List.of("b"), receiveAll());
  }

  @Test
  void a_message_comes_again_without_being_judged_again() throws Exception {
    subscribe(contains("a"));
    publish("a", "b");
    ReceivedMessage first = queue().receive(10, HIDDEN, Duration.ZERO).getFirst();
    int judged = filters.judged.get();
    queue().changeVisibility(first.receipt(), Duration.ZERO);

    assertEquals(List.of("a"), receiveAll());
    assertEquals(judged, filters.judged.get());
  }

  @Test
  void what_was_published_before_a_change_is_judged_by_the_filter_of_its_time() throws Exception {
    Source source = subscribe(contains("a"));
    publish("a1", "b1");
    disk.broker().sources().setAttributes(source.id(), contains("b"));
    publish("a2", "b2");
    disk.broker().sources().setAttributes(source.id(), Map.of());
    publish("c3");
    disk.broker().sources().setAttributes(source.id(), contains("a"));
    publish("a4", "b4");

    disk.reopen();

    assertEquals(new QueueDepth(4, 0, 0), queue().depth());
    assertEquals(List.of("a1", "b2", "c3", "a4"), receiveAll());
  }

  @Test
  void a_change_of_other_attributes_is_none_of_the_filter() throws Exception {
    Source source = subscribe(contains("a"));
    publish("a1");
    for (int i = 0; i <= SourceFilters.MAX_PAST; i++) {
      disk.broker()
          .sources()
          .setAttributes(
              source.id(), Map.of(TextFilters.ATTRIBUTE, "a", "Raw", Integer.toString(i)));
    }

    assertEquals(List.of("a1"), receiveAll());
  }

  @Test
  void a_filter_of_former_times_is_forgotten_when_the_queue_has_passed_its_end() throws Exception {
    Source source = subscribe(contains("a"));
    for (int i = 0; i <= SourceFilters.MAX_PAST; i++) {
      publish("a", "b");
      receiveAll();
      disk.broker().sources().setAttributes(source.id(), contains(i % 2 == 0 ? "b" : "a"));
    }

    publish("a", "b");
    assertEquals(List.of("b"), receiveAll());
  }

  @Test
  void too_many_changes_before_a_receive_are_refused_and_change_nothing() throws Exception {
    Source source = subscribe(contains("a"));
    for (int i = 0; i < SourceFilters.MAX_PAST; i++) {
      publish("a" + i);
      disk.broker().sources().setAttributes(source.id(), contains(i % 2 == 0 ? "a" : "a" + i));
      publish("a" + i);
      disk.broker().sources().setAttributes(source.id(), contains("a"));
    }
    publish("last");

    assertThrows(
        FilterLimitExceededException.class,
        () -> disk.broker().sources().setAttributes(source.id(), contains("b")));
    assertEquals(
        contains("a"), disk.broker().sources().find(source.id()).orElseThrow().attributes());
  }

  @Test
  void the_text_of_former_filters_is_bounded() {
    Source source = subscribe(contains("x".repeat(SourceFilters.MAX_PAST_LENGTH / 2)));
    publish("a");
    disk.broker()
        .sources()
        .setAttributes(source.id(), contains("y".repeat(SourceFilters.MAX_PAST_LENGTH / 2)));
    publish("a");

    disk.broker().sources().setAttributes(source.id(), contains("z"));
    publish("a");
    assertThrows(
        FilterLimitExceededException.class,
        () -> disk.broker().sources().setAttributes(source.id(), contains("a")));
    disk.reopen();
    assertEquals(
        contains("z"), disk.broker().sources().find(source.id()).orElseThrow().attributes());
  }

  @Test
  void what_a_rewind_brings_back_is_judged_by_the_present_filter() throws Exception {
    Source source = subscribe(contains("a"));
    publish("a1", "b1");
    disk.broker().sources().setAttributes(source.id(), contains("b"));
    publish("a2", "b2");
    assertEquals(List.of("a1", "b2"), receiveAll());

    queue().rewind(new StartingPoint.Earliest());
    assertEquals(List.of("b1", "b2"), receiveAll());

    publish("a3", "b3");
    disk.broker().sources().setAttributes(source.id(), contains("a"));
    disk.broker().sources().restart(source.id(), new StartingPoint.Earliest());
    disk.reopen();
    assertEquals(List.of("a1", "a2", "a3"), receiveAll());
  }

  @Test
  void a_source_that_has_ended_delivers_what_its_filters_let_through() throws Exception {
    Source source = subscribe(contains("a"));
    publish("a1", "b1");
    disk.broker().sources().setAttributes(source.id(), contains("b"));
    publish("a2", "b2", "a3");
    disk.broker().sources().remove(source.id());
    publish("b3");

    disk.reopen();

    assertEquals(new QueueDepth(2, 0, 0), queue().depth());
    assertEquals(List.of("a1", "b2"), receiveAll());
  }

  @Test
  void a_receive_that_waits_finds_a_message_behind_any_number_of_others() throws Exception {
    subscribe(contains("a"));
    publishMany("b", 40_000);
    publish("a");

    assertEquals(List.of("a"), receive(Duration.ofSeconds(20)));
  }

  @Test
  void a_receive_that_does_not_wait_judges_so_many_and_the_next_goes_on_from_there()
      throws Exception {
    subscribe(contains("a"));
    publishMany("b", 40_000);
    publish("a");

    assertEquals(List.of(), receive(Duration.ZERO));
    int judged = filters.judged.get();
    assertTrue(judged < 40_000, () -> judged + " were judged");
    disk.reopen();

    while (receive(Duration.ZERO).isEmpty()) {
      assertTrue(filters.judged.get() <= 40_001, "nothing is judged twice");
    }
    assertEquals(40_001, filters.judged.get());
  }

  @Test
  void a_waiting_receiver_is_woken_by_what_matches_and_not_kept_by_what_does_not()
      throws Exception {
    subscribe(contains("a"));
    List<String> received = new ArrayList<>();
    Thread receiver =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    received.addAll(receive(Duration.ofSeconds(20)));
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    publish("b");
    publish("b", "a");
    receiver.join();

    assertEquals(List.of("a"), received);
  }

  @Test
  void a_share_consumer_of_the_queue_gets_what_the_filter_lets_through() throws Exception {
    subscribe(contains("a"));
    publish("a1", "b1", "a2", "b2");
    publishMany("b", 5_000);
    publish("a3");
    SharedAccess group = disk.broker().shareGroups().find("dispatch").orElseThrow();

    List<Lease.Range> ranges = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      ranges.addAll(take(group).ranges());
    }

    assertEquals(
        List.of(new Lease.Range(0, 0, 1), new Lease.Range(2, 2, 1), new Lease.Range(5004, 5004, 1)),
        ranges);
    assertEquals(List.of(), receiveAll());
  }

  @Test
  void a_share_consumer_that_waits_looks_on_behind_what_does_not_match() throws Exception {
    subscribe(contains("a"));
    publishMany("b", 5_000);
    publish("a");
    SharedAccess group = disk.broker().shareGroups().find("dispatch").orElseThrow();
    int[] woken = {0};
    group.addListener(() -> woken[0]++);

    int fetches = 1;
    while (take(group).ranges().isEmpty()) {
      assertEquals(fetches++, woken[0], "whoever found nothing is woken to look on");
    }
  }

  private Lease take(SharedAccess group) {
    return group.acquire(
        disk.broker().topics().find("orders").orElseThrow().id(),
        0,
        new Claim(
            1,
            100,
            100,
            1 << 20,
            true,
            false,
            HIDDEN,
            2000,
            Integer.MAX_VALUE,
            ReadIsolation.COMMITTED));
  }

  @Test
  void a_backlog_behind_a_filter_is_counted_on_while_it_is_received() throws Exception {
    subscribe(contains("a"));
    String[] values =
        IntStream.range(0, 500).mapToObj(n -> n % 5 == 0 ? "a" : "b").toArray(String[]::new);
    for (int i = 0; i < 20; i++) {
      publish(values);
    }

    for (int received = 0; received < 2000; received += 10) {
      assertEquals(new QueueDepth(2000 - received, received, 0), queue().depth());
      assertEquals(10, receive(Duration.ZERO).size());
    }
    assertEquals(new QueueDepth(0, 2000, 0), queue().depth());
    publish(values);
    assertEquals(new QueueDepth(100, 2000, 0), queue().depth());
    queue().rewind(new StartingPoint.Earliest());
    assertEquals(new QueueDepth(2100, 0, 0), queue().depth());
  }

  @Test
  void what_was_counted_is_not_judged_again() {
    subscribe(contains("a"));
    publishMany("b", 3_000);
    queue().depth();
    int judged = filters.judged.get();
    publish("a");

    assertEquals(1, queue().depth().available());
    assertEquals(judged + 1, filters.judged.get());
  }

  @Test
  void a_backlog_too_long_to_count_at_once_is_estimated_and_then_counted() {
    subscribe(contains("a"));
    publishMany("a", 30_000);
    publishMany("b", 60_000);

    assertEquals(54_000, queue().depth().available());
    assertEquals(30_000, queue().depth().available());
  }

  /** Random publishes, changes, receives and restarts, against a list. */
  @RepeatedTest(20)
  void a_queue_gets_what_filtering_a_list_gives() throws Exception {
    long seed = new Random().nextLong();
    System.out.println("filtered sources: seed " + seed);
    Random random = new Random(seed);
    List<String> expected = new ArrayList<>();
    List<String> received = new ArrayList<>();
    String filter = "";
    Source source = subscribe(Map.of());
    for (int step = 0; step < 60; step++) {
      switch (random.nextInt(6)) {
        case 0 -> {
          filter = random.nextInt(4) == 0 ? "" : Integer.toString(random.nextInt(10));
          String text = filter;
          disk.broker()
              .sources()
              .setAttributes(source.id(), text.isEmpty() ? Map.of() : contains(text));
        }
        case 1 -> {
          if (random.nextInt(5) == 0) {
            disk.reopen();
          }
        }
        case 2 -> received.addAll(receive(Duration.ZERO));
        default -> {
          String text = filter;
          String[] values =
              IntStream.range(0, random.nextInt(30))
                  .mapToObj(n -> Integer.toString(random.nextInt(1000)))
                  .toArray(String[]::new);
          publish(values);
          for (String value : values) {
            if (value.contains(text)) {
              expected.add(value);
            }
          }
        }
      }
      assertEquals(
          expected.size() - received.size(), queue().depth().available(), () -> "seed " + seed);
    }
    received.addAll(receiveAll());

    assertEquals(expected, received, () -> "seed " + seed);
  }
}
