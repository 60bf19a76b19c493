package io.sluice.client.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.client.Services;
import io.sluice.client.SnsSqsAdmin;
import io.sluice.embedded.Sluice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.AbstractConsumerSeekAware;
import org.springframework.kafka.listener.BatchListenerFailedException;
import org.springframework.kafka.listener.MessageListenerContainer;
import org.springframework.kafka.support.Acknowledgment;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;

/** A Spring application with listeners of every kind, on a Sluice in the same process. */
class SpringClientTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int KEYS = 5;

  private Sluice sluice;
  private Services services;
  private SnsSqsAdmin admin;
  private AnnotationConfigApplicationContext context;

  @BeforeEach
  void start() {
    sluice = Sluice.embedded();
    services = Services.shared(sluice.sns(), sluice.sqs(), sluice.sts());
    admin = new SnsSqsAdmin(services.share());
  }

  @AfterEach
  void stop() {
    if (context != null) {
      context.close();
    }
    admin.close();
    sluice.close();
  }

  private void create(String topic, String format) {
    admin.createTopics(
        List.of(new NewTopic(topic, 3, (short) 1).configs(Map.of("sluice.format", format))));
  }

  private <L> L run(Class<L> listener) {
    context = new AnnotationConfigApplicationContext();
    context.registerBean(Services.class, () -> services);
    context.register(Application.class, listener);
    context.refresh();
    return context.getBean(listener);
  }

  @SuppressWarnings("unchecked")
  private KafkaTemplate<String, String> template() {
    return context.getBean(KafkaTemplate.class);
  }

  private MessageListenerContainer container(String id) {
    return context.getBean(KafkaListenerEndpointRegistry.class).getListenerContainer(id);
  }

  /** Values {@code v0, v1, ...} of a few keys by turns. */
  private void send(String topic, int count) {
    IntStream.range(0, count).forEach(i -> template().send(topic, "k" + i % KEYS, "v" + i));
    template().flush();
  }

  private static List<String> values(int count) {
    return IntStream.range(0, count).mapToObj(i -> "v" + i).toList();
  }

  private static void awaitAll(ConcurrentLinkedQueue<String> got, int count) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertEquals(sorted(values(count)), sorted(List.copyOf(got)), "what came"));
  }

  private static List<String> sorted(List<String> values) {
    return values.stream().sorted().toList();
  }

  /** Nothing waits, and nobody holds anything. */
  private void awaitDone(String group) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                admin
                    .describeGroup(group)
                    .forEach((topic, backlog) -> assertEquals(0, backlog.total(), topic)));
  }

  static class Orders {
    final Map<String, List<String>> byKey = new TreeMap<>();
    final ConcurrentLinkedQueue<String> got = new ConcurrentLinkedQueue<>();

    @KafkaListener(id = "orders", topics = "orders")
    synchronized void take(
        @Payload String value,
        @Header(KafkaHeaders.RECEIVED_KEY) String key,
        @Header(KafkaHeaders.RECEIVED_TOPIC) String topic,
        @Header("origin") byte[] origin) {
      byKey.computeIfAbsent(key, unknown -> new ArrayList<>()).add(value);
      got.add(topic + "/" + new String(origin, UTF_8));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "packed"})
  void a_listener_is_given_what_a_template_sends(String format) throws Exception {
    create("orders", format);
    Orders orders = run(Orders.class);
    int count = 100;
    for (int i = 0; i < count; i++) {
      ProducerRecord<String, String> record =
          new ProducerRecord<>("orders", "k" + i % KEYS, "v" + i);
      record.headers().add("origin", "shop".getBytes(UTF_8));
      assertNotNull(template().send(record).get().getRecordMetadata());
    }
    await().atMost(PATIENCE).until(() -> orders.got.size() == count);
    assertEquals(List.of("orders/shop"), orders.got.stream().distinct().toList());
    synchronized (orders) {
      orders.byKey.forEach(
          (key, values) ->
              assertEquals(
                  IntStream.range(0, count)
                      .filter(i -> key.equals("k" + i % KEYS))
                      .mapToObj(i -> "v" + i)
                      .toList(),
                  values));
    }
    awaitDone("orders");
  }

  /** Whoever does not like one value. */
  static class Picky {
    final ConcurrentLinkedQueue<String> got = new ConcurrentLinkedQueue<>();
    final ConcurrentLinkedQueue<String> refused = new ConcurrentLinkedQueue<>();
    final BlockingQueue<ConsumerRecord<String, String>> dead = new LinkedBlockingQueue<>();

    final void work(String value) {
      if (value.equals("v7")) {
        refused.add(value);
        throw new IllegalArgumentException("not " + value);
      }
      got.add(value);
    }

    @KafkaListener(id = "dead", topics = "orders-dlt")
    void bury(ConsumerRecord<String, String> record) {
      dead.add(record);
    }
  }

  static class PickyBatch extends Picky {
    @KafkaListener(id = "picky", topics = "orders")
    void take(ConsumerRecord<String, String> record) {
      work(record.value());
    }
  }

  static class PickyRecord extends Picky {
    @KafkaListener(id = "picky", topics = "orders", containerFactory = "oneByOne")
    void take(ConsumerRecord<String, String> record) {
      work(record.value());
    }
  }

  static class PickyBatches extends Picky {
    @KafkaListener(id = "picky", topics = "orders", containerFactory = "inBatches")
    void take(List<ConsumerRecord<String, String>> records) {
      for (ConsumerRecord<String, String> record : records) {
        try {
          work(record.value());
        } catch (IllegalArgumentException e) {
          throw new BatchListenerFailedException("not this one", e, record);
        }
      }
    }
  }

  private void whatFailsIsADeadLetter(Class<? extends Picky> listener, String format)
      throws InterruptedException {
    create("orders", format);
    create("orders-dlt", format);
    Picky picky = run(listener);
    send("orders", 20);
    ConsumerRecord<String, String> dead = picky.dead.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertNotNull(dead, "a dead letter");
    assertEquals("v7", dead.value());
    assertEquals("k2", dead.key());
    assertEquals(
        "orders",
        new String(dead.headers().lastHeader(KafkaHeaders.DLT_ORIGINAL_TOPIC).value(), UTF_8));
    await().atMost(PATIENCE).until(() -> picky.got.size() >= 19);
    awaitDone("picky");
    awaitDone("dead");
    List<String> others = new ArrayList<>(values(20));
    others.remove("v7");
    assertEquals(sorted(others), sorted(List.copyOf(picky.got)), "each of the others once");
    assertEquals(Application.ATTEMPTS, picky.refused.size());
    assertTrue(picky.dead.isEmpty(), "one dead letter");
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "packed"})
  void what_a_listener_fails_on_is_tried_again_and_then_a_dead_letter(String format)
      throws InterruptedException {
    whatFailsIsADeadLetter(PickyBatch.class, format);
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "packed"})
  void the_same_where_each_record_is_committed(String format) throws InterruptedException {
    whatFailsIsADeadLetter(PickyRecord.class, format);
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "packed"})
  void the_same_where_a_listener_takes_batches(String format) throws InterruptedException {
    whatFailsIsADeadLetter(PickyBatches.class, format);
  }

  /** Acknowledges some. */
  static class Careful {
    final ConcurrentLinkedQueue<String> got = new ConcurrentLinkedQueue<>();
    volatile int few = Integer.MAX_VALUE;

    @KafkaListener(id = "careful", topics = "orders", containerFactory = "byHand")
    void take(ConsumerRecord<String, String> record, Acknowledgment acknowledgment) {
      got.add(record.value());
      if (Integer.parseInt(record.value().substring(1)) < few) {
        acknowledgment.acknowledge();
      }
    }
  }

  @Test
  void what_is_not_acknowledged_comes_again_once_the_container_has_stopped() {
    create("orders", "plain");
    Careful careful = run(Careful.class);
    careful.few = 2;
    List.of("v0", "v1", "v2", "v3").forEach(value -> template().send("orders", "one key", value));
    // v3 comes with v2, or is held back until that is committed.
    await().atMost(PATIENCE).until(() -> careful.got.contains("v2"));
    container("careful").stop();
    careful.got.clear();
    careful.few = Integer.MAX_VALUE;
    container("careful").start();
    await().atMost(PATIENCE).until(() -> careful.got.size() == 2);
    awaitDone("careful");
    assertEquals(List.of("v2", "v3"), List.copyOf(careful.got));
  }

  @Test
  void of_a_packed_topic_nothing_is_lost_that_was_not_acknowledged() {
    create("orders", "packed");
    Careful careful = run(Careful.class);
    careful.few = 2;
    send("orders", 40);
    await().atMost(PATIENCE).until(() -> careful.got.size() > 2);
    container("careful").stop();
    List<String> before = List.copyOf(careful.got);
    careful.got.clear();
    careful.few = Integer.MAX_VALUE;
    container("careful").start();
    List<String> missing = new ArrayList<>(values(40));
    missing.removeAll(List.of("v0", "v1"));
    await().atMost(PATIENCE).until(() -> careful.got.containsAll(missing));
    awaitDone("careful");
    // Those two were given, then or now: they come again with others of their message.
    assertTrue(before.contains("v0") || careful.got.contains("v0"));
    assertTrue(before.contains("v1") || careful.got.contains("v1"));
  }

  /** Does not want each record the first time, and acknowledges it the second. */
  static class Hesitant {
    final ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();
    final ConcurrentLinkedQueue<String> got = new ConcurrentLinkedQueue<>();

    @KafkaListener(id = "hesitant", topics = "orders", containerFactory = "byHand")
    void take(ConsumerRecord<String, String> record, Acknowledgment acknowledgment) {
      if (seen.contains(record.value())) {
        got.add(record.value());
        acknowledgment.acknowledge();
      } else {
        seen.add(record.value());
        acknowledgment.nack(Duration.ofMillis(1));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "packed"})
  void what_is_refused_for_now_is_given_again(String format) {
    create("orders", format);
    Hesitant hesitant = run(Hesitant.class);
    send("orders", 10);
    awaitAll(hesitant.got, 10);
    awaitDone("hesitant");
  }

  static class Historian extends AbstractConsumerSeekAware {
    final ConcurrentLinkedQueue<String> got = new ConcurrentLinkedQueue<>();

    @KafkaListener(id = "historian", topics = "orders")
    void take(ConsumerRecord<String, String> record) {
      got.add(record.value());
    }

    void again() {
      getTopicsAndCallbacks().keySet().stream().findFirst().ifPresent(this::again);
    }

    private void again(TopicPartition partition) {
      getSeekCallbacksFor(partition)
          .get(0)
          .seekToBeginning(partition.topic(), partition.partition());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "packed"})
  void a_listener_can_have_its_group_read_from_the_beginning(String format) {
    create("orders", format);
    Historian historian = run(Historian.class);
    send("orders", 10);
    awaitAll(historian.got, 10);
    awaitDone("historian");
    historian.again();
    await().atMost(PATIENCE).until(() -> historian.got.size() == 20);
    awaitDone("historian");
  }

  static class Casual {
    final ConcurrentLinkedQueue<String> got = new ConcurrentLinkedQueue<>();

    @KafkaListener(id = "casual", topics = "orders", properties = "enable.auto.commit=true")
    void take(String value) {
      got.add(value);
    }
  }

  @Test
  void a_standard_topic_is_read_with_auto_commit() {
    admin.createTopics(
        List.of(
            new NewTopic("orders", 1, (short) 1)
                .configs(Map.of("sluice.format", "plain", "sluice.fifo", "false"))));
    Casual casual = run(Casual.class);
    send("orders", 20);
    await().atMost(PATIENCE).until(() -> casual.got.stream().distinct().count() == 20);
    awaitDone("casual");
  }

  /** Has a listener beside it that hears of everything. */
  static class Watched extends Careful {
    final ConcurrentLinkedQueue<String> heard = new ConcurrentLinkedQueue<>();

    @KafkaListener(id = "beside", topics = "orders")
    void hear(String value) {
      heard.add(value);
    }
  }

  @Test
  void a_container_that_is_paused_gives_nothing() {
    create("orders", "plain");
    Watched careful = run(Watched.class);
    send("orders", 5);
    awaitAll(careful.got, 5);
    container("careful").pause();
    await().atMost(PATIENCE).until(container("careful")::isContainerPaused);
    IntStream.range(5, 10).forEach(i -> template().send("orders", "k" + i % KEYS, "v" + i));
    template().flush();
    await().during(Duration.ofSeconds(2)).atMost(PATIENCE).until(() -> careful.got.size() == 5);
    container("careful").resume();
    awaitAll(careful.got, 10);
    awaitDone("careful");
  }
}
