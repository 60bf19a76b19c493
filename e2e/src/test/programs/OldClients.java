import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Produces, consumes and administers with what kafka-clients 2.1 had. Prints one JSON line.
 *
 * <p>usage: OldClients KAFKA_HOST:PORT COUNT
 */
final class OldClients {

  private static final String TOPIC = "old-orders";
  private static final String GROUP = "old-metrics";

  public static void main(String[] arguments) throws Exception {
    Properties configs = new Properties();
    configs.put("bootstrap.servers", arguments[0]);
    int count = Integer.parseInt(arguments[1]);
    try (AdminClient admin = AdminClient.create(configs)) {
      admin.createTopics(Collections.singleton(new NewTopic(TOPIC, 3, (short) 1))).all().get();
      produce(configs, count);
      List<String> received = consume(configs, count);
      long committed = 0;
      for (var offset :
          admin.listConsumerGroupOffsets(GROUP).partitionsToOffsetAndMetadata().get().values()) {
        committed += offset.offset();
      }
      boolean listed =
          admin.listConsumerGroups().all().get().stream()
              .anyMatch(group -> group.groupId().equals(GROUP));
      int partitions =
          admin
              .describeTopics(Collections.singleton(TOPIC))
              .all()
              .get()
              .get(TOPIC)
              .partitions()
              .size();
      admin.deleteConsumerGroups(Collections.singleton(GROUP)).all().get();
      admin.deleteTopics(Collections.singleton(TOPIC)).all().get();
      boolean gone = !admin.listTopics().names().get().contains(TOPIC);
      System.out.printf(
          "{\"received\": [\"%s\"], \"committed\": %d, \"listed\": %b, \"partitions\": %d,"
              + " \"gone\": %b}%n",
          String.join("\", \"", received), committed, listed, partitions, gone);
    }
  }

  private static void produce(Properties bootstrap, int count) throws Exception {
    Properties configs = new Properties();
    configs.putAll(bootstrap);
    configs.put("enable.idempotence", true);
    configs.put("compression.type", "lz4");
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(configs, new StringSerializer(), new StringSerializer())) {
      for (int i = 0; i < count; i++) {
        ProducerRecord<String, String> record =
            new ProducerRecord<>(TOPIC, "k" + i % 5, "order-" + i);
        record.headers().add("door", "kafka".getBytes(StandardCharsets.UTF_8));
        sent.add(producer.send(record));
      }
      for (Future<RecordMetadata> each : sent) {
        each.get();
      }
    }
  }

  private static List<String> consume(Properties bootstrap, int count) {
    Properties configs = new Properties();
    configs.putAll(bootstrap);
    configs.put("group.id", GROUP);
    configs.put("auto.offset.reset", "earliest");
    configs.put("enable.auto.commit", false);
    List<String> received = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(configs, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(Collections.singleton(TOPIC));
      for (int polls = 0; received.size() < count && polls < 60; polls++) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(500))) {
          record.headers().lastHeader("door").value();
          received.add(record.value());
        }
      }
      consumer.commitSync();
      consumer.endOffsets(Collections.singleton(new TopicPartition(TOPIC, 0)));
    }
    return received;
  }
}
