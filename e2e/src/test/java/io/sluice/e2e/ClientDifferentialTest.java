package io.sluice.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.client.Services;
import io.sluice.client.SnsProducer;
import io.sluice.client.SnsSqsAdmin;
import io.sluice.client.SqsConsumer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an application sees of Kafka's own clients, it sees of ours on SNS and SQS. */
class ClientDifferentialTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int PARTITIONS = 4;

  @TempDir static Path folder;
  private static SluiceProcess sluice;

  @BeforeAll
  static void start() {
    sluice = SluiceProcess.in(folder);
  }

  @AfterAll
  static void stop() {
    sluice.close();
  }

  /** The clients of one side, of a topic that is there and a group that reads it. */
  private record Side(
      Producer<String, String> producer, Consumer<String, String> consumer, String topic)
      implements AutoCloseable {

    @Override
    public void close() {
      producer.close();
      consumer.close();
    }

    void send(String key, String value, Header... headers) {
      producer.send(new ProducerRecord<>(topic, null, key, value, Arrays.asList(headers)));
    }

    List<ConsumerRecord<String, String>> poll(int count) {
      List<ConsumerRecord<String, String>> records = new ArrayList<>();
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (records.size() < count && System.nanoTime() < end) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
      return records;
    }

    TopicPartition partition(int number) {
      return new TopicPartition(topic, number);
    }
  }

  @FunctionalInterface
  private interface Use {
    Object by(Side side) throws Exception;
  }

  @SuppressWarnings("ImmutableEnumChecker") // what it does has no state
  private enum Scenario {
    RECORDS(
        side -> {
          for (int i = 0; i < 100; i++) {
            side.send("key " + i % 9, "value " + i);
          }
          List<ConsumerRecord<String, String>> records = new ArrayList<>();
          while (records.size() < 100) {
            records.addAll(side.poll(1));
            // What is in flight of a message group holds the rest of it back.
            side.consumer().commitSync();
          }
          return inTheirOrder(records);
        }),
    EMPTY_AND_NULL(
        side -> {
          side.send(null, "no key");
          side.send("", "empty key");
          side.send("no value", null);
          side.send("empty value", "");
          return inTheirOrder(side.poll(4));
        }),
    UNUSUAL_KEYS_AND_HEADERS(
        side -> {
          side.send("ein Schlüssel mit Leerzeichen", "1");
          side.send("long".repeat(100), "2");
          side.send("\u0000", "\u0001");
          side.send(
              "headers",
              "3",
              header("a", "1"),
              header("a", "2"),
              header("b", null),
              header("", "empty name"),
              header("sluice.body", "reserved"),
              header("bytes", "\uFFFF"));
          Header[] many = new Header[20];
          Arrays.setAll(many, i -> header("h" + i, "" + i));
          side.send("many headers", "4", many);
          return inTheirOrder(side.poll(5));
        }),
    METADATA(
        side -> {
          var sent = side.producer().send(new ProducerRecord<>(side.topic(), "key", "värde")).get();
          ConsumerRecord<String, String> received = side.poll(1).get(0);
          return List.of(
              sent.topic().equals(side.topic()),
              sent.partition() == received.partition(),
              sent.partition(),
              sent.serializedKeySize(),
              sent.serializedValueSize(),
              received.serializedKeySize(),
              received.serializedValueSize());
        }),
    COMMITTED(
        side -> {
          side.send("key", "value");
          ConsumerRecord<String, String> record = side.poll(1).get(0);
          TopicPartition partition = side.partition(record.partition());
          var next = new OffsetAndMetadata(record.offset() + 1);
          List<Object> seen = new ArrayList<>();
          seen.add(side.consumer().committed(Set.of(partition)).get(partition) == null);
          seen.add(side.consumer().position(partition) == next.offset());
          side.consumer().commitSync();
          seen.add(side.consumer().committed(Set.of(partition)).get(partition).offset());
          seen.set(2, seen.get(2).equals(next.offset()));
          side.consumer().commitAsync((offsets, failure) -> seen.add(failure == null));
          long end = System.nanoTime() + PATIENCE.toNanos();
          while (seen.size() < 4 && System.nanoTime() < end) {
            side.consumer().poll(Duration.ofMillis(50));
          }
          return seen;
        }),
    ONCE_MORE(
        side -> {
          side.send("key", "value");
          ConsumerRecord<String, String> record = side.poll(1).get(0);
          side.consumer().seek(side.partition(record.partition()), record.offset());
          return side.poll(1).get(0).value();
        }),
    ASSIGNMENT(
        side -> {
          side.consumer().poll(Duration.ofMillis(100));
          side.send("a", "b");
          side.poll(1);
          List<Integer> numbers =
              side.consumer().assignment().stream()
                  .map(TopicPartition::partition)
                  .sorted()
                  .toList();
          side.consumer().pause(side.consumer().assignment());
          int paused = side.consumer().paused().size();
          side.consumer().resume(side.consumer().assignment());
          side.consumer().unsubscribe();
          return List.of(
              numbers,
              paused,
              side.consumer().paused(),
              side.consumer().assignment(),
              side.consumer().subscription());
        }),
    PARTITIONS_OF_TOPIC(
        side ->
            List.of(
                side.consumer().partitionsFor(side.topic()).size(),
                side.producer().partitionsFor(side.topic()).size())),
    ASKED_PARTITIONS(
        side -> {
          side.producer().send(new ProducerRecord<>(side.topic(), 3, null, "three"));
          side.producer().send(new ProducerRecord<>(side.topic(), 1, null, "one"));
          return side.poll(2).stream()
              .map(record -> record.partition() + " " + record.value())
              .sorted()
              .toList();
        }),
    NO_TOPIC_NAME(
        side ->
            failure(() -> side.producer().send(new ProducerRecord<>("no topic", "a", "b")).get())),
    TOO_LARGE(
        side ->
            failure(
                () ->
                    side.producer()
                        .send(new ProducerRecord<>(side.topic(), "a", random(2_000_000)))
                        .get())),
    POLL_WITHOUT_SUBSCRIPTION(
        side -> {
          side.consumer().unsubscribe();
          return failure(() -> side.consumer().poll(Duration.ZERO));
        }),
    NO_SUCH_ASSIGNMENT(
        side ->
            List.of(
                failure(() -> side.consumer().seek(side.partition(99), 1)),
                failure(() -> side.consumer().position(side.partition(99))),
                failure(() -> side.consumer().pause(List.of(side.partition(99)))),
                failure(() -> side.consumer().resume(List.of(side.partition(99)))))),
    BAD_ARGUMENTS(
        side ->
            List.of(
                failure(() -> side.consumer().seek(side.partition(0), -1)),
                failure(() -> side.consumer().subscribe((List<String>) null)),
                failure(() -> side.consumer().subscribe(Arrays.asList("a", null))),
                failure(() -> side.consumer().subscribe(List.of(" "))),
                failure(() -> side.consumer().subscribe((Pattern) null)),
                failure(() -> side.producer().close(Duration.ofMillis(-1))),
                failure(() -> side.producer().send(null)))),
    WOKEN(
        side -> {
          side.consumer().wakeup();
          List<Object> seen = new ArrayList<>();
          seen.add(failure(() -> side.consumer().poll(Duration.ofSeconds(1))));
          seen.add(failure(() -> side.consumer().poll(Duration.ofMillis(1))));
          return seen;
        }),
    CLOSED(
        side -> {
          side.consumer().close();
          side.consumer().close();
          side.producer().close();
          side.producer().close();
          return List.of(
              failure(() -> side.consumer().poll(Duration.ZERO)),
              failure(() -> side.consumer().subscribe(List.of("a"))),
              failure(() -> side.consumer().commitSync()),
              failure(() -> side.producer().send(new ProducerRecord<>(side.topic(), "a", "b"))));
        });

    private final Use use;

    Scenario(Use use) {
      this.use = use;
    }
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value == null ? null : value.getBytes(UTF_8));
  }

  /** Text that no compression makes small. */
  private static String random(int length) {
    Random random = new Random(7);
    StringBuilder text = new StringBuilder(length);
    while (text.length() < length) {
      text.append((char) ('!' + random.nextInt(90)));
    }
    return text.toString();
  }

  /** What was read of each key, in its order. */
  private static Set<String> inTheirOrder(List<ConsumerRecord<String, String>> records) {
    Map<String, StringBuilder> keys = new HashMap<>();
    for (ConsumerRecord<String, String> record : records) {
      StringBuilder text =
          keys.computeIfAbsent(
              String.valueOf(record.key()), key -> new StringBuilder(key).append(':'));
      text.append(' ').append(record.value() == null ? "null" : "<" + record.value() + ">");
      Set<String> headers = new TreeSet<>();
      Map<String, Integer> places = new HashMap<>();
      for (Header header : record.headers()) {
        int place = places.merge(header.key(), 1, Integer::sum);
        headers.add(header.key() + "#" + place + "=" + Arrays.toString(header.value()));
      }
      text.append(headers);
    }
    Set<String> all = new TreeSet<>();
    keys.values().forEach(text -> all.add(text.toString()));
    return all;
  }

  @FunctionalInterface
  private interface Attempt {
    void run() throws Exception;
  }

  private static String failure(Attempt attempt) {
    try {
      attempt.run();
      return "fine";
    } catch (ExecutionException e) {
      return "later " + e.getCause().getClass().getSimpleName();
    } catch (Exception e) {
      return e.getClass().getSimpleName();
    }
  }

  @ParameterizedTest
  @EnumSource
  void plain(Scenario scenario) throws Exception {
    compare(scenario, "plain");
  }

  @ParameterizedTest
  @EnumSource
  void packed(Scenario scenario) throws Exception {
    compare(scenario, "packed");
  }

  private void compare(Scenario scenario, String format) throws Exception {
    String topic = (scenario + "-" + format).toLowerCase(Locale.ROOT).replace('_', '-');
    Object expected;
    try (Side side = kafka(topic + "-kafka")) {
      expected = scenario.use.by(side);
    }
    try (Side side = amazon(topic + "-sns", format)) {
      assertEquals(expected, scenario.use.by(side));
    }
  }

  private static Map<String, Object> configs(String topic) {
    return Map.of(
        CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
        sluice.process().kafka(),
        ConsumerConfig.GROUP_ID_CONFIG,
        "readers-of-" + topic,
        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
        false,
        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
        "earliest");
  }

  private static Side kafka(String topic) throws Exception {
    try (Admin admin = sluice.admin()) {
      admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1))).all().get();
    }
    Consumer<String, String> consumer =
        new KafkaConsumer<>(configs(topic), new StringDeserializer(), new StringDeserializer());
    consumer.subscribe(List.of(topic));
    return new Side(
        new KafkaProducer<>(configs(topic), new StringSerializer(), new StringSerializer()),
        consumer,
        topic);
  }

  private static Side amazon(String topic, String format) {
    try (SnsSqsAdmin admin = new SnsSqsAdmin(services())) {
      admin.createTopics(
          List.of(
              new NewTopic(topic, PARTITIONS, (short) 1)
                  .configs(Map.of(SnsSqsAdmin.FORMAT_CONFIG, format))));
      admin.createGroup("readers-of-" + topic, List.of(topic));
    }
    Consumer<String, String> consumer =
        new SqsConsumer<>(
            configs(topic), new StringDeserializer(), new StringDeserializer(), services());
    consumer.subscribe(List.of(topic));
    return new Side(
        new SnsProducer<>(
            configs(topic), new StringSerializer(), new StringSerializer(), services()),
        consumer,
        topic);
  }

  private static Services services() {
    return Services.of(ClientConfigs.at(sluice.process().aws(), "eu-central-1"));
  }
}
