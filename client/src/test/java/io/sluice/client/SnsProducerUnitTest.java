package io.sluice.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.client.message.Attribute;
import io.sluice.client.message.PackedMessages;
import io.sluice.client.message.PlainMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sns.model.AuthorizationErrorException;
import software.amazon.awssdk.services.sns.model.NotFoundException;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;

class SnsProducerUnitTest {

  private final FakeServices services = new FakeServices();
  private final List<AutoCloseable> opened = new ArrayList<>();

  @BeforeEach
  void topic() {
    services.addTopic("orders.fifo", "packed", 4);
    Recording.HEARD.clear();
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  private SnsProducer<String, String> producer(Map<String, Object> configs) {
    return producer(configs, new StringSerializer());
  }

  private <V> SnsProducer<String, V> producer(
      Map<String, Object> configs, Serializer<V> valueSerializer) {
    Map<String, Object> all = new HashMap<>(configs);
    all.putIfAbsent(ProducerConfig.INTERCEPTOR_CLASSES_CONFIG, Recording.class.getName());
    SnsProducer<String, V> producer =
        new SnsProducer<>(all, new StringSerializer(), valueSerializer, services.services());
    opened.add(producer);
    return producer;
  }

  /** What it heard of each record. */
  public static final class Recording implements ProducerInterceptor<Object, Object> {
    static final List<String> HEARD = Collections.synchronizedList(new ArrayList<>());

    @Override
    public ProducerRecord<Object, Object> onSend(ProducerRecord<Object, Object> record) {
      return record;
    }

    @Override
    public void onAcknowledgement(RecordMetadata metadata, Exception exception) {
      HEARD.add(
          metadata.topic()
              + "-"
              + metadata.partition()
              + "@"
              + metadata.offset()
              + (exception == null ? "" : " " + exception.getClass().getSimpleName()));
    }

    @Override
    public void close() {}

    @Override
    public void configure(Map<String, ?> configs) {}
  }

  private static ProducerRecord<String, String> record(String value) {
    return new ProducerRecord<>("orders", 2, "key", value);
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.get(60, TimeUnit.SECONDS);
  }

  private static Throwable reason(Future<?> future) {
    return assertThrows(ExecutionException.class, () -> get(future)).getCause();
  }

  @Test
  void a_record_may_be_larger_than_a_batch() throws Exception {
    SnsProducer<String, String> producer =
        producer(Map.of("batch.size", 100, "compression.type", "none"));
    get(producer.send(record("x".repeat(10_000))));
    producer.flush();
    assertInstanceOf(
        RecordTooLargeException.class, reason(producer.send(record("x".repeat(300_000)))));
    get(producer.send(record("the next one")));
  }

  @Test
  void for_ever_is_a_setting() throws Exception {
    SnsProducer<String, String> producer =
        producer(Map.of("max.block.ms", Long.MAX_VALUE, "metadata.max.age.ms", Long.MAX_VALUE));
    get(producer.send(record("a")));
    get(producer.send(record("b")));
    assertEquals(1, services.lookUps.get());
    assertEquals(4, producer.partitionsFor("orders").size());
  }

  @Test
  void a_callback_may_not_flush_but_close() throws Exception {
    SnsProducer<String, String> producer = producer(Map.of());
    CompletableFuture<String> flushed = new CompletableFuture<>();
    CompletableFuture<String> closed = new CompletableFuture<>();
    producer.send(
        record("a"),
        (metadata, e) -> {
          flushed.complete(assertThrows(KafkaException.class, producer::flush).getMessage());
          producer.close();
          closed.complete("closed");
        });
    assertTrue(get(flushed).contains("inside a callback is not permitted"));
    assertEquals("closed", get(closed));
    assertThrows(IllegalStateException.class, () -> producer.send(record("b")));
    assertEquals(List.of("orders-2@-1", "orders-2@-1 IllegalStateException"), Recording.HEARD);
  }

  @Test
  void a_callback_that_fails_keeps_nobody_waiting() throws Exception {
    SnsProducer<String, String> producer = producer(Map.of());
    producer.send(
        record("a"),
        (metadata, e) -> {
          throw new AssertionError("somebody's");
        });
    CompletableFuture<RecordMetadata> second = new CompletableFuture<>();
    producer.send(record("b"), (metadata, e) -> second.complete(metadata));
    producer.flush();
    assertEquals(2, get(second).partition());
  }

  @Test
  void a_record_that_is_not_even_sent_has_a_partition_and_no_offset() {
    SnsProducer<String, String> producer = producer(Map.of());
    List<RecordMetadata> told = new ArrayList<>();
    assertInstanceOf(
        UnknownTopicOrPartitionException.class,
        reason(producer.send(new ProducerRecord<>("gone", "v"), (m, e) -> told.add(m))));
    assertInstanceOf(
        RecordTooLargeException.class,
        reason(producer.send(record(incompressible(400_000)), (m, e) -> told.add(m))));
    assertEquals("gone--1@-1", told.get(0).toString());
    assertEquals("orders-2@-1", told.get(1).toString());
    assertFalse(told.get(0).hasOffset());
    assertEquals(
        List.of(
            "gone--1@-1 UnknownTopicOrPartitionException", "orders-2@-1 RecordTooLargeException"),
        Recording.HEARD);
  }

  private static String incompressible(int length) {
    StringBuilder text = new StringBuilder();
    new Random(3).ints(length, 0x4e00, 0x9000).forEach(text::appendCodePoint);
    return text.toString();
  }

  @Test
  void what_a_serializer_does_not_take_is_thrown_and_interceptors_hear_of_it() {
    @SuppressWarnings({"unchecked", "rawtypes"})
    SnsProducer<String, Object> producer =
        producer(Map.of(), (Serializer<Object>) (Serializer) new StringSerializer());
    SerializationException e =
        assertThrows(
            SerializationException.class,
            () -> producer.send(new ProducerRecord<>("orders", "key", 7)));
    assertEquals(
        "Can't convert value of class java.lang.Integer to class"
            + " org.apache.kafka.common.serialization.StringSerializer specified in"
            + " value.serializer",
        e.getMessage());
    SnsProducer<String, String> strict =
        producer(
            Map.of(),
            (topic, data) -> {
              throw new SerializationException("not such a value");
            });
    assertThrows(SerializationException.class, () -> strict.send(record("a")));
    assertEquals(
        List.of("orders--1@-1 SerializationException", "orders-2@-1 SerializationException"),
        Recording.HEARD);
  }

  @Test
  void an_array_may_be_used_again_once_it_was_sent() throws Exception {
    SnsProducer<String, byte[]> producer =
        producer(Map.of("linger.ms", 60_000), new ByteArraySerializer());
    byte[] value = new byte[1];
    Header header = new RecordHeader("h", value);
    for (byte i = 0; i < 3; i++) {
      value[0] = i;
      producer.send(new ProducerRecord<>("orders", 2, "key", value, List.of(header)));
    }
    producer.flush();
    PublishBatchRequestEntry entry = services.published.get(0).publishBatchRequestEntries().get(0);
    List<Record> records =
        PackedMessages.read(
            new PlainMessage(
                entry.message(),
                "2",
                new TreeMap<>(Map.of("sluice.format", Attribute.text("batch")))));
    for (byte i = 0; i < 3; i++) {
      assertEquals(i, records.get(i).value().get(0));
      assertEquals(i, records.get(i).headers()[0].value()[0]);
    }
  }

  @Test
  void who_waits_for_a_record_waits_for_its_callback() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Future<RecordMetadata> sent =
        producer(Map.of())
            .send(
                record("a"),
                (metadata, e) -> {
                  inside.countDown();
                  await(goOn);
                });
    await(inside);
    assertFalse(sent.isDone());
    assertFalse(sent.cancel(true), "it is under way");
    goOn.countDown();
    assertEquals(2, get(sent).partition());
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(60, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void closed_in_a_hurry_it_tells_what_is_under_way_as_well() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    services.publishing =
        () -> {
          asked.countDown();
          boolean answered = false;
          while (!answered) {
            try {
              answered = answer.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
              // As a read of a socket: nothing comes of it.
            }
          }
        };
    List<String> told = Collections.synchronizedList(new ArrayList<>());
    SnsProducer<String, String> producer =
        producer(Map.of("max.in.flight.requests.per.connection", 1));
    Future<RecordMetadata> first = producer.send(record("a"), (m, e) -> told.add("a " + e));
    await(asked);
    Future<RecordMetadata> second = producer.send(record("b"), (m, e) -> told.add("b " + e));
    producer.close(Duration.ZERO);
    assertTrue(first.isDone() && second.isDone());
    answer.countDown();
    String forceful = " org.apache.kafka.common.KafkaException: Producer is closed forcefully.";
    assertEquals(List.of("a" + forceful, "b" + forceful), told);
  }

  @Test
  void who_waits_for_memory_does_not_wait_for_linger() throws Exception {
    SnsProducer<String, String> producer =
        producer(Map.of("linger.ms", 100_000, "buffer.memory", 1000, "max.block.ms", 90_000));
    for (int i = 0; i < 20; i++) {
      producer.send(record("x".repeat(400)));
    }
    assertTrue(services.published.size() >= 9, services.published.size() + " messages");
  }

  @Test
  void who_may_not_ask_for_a_fifo_topic_may_have_a_standard_one() throws Exception {
    services.addTopic("invoices", "plain", 1);
    services.lookUpFailure =
        () -> {
          services.lookUpFailure = null;
          return AuthorizationErrorException.builder().message("no").statusCode(403).build();
        };
    get(producer(Map.of()).send(new ProducerRecord<>("invoices", "value")));
    services.lookUpFailure =
        () -> {
          services.lookUpFailure = null;
          return AuthorizationErrorException.builder()
              .awsErrorDetails(AwsErrorDetails.builder().errorCode("AuthorizationError").build())
              .message("no")
              .statusCode(403)
              .build();
        };
    assertInstanceOf(
        TopicAuthorizationException.class,
        reason(producer(Map.of()).send(new ProducerRecord<>("others", "value"))));
  }

  private static RuntimeException lost() {
    return SdkClientException.create("the request was lost", new IOException());
  }

  @Test
  void a_look_up_that_fails_for_now_does_not_hurt_who_knows_the_topic() throws Exception {
    SnsProducer<String, String> producer = producer(Map.of("metadata.max.age.ms", 1));
    get(producer.send(record("a")));
    services.lookUpFailure = SnsProducerUnitTest::lost;
    get(producer.send(record("b")));
    int lookUps = services.lookUps.get();
    get(producer.send(record("c")));
    assertEquals(lookUps, services.lookUps.get(), "not with each record");
  }

  @Test
  void a_topic_that_is_gone_is_not_remembered() throws Exception {
    SnsProducer<String, String> producer = producer(Map.of("metadata.max.age.ms", 1));
    get(producer.send(record("a")));
    services.topics.clear();
    services.publishing =
        () -> {
          throw NotFoundException.builder()
              .message("Topic does not exist")
              .awsErrorDetails(AwsErrorDetails.builder().errorCode("NotFound").build())
              .statusCode(404)
              .build();
        };
    assertInstanceOf(UnknownTopicOrPartitionException.class, reason(producer.send(record("b"))));
    assertInstanceOf(UnknownTopicOrPartitionException.class, reason(producer.send(record("c"))));
  }

  @Test
  void a_look_up_is_tried_again_for_as_long_as_a_send_may_block() throws Exception {
    services.lookUpFailure =
        () -> {
          if (services.lookUps.get() > 2) {
            services.lookUpFailure = null;
          }
          return lost();
        };
    get(producer(Map.of()).send(record("a")));
    services.lookUpFailure = SnsProducerUnitTest::lost;
    Throwable e = reason(producer(Map.of("max.block.ms", 50)).send(record("a")));
    assertInstanceOf(TimeoutException.class, e);
    assertEquals("Topic orders not present in metadata after 50 ms.", e.getMessage());
  }

  @Test
  void a_topic_that_is_made_again_may_have_another_format() throws Exception {
    SnsProducer<String, String> producer = producer(Map.of("metadata.max.age.ms", 1));
    for (String format : List.of("packed", "plain", "packed", "plain")) {
      services.addTopic("orders.fifo", format, 2000);
      // So many that each number of a lane occurs.
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (int i = 0; i < 1500; i++) {
        sent.add(producer.send(new ProducerRecord<>("orders", i, "key" + i, "value")));
      }
      for (Future<RecordMetadata> each : sent) {
        get(each);
      }
    }
  }

  @Test
  void a_record_larger_than_the_buffer_is_too_large() {
    Throwable e = reason(producer(Map.of("buffer.memory", 100)).send(record("x".repeat(200))));
    assertInstanceOf(RecordTooLargeException.class, e);
    assertTrue(e.getMessage().contains("larger than the total memory buffer"), e.getMessage());
    assertInstanceOf(
        RecordTooLargeException.class,
        reason(producer(Map.of("buffer.memory", 0)).send(record(""))));
  }

  @Test
  void each_without_a_name_of_its_own_gets_one() {
    String first = clientId(producer(Map.of()));
    String second = clientId(producer(Map.of()));
    assertTrue(first.matches("sns-producer-[0-9]+"), first);
    assertNotEquals(first, second);
    assertEquals("mine", clientId(producer(Map.of("client.id", "mine"))));
    assertTrue(
        new SqsConsumerConfig(Map.of()).getString("client.id").matches("sqs-consumer-[0-9]+"));
  }

  private static String clientId(SnsProducer<?, ?> producer) {
    return producer.metrics().keySet().stream()
        .filter(name -> name.group().equals("producer-metrics"))
        .findFirst()
        .orElseThrow()
        .tags()
        .get("client-id");
  }

  @Test
  void what_cannot_be_made_leaves_nothing_behind() {
    Closing.closed = 0;
    assertThrows(
        ConfigException.class,
        () ->
            new SnsProducer<String, String>(
                Map.of("key.serializer", Closing.class.getName()),
                null,
                null,
                services.services()));
    assertEquals(1, Closing.closed);
    assertThrows(
        KafkaException.class,
        () ->
            new SnsProducer<>(
                Map.of("metric.reporters", "is.not.There"),
                new Closing(),
                new Closing(),
                services.services()));
    assertEquals(3, Closing.closed);
    assertEquals(0, services.closed.get(), "who made the services closes them");
  }

  /** Counts. */
  public static final class Closing extends StringSerializer {
    static int closed;

    @Override
    public void close() {
      closed++;
    }
  }

  @Test
  void what_lingers_for_longer_than_it_is_tried_is_refused() {
    assertThrows(
        ConfigException.class,
        () -> producer(Map.of("linger.ms", 1000, "delivery.timeout.ms", 1000)));
    assertThrows(ConfigException.class, () -> producer(Map.of("delivery.timeout.ms", 270_001)));
  }

  @Test
  void a_flush_can_be_interrupted() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    services.publishing =
        () -> {
          try {
            answer.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        };
    SnsProducer<String, String> producer = producer(Map.of());
    producer.send(record("a"));
    Thread.currentThread().interrupt();
    assertThrows(InterruptException.class, producer::flush);
    assertTrue(Thread.interrupted());
    answer.countDown();
    producer.flush();
  }
}
