package io.sluice.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.sluice.log.DiskLogStore;
import io.sluice.log.LogStoreOptions;
import io.sluice.log.clock.Clocks;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queues on a machine whose clock is set, while a broker runs and between two of them. */
class ClockJumpTest {

  private static final Duration VISIBILITY = Duration.ofSeconds(30);
  private static final Duration DELAY = Duration.ofSeconds(10);
  private static final Duration MOMENT = Duration.ofMillis(1);

  @TempDir Path folder;

  private Instant wall = Instant.ofEpochMilli(System.currentTimeMillis());
  private Duration elapsed = Duration.ZERO;
  private DiskLogStore log;
  private Broker broker;

  @BeforeEach
  void open() {
    Instant begin = wall.minus(elapsed);
    InstantSource even = () -> begin.plus(elapsed);
    Clocks clocks = Clocks.of(() -> wall, even);
    log = DiskLogStore.open(folder, LogStoreOptions.defaults().withClocks(clocks));
    broker = Broker.open(log, folder, BrokerOptions.defaults().withClocks(clocks));
  }

  @AfterEach
  void close() {
    broker.close();
    log.close();
  }

  private void reopen() {
    close();
    open();
  }

  private void pass(Duration time) {
    elapsed = elapsed.plus(time);
    wall = wall.plus(time);
  }

  private void set(String by) {
    wall = wall.plus(Duration.parse(by));
  }

  @ParameterizedTest
  @ValueSource(strings = {"P30D", "PT1H", "-PT1H", "-P30D"})
  void a_message_stays_in_flight_for_as_long_as_it_should(String jump) throws Exception {
    Queue queue = create("work", QueueSettings.defaults());
    send(queue, "first");
    assertEquals(List.of("first"), receive(queue));

    set(jump);
    pass(VISIBILITY.minus(MOMENT));
    assertEquals(List.of(), receive(queue));
    pass(MOMENT);
    assertEquals(List.of("first"), receive(queue));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT1H", "-PT1H", "-P30D"})
  void no_message_is_frozen_by_a_restart_on_another_time(String jump) throws Exception {
    Queue queue = create("work", QueueSettings.defaults());
    send(queue, "first");
    assertEquals(List.of("first"), receive(queue));

    set(jump);
    reopen();
    queue = broker.queues().find("work").orElseThrow();
    pass(VISIBILITY);
    assertEquals(List.of("first"), receive(queue));
  }

  @ParameterizedTest
  @ValueSource(strings = {"P30D", "-P30D"})
  void a_message_is_delayed_for_as_long_as_it_should(String jump) throws Exception {
    Queue queue = create("work", QueueSettings.defaults());
    queue.send(List.of(new NewMessage(record("a", "late"), DELAY))).getFirst().join();

    set(jump);
    pass(DELAY.minus(MOMENT));
    assertEquals(List.of(), receive(queue));
    pass(MOMENT);
    assertEquals(List.of("late"), receive(queue));
  }

  @ParameterizedTest
  @ValueSource(strings = {"P30D", "-P30D"})
  void what_a_topic_brings_is_delayed_after_a_jump_as_before(String jump) throws Exception {
    Queue queue = create("work", QueueSettings.defaults().withDelay(DELAY));
    create("orders");
    broker.sources().add("orders", "work", Map.of(), new StartingPoint.Earliest());
    set(jump);
    publish("late");

    pass(DELAY.minus(MOMENT));
    assertEquals(List.of(), receive(queue));
    pass(MOMENT);
    assertEquals(List.of("late"), receive(queue));
  }

  @ParameterizedTest
  @ValueSource(strings = {"P30D", "-PT20S", "-P30D"})
  void what_was_delayed_before_a_jump_comes(String jump) throws Exception {
    for (boolean fifo : List.of(true, false)) {
      String name = fifo ? "work.fifo" : "work";
      QueueSettings settings = QueueSettings.defaults().withDelay(DELAY);
      Queue queue =
          create(name, fifo ? settings.withFifo(new QueueSettings.Fifo(false)) : settings);
      String topic = create(fifo ? "orders.fifo" : "orders");
      broker.sources().add(topic, name, Map.of(), new StartingPoint.Earliest());
      broker.publisher().publish(topic, List.of(record("a", "late"))).getFirst().join();
      set(jump);
      receive(queue);
      pass(DELAY.multipliedBy(2));
      receive(queue);
      pass(VISIBILITY);
      assertEquals(List.of("late"), receive(queue), name);
    }
  }

  @Test
  void a_fifo_queue_delays_after_a_jump_as_before() throws Exception {
    for (String jump : List.of("P30D", "-P60D")) {
      set(jump);
      String name = "work" + jump.charAt(0) + ".fifo";
      Queue queue =
          create(
              name,
              QueueSettings.defaults().withDelay(DELAY).withFifo(new QueueSettings.Fifo(false)));
      sendOnce(queue, "id", "late");
      pass(DELAY.minus(MOMENT));
      assertEquals(List.of(), receive(queue));
      pass(MOMENT);
      assertEquals(List.of("late"), receive(queue));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"P30D", "PT1H", "-PT1H", "-P30D"})
  void a_deduplication_id_counts_for_five_minutes(String jump) {
    Queue queue =
        create("work.fifo", QueueSettings.defaults().withFifo(new QueueSettings.Fifo(false)));
    RecordPosition first = sendOnce(queue, "id", "first");
    set(jump);
    pass(Duration.ofMinutes(5).minus(MOMENT));
    assertEquals(first, sendOnce(queue, "id", "again"));
    pass(MOMENT);
    assertNotEquals(first, sendOnce(queue, "id", "again"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-PT1H", "-P30D"})
  void and_after_a_restart_on_an_earlier_time_for_no_longer(String jump) {
    RecordPosition first =
        sendOnce(
            create("work.fifo", QueueSettings.defaults().withFifo(new QueueSettings.Fifo(false))),
            "id",
            "first");
    set(jump);
    reopen();
    Queue queue = broker.queues().find("work.fifo").orElseThrow();
    assertEquals(first, sendOnce(queue, "id", "again"));
    pass(Duration.ofMinutes(5));
    assertNotEquals(first, sendOnce(queue, "id", "again"));
  }

  @Test
  void people_are_told_the_time_on_the_wall() throws Exception {
    Queue queue = create("work", QueueSettings.defaults());
    set("PT1H");
    send(queue, "first");
    Instant received = wall;
    ReceivedMessage message = queue.receive(1, VISIBILITY, Duration.ZERO).getFirst();
    assertEquals(received, message.firstReceivedAt());
    assertEquals(
        new MessageState.InFlight(received.plus(VISIBILITY)), queue.peek(1).getFirst().state());
  }

  private Queue create(String name, QueueSettings settings) {
    return broker.queues().create(new NewQueue(name, Map.of(), settings));
  }

  private String create(String topic) {
    return broker.topics().create(NewTopic.named(topic)).name();
  }

  private void publish(String value) {
    broker.publisher().publish("orders", List.of(record("a", value))).getFirst().join();
  }

  private static void send(Queue queue, String value) {
    queue.send(List.of(new NewMessage(record("a", value), Duration.ZERO))).getFirst().join();
  }

  private static RecordPosition sendOnce(Queue queue, String id, String value) {
    NewMessage message = new NewMessage(record("a", value), Duration.ZERO, Optional.of(id));
    return queue.send(List.of(message)).getFirst().join();
  }

  private static NewRecord record(String group, String value) {
    return new NewRecord(group.getBytes(UTF_8), value.getBytes(UTF_8), List.of());
  }

  private static List<String> receive(Queue queue) throws InterruptedException {
    return queue.receive(10, VISIBILITY, Duration.ZERO).stream()
        .map(message -> Utils.utf8(message.record().value()))
        .toList();
  }
}
