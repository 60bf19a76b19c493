package io.sluice.kafka.share;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.broker.NewTopic;
import io.sluice.kafka.RunningListener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Share groups through the unmodified KafkaShareConsumer. */
class ShareConsumerTest {

  private static final Duration BOUND = Duration.ofSeconds(60);

  @TempDir Path folder;
  private RunningListener sluice;

  @BeforeEach
  void start() throws Exception {
    sluice = RunningListener.in(folder);
    sluice.broker().topics().create(NewTopic.named("orders").withPartitions(1));
  }

  @AfterEach
  void stop() {
    sluice.close();
  }

  private KafkaShareConsumer<String, String> member(String group, boolean explicit) {
    Map<String, Object> configs = new HashMap<>();
    configs.put("group.id", group);
    configs.put("share.acknowledgement.mode", explicit ? "explicit" : "implicit");
    return new KafkaShareConsumer<>(
        sluice.clientConfigs(configs), new StringDeserializer(), new StringDeserializer());
  }

  private void configure(String group, String name, String value) throws Exception {
    try (Admin admin = sluice.admin()) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.GROUP, group),
                  List.of(
                      new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
  }

  private void produce(int from, int to) throws Exception {
    try (KafkaProducer<String, String> producer = sluice.producer(Map.of())) {
      for (int i = from; i < to; i++) {
        producer.send(new ProducerRecord<>("orders", "k" + i, "v" + i));
      }
    }
  }

  private static void until(Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + BOUND.toNanos();
    while (!condition.call()) {
      assertTrue(System.nanoTime() < deadline, "it did not happen");
    }
  }

  private static List<ConsumerRecord<String, String>> poll(
      KafkaShareConsumer<String, String> consumer) {
    List<ConsumerRecord<String, String>> records = new ArrayList<>();
    consumer.poll(Duration.ofMillis(200)).forEach(records::add);
    return records;
  }

  private static Set<String> values(int from, int to) {
    Set<String> values = new HashSet<>();
    IntStream.range(from, to).forEach(i -> values.add("v" + i));
    return values;
  }

  @Test
  void what_one_member_takes_no_other_gets() throws Exception {
    configure("metrics", "share.auto.offset.reset", "earliest");
    produce(0, 1000);
    List<String> seen = new ArrayList<>();
    try (KafkaShareConsumer<String, String> one = member("metrics", false);
        KafkaShareConsumer<String, String> other = member("metrics", false)) {
      one.subscribe(List.of("orders"));
      other.subscribe(List.of("orders"));
      until(
          () -> {
            poll(one).forEach(record -> seen.add(record.value()));
            poll(other).forEach(record -> seen.add(record.value()));
            return seen.size() >= 1000;
          });
    }
    assertEquals(1000, seen.size());
    assertEquals(values(0, 1000), new HashSet<>(seen));
  }

  @Test
  void a_released_record_comes_again_and_is_counted() throws Exception {
    configure("metrics", "share.auto.offset.reset", "earliest");
    produce(0, 1);
    try (KafkaShareConsumer<String, String> consumer = member("metrics", true)) {
      consumer.subscribe(List.of("orders"));
      List<Short> counts = new ArrayList<>();
      until(
          () -> {
            for (ConsumerRecord<String, String> record : poll(consumer)) {
              counts.add(record.deliveryCount().orElseThrow());
              consumer.acknowledge(record, AcknowledgeType.RELEASE);
            }
            return counts.size() == 5;
          });
      assertEquals(List.of((short) 1, (short) 2, (short) 3, (short) 4, (short) 5), counts);
      consumer.commitSync();
      produce(1, 2);
      List<String> next = new ArrayList<>();
      until(
          () -> {
            for (ConsumerRecord<String, String> record : poll(consumer)) {
              next.add(record.value());
              consumer.acknowledge(record, AcknowledgeType.ACCEPT);
            }
            return !next.isEmpty();
          });
      assertEquals(List.of("v1"), next);
    }
  }
}
