package io.sluice.torture.work;

import io.sluice.torture.history.Findings;
import io.sluice.torture.history.MessageHistory;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * A share group (KIP-932), whose member accepts most of what it gets. What a crash leaves in its
 * hands comes again when its lock is over, for which only the end of everything waits.
 */
final class ShareWork implements Work {

  private static final String TOPIC = "tasks";
  private static final String GROUP = "task-workers";
  private static final String LOCK = "share.record.lock.duration.ms";

  /** The least that a group may ask for. */
  private static final String LOCK_MILLIS = "15000";

  private static final int MOST_OUTSTANDING = 400;
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration FINISH_BOUND = Duration.ofMinutes(2);

  private final KafkaProducer<String, String> producer;
  private final KafkaShareConsumer<String, String> member;
  private final MessageHistory history;
  private final Bodies bodies = new Bodies("s");

  ShareWork(Doors doors, Findings findings) throws Exception {
    try (Admin admin = doors.admin()) {
      KafkaTopics.create(admin, TOPIC);
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.GROUP, GROUP),
                  List.of(set("share.auto.offset.reset", "earliest"), set(LOCK, LOCK_MILLIS))))
          .all()
          .get();
    }
    producer = doors.producer(Map.of());
    history = new MessageHistory(GROUP, findings);
    Map<String, Object> settings = new HashMap<>(doors.common());
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, GROUP);
    settings.put(ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit");
    member = new KafkaShareConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    member.subscribe(Set.of(TOPIC));
  }

  private static AlterConfigOp set(String name, String value) {
    return new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
  }

  @Override
  public List<Activity> activities() {
    return List.of(
        new Activity("produce for a share group", this::produce),
        new Activity("consume as a share group", random -> consume(random, 1)));
  }

  private void produce(Random random) throws InterruptedException {
    if (history.outstanding() > MOST_OUTSTANDING) {
      return;
    }
    String name = bodies.name();
    history.sending(name);
    try {
      producer.send(new ProducerRecord<>(TOPIC, Bodies.of(name, random))).get();
    } catch (ExecutionException e) {
      throw new KafkaException("an idempotent producer could not send", e);
    }
    history.acknowledged(name);
  }

  /** Gives back, out of ten that come for the first time, so many. */
  private void consume(Random random, int givesBack) {
    long requestedAt = System.nanoTime();
    Map<String, TopicPartition> accepted = new HashMap<>();
    for (ConsumerRecord<String, String> record : member.poll(POLL)) {
      String name = Bodies.name(record.value());
      history.received(name, record.partition() + "-" + record.offset(), requestedAt);
      boolean isFirst = record.deliveryCount().filter(count -> count > 1).isEmpty();
      if (isFirst && random.nextInt(10) < givesBack) {
        member.acknowledge(record, AcknowledgeType.RELEASE);
      } else {
        member.acknowledge(record, AcknowledgeType.ACCEPT);
        accepted.put(name, new TopicPartition(record.topic(), record.partition()));
      }
    }
    Set<TopicPartition> failed = new HashSet<>();
    member
        .commitSync()
        .forEach(
            (partition, failure) -> failure.ifPresent(_ -> failed.add(partition.topicPartition())));
    long now = System.nanoTime();
    accepted.forEach(
        (name, partition) -> {
          if (!failed.contains(partition)) {
            history.deleted(name, true, now);
          }
        });
  }

  @Override
  public void settle() {}

  /** What was accepted without an answer may never come again, and need not. */
  @Override
  public void finish() {
    long end = System.nanoTime() + FINISH_BOUND.toNanos();
    Random none = new Random();
    while (history.unreceived() > 0 && System.nanoTime() < end) {
      consume(none, 0);
    }
    history.end();
  }

  @Override
  public void close() {
    producer.close();
    member.close();
  }
}
