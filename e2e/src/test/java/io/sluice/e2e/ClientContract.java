package io.sluice.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.sluice.client.Backlog;
import io.sluice.client.MessageHandler;
import io.sluice.client.MessageReceiver;
import io.sluice.client.MessageTopic;
import io.sluice.client.Services;
import io.sluice.client.SnsProducer;
import io.sluice.client.SnsSqsAdmin;
import io.sluice.client.SqsConsumer;
import io.sluice.client.message.UnreadableMessageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.IntegerDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.Tag;

/** Kafka's producer and consumer on SNS and SQS, whichever they are. */
abstract class ClientContract {

  private static final Duration MOMENT = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Map<String, Object> BY_HAND =
      Map.of(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);

  /** What a service need not have; the tests that need it are skipped there. */
  enum Ability {
    /** A receive gives as many messages of a message group as there are, not one. */
    SEVERAL_OF_A_GROUP,
    /** A FIFO topic keeps what it was given, and gives it to a subscription again. */
    ARCHIVE
  }

  /** New clients, which their user closes. */
  abstract Services services();

  /** What this service has not. */
  Set<Ability> missing() {
    return Set.of();
  }

  private void needs(Ability ability) {
    assumeFalse(missing().contains(ability), () -> "the service has no " + ability);
  }

  final Producer<String, String> producer(Map<String, Object> more) {
    Map<String, Object> configs = new HashMap<>(more);
    configs.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 20);
    return new SnsProducer<>(configs, new StringSerializer(), new StringSerializer(), services());
  }

  final Consumer<String, String> consumer(String group, Map<String, Object> more) {
    return consumer(group, more, new StringDeserializer());
  }

  final <V> Consumer<String, V> consumer(
      String group, Map<String, Object> more, Deserializer<V> values) {
    Map<String, Object> configs = new HashMap<>(more);
    configs.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    configs.putIfAbsent(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 1000);
    return new SqsConsumer<>(configs, new StringDeserializer(), values, services());
  }

  /** A FIFO topic of four partitions. */
  final void create(String topic, String format) {
    try (Services services = services()) {
      SnsClient sns = services.sns();
      sns.createTopic(
          request ->
              request
                  .name(topic + ".fifo")
                  .attributes(Map.of("FifoTopic", "true"))
                  .tags(
                      Tag.builder().key("sluice:format").value(format).build(),
                      Tag.builder().key("sluice:partitions").value("4").build()));
    }
  }

  /** The queue of a group is there from now on. */
  final void join(String group, String topic) {
    try (Consumer<String, String> consumer = consumer(group, Map.of())) {
      consumer.subscribe(List.of(topic));
      consumer.poll(Duration.ZERO);
    }
  }

  final void publish(String topic, int count) {
    try (Producer<String, String> producer = producer(Map.of())) {
      for (int i = 0; i < count; i++) {
        producer.send(record(topic, i));
      }
    }
  }

  private static ProducerRecord<String, String> record(String topic, int i) {
    ProducerRecord<String, String> record =
        new ProducerRecord<>(topic, "customer-" + i % 7, "order " + i);
    record.headers().add("n", Integer.toString(i).getBytes(UTF_8));
    return record;
  }

  private static Map<String, List<String>> published(int count) {
    Map<String, List<String>> values = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      values.computeIfAbsent("customer-" + i % 7, k -> new ArrayList<>()).add("order " + i);
    }
    return values;
  }

  private static Map<String, List<String>> byKey(List<ConsumerRecord<String, String>> records) {
    Map<String, List<String>> values = new TreeMap<>();
    records.forEach(
        record -> values.computeIfAbsent(record.key(), k -> new ArrayList<>()).add(record.value()));
    return values;
  }

  /** Polls until there are so many, and fails when there are not. */
  private static <V> List<ConsumerRecord<String, V>> poll(Consumer<String, V> consumer, int count) {
    List<ConsumerRecord<String, V>> records = new ArrayList<>();
    await(
        () -> {
          consumer.poll(MOMENT).forEach(records::add);
          return records.size() >= count;
        });
    return records;
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "it did not come to pass");
    }
  }

  @Test
  void plain_records_come_as_they_were_sent_in_the_order_of_their_keys() {
    create("orders", "plain");
    try (Consumer<String, String> consumer = consumer("dispatch", Map.of())) {
      consumer.subscribe(List.of("orders"));
      consumer.poll(Duration.ZERO);
      publish("orders", 300);

      List<ConsumerRecord<String, String>> records = poll(consumer, 300);

      assertEquals(published(300), byKey(records));
      for (ConsumerRecord<String, String> record : records) {
        String n = new String(record.headers().lastHeader("n").value(), UTF_8);
        assertEquals(record.value(), "order " + n);
        assertEquals("orders", record.topic());
      }
    }
  }

  @Test
  void packed_records_come_as_they_were_sent_in_the_order_of_their_partitions() {
    create("orders", "packed");
    try (Consumer<String, String> consumer = consumer("dispatch", Map.of())) {
      consumer.subscribe(List.of("orders"));
      consumer.poll(Duration.ZERO);
      publish("orders", 20_000);

      List<ConsumerRecord<String, String>> records = poll(consumer, 20_000);

      assertEquals(published(20_000), byKey(records));
      Map<Integer, Long> last = new HashMap<>();
      for (ConsumerRecord<String, String> record : records) {
        Long before = last.put(record.partition(), record.offset());
        assertTrue(before == null || before < record.offset(), record::toString);
      }
    }
  }

  @Test
  void every_group_has_every_record_and_its_members_share_them() {
    create("orders", "plain");
    join("audit", "orders");
    join("dispatch", "orders");
    publish("orders", 200);

    List<ConsumerRecord<String, String>> shared = new ArrayList<>();
    try (Consumer<String, String> one = consumer("dispatch", Map.of());
        Consumer<String, String> two = consumer("dispatch", Map.of());
        Consumer<String, String> other = consumer("audit", Map.of())) {
      List.of(one, two, other).forEach(each -> each.subscribe(List.of("orders")));
      await(
          () -> {
            one.poll(MOMENT).forEach(shared::add);
            two.poll(MOMENT).forEach(shared::add);
            return shared.size() >= 200;
          });
      assertEquals(published(200), byKey(poll(other, 200)));
    }
    assertEquals(200, new HashSet<>(shared.stream().map(ConsumerRecord::value).toList()).size());
  }

  @Test
  void what_is_not_committed_comes_again_at_once_when_its_consumer_is_closed() {
    needs(Ability.SEVERAL_OF_A_GROUP);
    create("orders", "packed");
    join("dispatch", "orders");
    publish("orders", 100);
    try (Consumer<String, String> consumer = consumer("dispatch", BY_HAND)) {
      consumer.subscribe(List.of("orders"));
      poll(consumer, 100);
    }
    try (Consumer<String, String> consumer = consumer("dispatch", BY_HAND)) {
      consumer.subscribe(List.of("orders"));
      assertEquals(published(100), byKey(poll(consumer, 100)));
      consumer.commitSync();
      publish("orders", 7);
    }
    try (Consumer<String, String> consumer = consumer("dispatch", BY_HAND)) {
      consumer.subscribe(List.of("orders"));
      assertEquals(published(7), byKey(poll(consumer, 7)));
    }
  }

  @Test
  void a_consumer_that_is_gone_loses_nothing() {
    create("orders", "plain");
    join("dispatch", "orders");
    publish("orders", 20);
    Map<String, Object> soon = new HashMap<>(BY_HAND);
    soon.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 2000);
    soon.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, 1000);
    Consumer<String, String> gone = consumer("dispatch", soon);
    gone.subscribe(List.of("orders"));
    poll(gone, 1);
    try (Consumer<String, String> consumer = consumer("dispatch", Map.of())) {
      consumer.subscribe(List.of("orders"));
      assertEquals(published(20), byKey(poll(consumer, 20)));
    }
    assertThrows(CommitFailedException.class, gone::commitSync);
    gone.close();
  }

  @Test
  void what_is_worked_on_for_long_stays_with_its_consumer() {
    create("orders", "plain");
    join("dispatch", "orders");
    publish("orders", 7);
    Map<String, Object> soon = new HashMap<>(BY_HAND);
    soon.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 2000);
    try (Consumer<String, String> slow = consumer("dispatch", soon);
        Consumer<String, String> other = consumer("dispatch", BY_HAND)) {
      slow.subscribe(List.of("orders"));
      other.subscribe(List.of("orders"));
      poll(slow, 7);
      long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
      while (System.nanoTime() < end) {
        assertTrue(other.poll(MOMENT).isEmpty());
      }
      slow.commitSync();
    }
  }

  @Test
  void offsets_commit_what_came_before_them() {
    needs(Ability.SEVERAL_OF_A_GROUP);
    create("orders", "plain");
    join("dispatch", "orders");
    try (Producer<String, String> producer = producer(Map.of())) {
      for (int i = 0; i < 10; i++) {
        producer.send(new ProducerRecord<>("orders", "one", "order " + i));
      }
    }
    try (Consumer<String, String> consumer = consumer("dispatch", BY_HAND)) {
      consumer.subscribe(List.of("orders"));
      ConsumerRecord<String, String> fifth = poll(consumer, 10).get(4);
      TopicPartition partition = new TopicPartition("orders", fifth.partition());
      OffsetAndMetadata next = new OffsetAndMetadata(fifth.offset() + 1);
      consumer.commitSync(Map.of(partition, next));
      assertEquals(Map.of(partition, next), consumer.committed(Set.of(partition)));
    }
    try (Consumer<String, String> consumer = consumer("dispatch", BY_HAND)) {
      consumer.subscribe(List.of("orders"));
      assertEquals("order 5", poll(consumer, 5).get(0).value());
    }
  }

  @Test
  void records_in_flight_can_be_had_once_more() {
    create("orders", "packed");
    join("dispatch", "orders");
    publish("orders", 7);
    try (Consumer<String, String> consumer = consumer("dispatch", BY_HAND)) {
      consumer.subscribe(List.of("orders"));
      List<ConsumerRecord<String, String>> first = poll(consumer, 7);
      first.forEach(
          record ->
              consumer.seek(
                  new TopicPartition(record.topic(), record.partition()),
                  Math.min(record.offset(), firstOffset(first, record.partition()))));
      assertEquals(byKey(first), byKey(poll(consumer, 7)));
      consumer.commitSync();
      assertThrows(
          UnsupportedOperationException.class,
          () ->
              consumer.seek(
                  new TopicPartition("orders", first.get(0).partition()), first.get(0).offset()));
    }
  }

  private static long firstOffset(List<ConsumerRecord<String, String>> records, int partition) {
    return records.stream()
        .filter(record -> record.partition() == partition)
        .mapToLong(ConsumerRecord::offset)
        .min()
        .orElseThrow();
  }

  @Test
  void a_foreign_message_on_a_packed_topic_is_named_and_can_be_passed() {
    create("orders", "packed");
    join("dispatch", "orders");
    try (Services services = services()) {
      String arn =
          services.sns().listTopics().topics().stream()
              .map(topic -> topic.topicArn())
              .filter(each -> each.endsWith(":orders.fifo"))
              .findFirst()
              .orElseThrow();
      services
          .sns()
          .publish(
              r -> r.topicArn(arn).message("who?").messageGroupId("1").messageDeduplicationId("1"));
    }
    publish("orders", 50);
    try (Consumer<String, String> consumer = consumer("dispatch", Map.of())) {
      consumer.subscribe(List.of("orders"));
      List<ConsumerRecord<String, String>> records = new ArrayList<>();
      RecordDeserializationException refused =
          assertThrows(
              RecordDeserializationException.class,
              () ->
                  await(
                      () -> {
                        consumer.poll(MOMENT).forEach(records::add);
                        return false;
                      }));
      assertInstanceOf(UnreadableMessageException.class, refused.getCause());
      assertEquals(new TopicPartition("orders", 1), refused.topicPartition());
      consumer.seek(refused.topicPartition(), refused.offset() + 1);
      records.addAll(poll(consumer, 50 - records.size()));
      assertEquals(published(50), byKey(records));
    }
  }

  @Test
  void a_record_that_cannot_be_deserialized_is_named_and_can_be_passed() {
    create("orders", "plain");
    join("dispatch", "orders");
    publish("orders", 1);
    try (Consumer<String, Integer> consumer =
        consumer("dispatch", BY_HAND, new IntegerDeserializer())) {
      consumer.subscribe(List.of("orders"));
      RecordDeserializationException refused =
          assertThrows(RecordDeserializationException.class, () -> poll(consumer, 1));
      consumer.seek(refused.topicPartition(), refused.offset() + 1);
      assertTrue(consumer.poll(MOMENT).isEmpty());
    }
    try (Consumer<String, String> consumer = consumer("dispatch", Map.of())) {
      consumer.subscribe(List.of("orders"));
      assertEquals("order 0", poll(consumer, 1).get(0).value());
    }
  }

  @Test
  void paused_partitions_keep_their_records() {
    create("orders", "packed");
    join("dispatch", "orders");
    publish("orders", 200);
    try (Consumer<String, String> consumer = consumer("dispatch", Map.of())) {
      consumer.subscribe(List.of("orders"));
      consumer.poll(Duration.ZERO);
      consumer.pause(List.of(new TopicPartition("orders", 0), new TopicPartition("orders", 1)));
      Predicate<ConsumerRecord<String, String>> isPaused = record -> record.partition() < 2;
      List<ConsumerRecord<String, String>> records = new ArrayList<>(poll(consumer, 1));
      records.addAll(drain(consumer));
      assertFalse(records.stream().anyMatch(isPaused));
      consumer.resume(consumer.paused());
      records.addAll(poll(consumer, 200 - records.size()));
      assertEquals(published(200), byKey(records));
    }
  }

  /** What comes until nothing comes for a while. */
  private static List<ConsumerRecord<String, String>> drain(Consumer<String, String> consumer) {
    List<ConsumerRecord<String, String>> records = new ArrayList<>();
    int empty = 0;
    while (empty < 10) {
      int before = records.size();
      consumer.poll(MOMENT).forEach(records::add);
      empty = records.size() == before ? empty + 1 : 0;
    }
    return records;
  }

  @Test
  void a_poll_can_be_woken() throws InterruptedException {
    create("orders", "plain");
    try (Consumer<String, String> consumer = consumer("dispatch", Map.of())) {
      consumer.subscribe(List.of("orders"));
      consumer.poll(Duration.ZERO);
      Thread other = new Thread(consumer::wakeup);
      other.start();
      assertThrows(WakeupException.class, () -> consumer.poll(PATIENCE));
      other.join();
      assertTrue(consumer.poll(Duration.ZERO).isEmpty());
    }
  }

  @Test
  void partitions_are_assigned_and_revoked() {
    create("orders", "plain");
    create("payments", "packed");
    Set<TopicPartition> mine = new HashSet<>();
    ConsumerRebalanceListener listener =
        new ConsumerRebalanceListener() {
          @Override
          public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            mine.removeAll(partitions);
          }

          @Override
          public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            mine.addAll(partitions);
          }
        };
    try (Consumer<String, String> consumer = consumer("dispatch", Map.of())) {
      consumer.subscribe(Pattern.compile("ord.*|pay.*"), listener);
      consumer.poll(Duration.ZERO);
      assertEquals(8, mine.size());
      assertEquals(mine, consumer.assignment());
      assertEquals(Set.of("orders", "payments"), consumer.subscription());
      consumer.subscribe(List.of("payments"), listener);
      consumer.poll(Duration.ZERO);
      assertEquals(4, mine.size());
      consumer.unsubscribe();
      assertEquals(Set.of(), mine);
      assertThrows(IllegalStateException.class, () -> consumer.poll(Duration.ZERO));
    }
  }

  @Test
  void topics_are_made_once_however_often_they_are_asked_for() {
    try (SnsSqsAdmin admin = new SnsSqsAdmin(services())) {
      NewTopic orders = new NewTopic("orders", 6, (short) -1);
      admin.createTopics(List.of(orders));
      admin.createTopics(List.of(orders));
      assertThrows(
          TopicExistsException.class,
          () -> admin.createTopics(List.of(new NewTopic("orders", 7, (short) -1))));
      assertThrows(
          InvalidConfigurationException.class,
          () ->
              admin.createTopics(
                  List.of(
                      new NewTopic("other", 1, (short) -1)
                          .configs(Map.of("cleanup.policy", "compact")))));
      assertThrows(
          InvalidTopicException.class,
          () -> admin.createTopics(List.of(new NewTopic("no topic", 1, (short) -1))));
      assertEquals(Set.of("orders"), admin.listTopics());
      assertEquals(6, partitions(admin, "orders"));

      admin.createPartitions(Map.of("orders", NewPartitions.increaseTo(9)));
      assertEquals(9, partitions(admin, "orders"));
      admin.createPartitions(Map.of("orders", NewPartitions.increaseTo(2)));
      assertEquals(2, partitions(admin, "orders"));

      admin.deleteTopics(List.of("orders", "nowhere"));
      assertEquals(Set.of(), admin.listTopics());
      assertThrows(
          UnknownTopicOrPartitionException.class, () -> admin.describeTopics(List.of("orders")));
    }
  }

  private static int partitions(SnsSqsAdmin admin, String topic) {
    return admin.describeTopics(List.of(topic)).get(topic).partitions().size();
  }

  @Test
  void groups_are_made_described_and_deleted_without_a_trace() {
    try (SnsSqsAdmin admin = new SnsSqsAdmin(services())) {
      create("orders", "plain");
      create("payments", "packed");
      admin.createGroup("dispatch", List.of("orders", "payments"));
      admin.createGroup("dispatch", List.of("orders", "payments"));
      admin.createGroup("audit", List.of("orders"));
      assertEquals(Set.of("audit", "dispatch"), admin.listGroups());
      publish("orders", 30);
      try (Consumer<String, String> consumer = consumer("dispatch", BY_HAND)) {
        consumer.subscribe(List.of("orders"));
        poll(consumer, 7);
        Map<String, Backlog> backlog = admin.describeGroup("dispatch");
        assertEquals(Set.of("orders", "payments"), backlog.keySet());
        assertEquals(30, backlog.get("orders").total());
        assertTrue(backlog.get("orders").inFlight() >= 7, backlog::toString);
        assertEquals(0, backlog.get("payments").total());
      }
      admin.deleteGroups(List.of("dispatch", "nobody"));
      assertEquals(Set.of("audit"), admin.listGroups());
      assertThrows(GroupIdNotFoundException.class, () -> admin.describeGroup("dispatch"));
      admin.deleteTopics(List.of("orders"));
      assertEquals(Set.of(), admin.listGroups());
    }
    try (Services services = services()) {
      assertEquals(List.of(), services.sqs().listQueues().queueUrls());
      assertEquals(List.of(), services.sns().listSubscriptions().subscriptions());
    }
  }

  @Test
  void two_that_make_the_same_at_once_both_succeed() throws Exception {
    List<Callable<Boolean>> both =
        Collections.nCopies(
            2,
            () -> {
              try (SnsSqsAdmin admin = new SnsSqsAdmin(services())) {
                for (int i = 0; i < 5; i++) {
                  admin.createTopics(List.of(new NewTopic("topic-" + i, 3, (short) -1)));
                  admin.createGroup("dispatch", List.of("topic-" + i));
                }
              }
              return true;
            });
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (Future<Boolean> each : threads.invokeAll(both)) {
        assertTrue(each.get());
      }
    } finally {
      threads.shutdown();
    }
    for (int i = 0; i < 5; i++) {
      publish("topic-" + i, 7);
    }
    try (Consumer<String, String> consumer = consumer("dispatch", Map.of())) {
      consumer.subscribe(Pattern.compile("topic-.*"));
      assertEquals(35, poll(consumer, 35).size());
    }
  }

  @Test
  void a_group_that_comes_later_reads_what_is_kept() {
    needs(Ability.ARCHIVE);
    try (SnsSqsAdmin admin = new SnsSqsAdmin(services())) {
      NewTopic kept = new NewTopic("orders", 4, (short) -1).configs(Map.of("retention.ms", "1"));
      admin.createTopics(List.of(kept));
      publish("orders", 70);
      try (Consumer<String, String> consumer =
          consumer("late", Map.of(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"))) {
        consumer.subscribe(List.of("orders"));
        assertEquals(published(70), byKey(poll(consumer, 70)));
        consumer.seekToBeginning(consumer.assignment());
        assertEquals(published(70), byKey(poll(consumer, 70)));
      }
      admin.deleteTopics(List.of("orders"));
    }
  }

  @Test
  void a_group_whose_queue_is_deleted_says_so_and_is_made_again() {
    create("orders", "plain");
    join("dispatch", "orders");
    try (Consumer<String, String> consumer = consumer("dispatch", Map.of());
        SnsSqsAdmin admin = new SnsSqsAdmin(services())) {
      consumer.subscribe(List.of("orders"));
      publish("orders", 7);
      poll(consumer, 7);
      admin.deleteGroups(List.of("dispatch"));
      assertThrows(GroupIdNotFoundException.class, () -> poll(consumer, 1));
      await(
          () -> {
            consumer.poll(MOMENT);
            return !admin.listGroups().isEmpty();
          });
      publish("orders", 7);
      assertEquals(published(7), byKey(poll(consumer, 7)));
    }
  }

  @Test
  void whoever_wants_no_kafka_publishes_bytes_and_handles_messages() throws IOException {
    List<String> handled = Collections.synchronizedList(new ArrayList<>());
    Set<String> refused = Collections.synchronizedSet(new HashSet<>());
    MessageHandler handler =
        message -> {
          String text = new String(message.content(), UTF_8);
          if (text.equals("two") && refused.add(text)) {
            throw new IllegalStateException("not now");
          }
          handled.add(message.key() + " " + text);
        };
    Map<String, Object> configs = Map.of(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 1000);
    try (MessageTopic orders = MessageTopic.create("orders", configs, this::services);
        MessageReceiver receiver = orders.receive("dispatch", handler)) {
      orders.publish("a", "one".getBytes(UTF_8));
      orders.publish("a", "two".getBytes(UTF_8));
      orders.publish("a", "three".getBytes(UTF_8));
      orders.publish(new ByteArrayInputStream("four".getBytes(UTF_8)));
      await(() -> handled.size() == 4);
    }
    assertEquals(Set.of("two"), refused);
    assertEquals(
        List.of("a one", "a two", "a three"),
        handled.stream().filter(each -> each.startsWith("a ")).toList());
    assertTrue(handled.contains("null four"), handled::toString);
  }

  @Test
  void what_it_counts_can_be_seen() {
    create("orders", "plain");
    join("dispatch", "orders");
    try (Producer<String, String> producer = producer(Map.of());
        Consumer<String, String> consumer = consumer("dispatch", Map.of())) {
      producer.send(new ProducerRecord<>("orders", "a", "b"));
      producer.flush();
      assertEquals(1.0, metric(producer.metrics(), "record-send-total"));
      consumer.subscribe(List.of("orders"));
      poll(consumer, 1);
      assertEquals(1.0, metric(consumer.metrics(), "records-consumed-total"));
      assertEquals(2.0, metric(consumer.metrics(), "bytes-consumed-total"));
    }
  }

  private static Object metric(Map<MetricName, ? extends Metric> metrics, String name) {
    return metrics.entrySet().stream()
        .filter(each -> each.getKey().name().equals(name))
        .findFirst()
        .orElseThrow()
        .getValue()
        .metricValue();
  }

  @Test
  void a_poll_may_wait_for_longer_than_the_application_may_do_without_polling() throws Exception {
    create("orders", "plain");
    join("dispatch", "orders");
    ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
    try (Consumer<String, String> consumer =
        consumer("dispatch", Map.of(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, 1000))) {
      consumer.subscribe(List.of("orders"));
      // It begins while the poll waits, and well after max.poll.interval.ms.
      Future<?> published = later.schedule(() -> publish("orders", 1), 4, TimeUnit.SECONDS);
      assertEquals("order 0", consumer.poll(PATIENCE).iterator().next().value());
      published.get();
    } finally {
      later.shutdown();
    }
  }

  @Test
  void what_is_revoked_can_be_committed_first() {
    create("orders", "plain");
    create("returns", "plain");
    join("dispatch", "orders");
    publish("orders", 5);
    Consumer<String, String> consumer = consumer("dispatch", BY_HAND);
    List<TopicPartition> revoked = new ArrayList<>();
    ConsumerRebalanceListener committing =
        new ConsumerRebalanceListener() {
          @Override
          public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            revoked.addAll(partitions);
            consumer.commitSync();
          }

          @Override
          public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}
        };
    consumer.subscribe(List.of("orders"), committing);
    poll(consumer, 5);
    consumer.subscribe(List.of("returns"), committing);
    consumer.poll(MOMENT);
    consumer.close();
    assertFalse(revoked.isEmpty());
    publish("orders", 1);
    try (Consumer<String, String> next = consumer("dispatch", Map.of())) {
      next.subscribe(List.of("orders"));
      assertEquals(List.of("order 0"), values(poll(next, 1)));
    }
  }

  @Test
  void what_is_revoked_by_closing_can_be_committed_first() {
    create("orders", "packed");
    join("dispatch", "orders");
    publish("orders", 1);
    Consumer<String, String> consumer = consumer("dispatch", BY_HAND);
    consumer.subscribe(
        List.of("orders"),
        new ConsumerRebalanceListener() {
          @Override
          public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            consumer.commitSync();
          }

          @Override
          public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}
        });
    poll(consumer, 1);
    consumer.close();
    publish("orders", 2);
    try (Consumer<String, String> next = consumer("dispatch", Map.of())) {
      next.subscribe(List.of("orders"));
      assertEquals(Set.of("order 0", "order 1"), Set.copyOf(values(poll(next, 2))));
      assertTrue(next.poll(MOMENT).isEmpty());
    }
  }

  @Test
  void a_queue_is_emptied_as_a_whole() {
    create("orders", "packed");
    join("dispatch", "orders");
    publish("orders", 20);
    try (Consumer<String, String> consumer = consumer("dispatch", Map.of())) {
      consumer.subscribe(List.of("orders"));
      consumer.poll(MOMENT);
      assertThrows(
          UnsupportedOperationException.class,
          () -> consumer.seekToEnd(List.of(new TopicPartition("orders", 0))));
    }
    try (Consumer<String, String> consumer = consumer("dispatch", Map.of())) {
      consumer.subscribe(List.of("orders"));
      consumer.seekToEnd(List.of());
      consumer.poll(Duration.ZERO);
      consumer.seekToEnd(consumer.assignment());
      consumer.poll(Duration.ZERO);
      publish("orders", 1);
      assertEquals(List.of("order 0"), values(poll(consumer, 1)));
    }
  }

  @Test
  void a_handler_that_fails_holds_nothing_up_but_its_key() throws Exception {
    List<String> handled = new CopyOnWriteArrayList<>();
    AtomicInteger failures = new AtomicInteger();
    try (MessageTopic orders = MessageTopic.create("orders", Map.of(), this::services);
        MessageReceiver receiver =
            orders.receive(
                "dispatch",
                message -> {
                  String content = new String(message.content(), UTF_8);
                  if (content.equals("a1") && failures.incrementAndGet() <= 2) {
                    throw new IllegalStateException("not yet");
                  }
                  handled.add(content);
                })) {
      for (int i = 1; i <= 3; i++) {
        orders.publish("a", ("a" + i).getBytes(UTF_8));
        orders.publish("b", ("b" + i).getBytes(UTF_8));
      }
      await(() -> handled.size() >= 6);
      assertEquals(List.of("a1", "a2", "a3"), those(handled, "a"));
      assertEquals(List.of("b1", "b2", "b3"), those(handled, "b"));
      assertTrue(handled.indexOf("b1") < handled.indexOf("a1"), handled::toString);
    }
  }

  private static List<String> those(List<String> all, String first) {
    return all.stream().filter(each -> each.startsWith(first)).toList();
  }

  private static List<String> values(List<ConsumerRecord<String, String>> records) {
    return records.stream().map(ConsumerRecord::value).toList();
  }
}
