package io.sluice.torture.work;

import io.sluice.torture.history.Findings;
import io.sluice.torture.history.LogHistory;
import io.sluice.torture.history.OffsetHistory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Kafka's plain life: idempotent producers that send without waiting, a reader of everything, and a
 * group that commits what it has read. The clients live over all restarts.
 */
final class LogWork implements Work {

  private static final String TOPIC = "log";
  private static final String GROUP = "log-readers";
  private static final int PRODUCERS = 2;
  private static final int KEYS = 4;
  private static final int MOST_AT_ONCE = 10;
  private static final int MOST_UNANSWERED = 2000;
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration SETTLE_BOUND = Duration.ofSeconds(90);

  private final Findings findings;
  private final LogHistory history;
  private final OffsetHistory offsets;
  private final List<KafkaProducer<String, String>> producers = new ArrayList<>();
  private final AtomicInteger unanswered = new AtomicInteger();
  private final List<TopicPartition> partitions;
  private final KafkaConsumer<String, String> reader;
  private final KafkaConsumer<String, String> member;
  private final Admin admin;

  LogWork(Doors doors, Findings findings) throws Exception {
    this.findings = findings;
    history = new LogHistory(findings);
    offsets = new OffsetHistory(GROUP, findings);
    admin = doors.admin();
    partitions = KafkaTopics.create(admin, TOPIC);
    for (int i = 0; i < PRODUCERS; i++) {
      producers.add(doors.producer(Map.of()));
    }
    reader = doors.consumer(Map.of());
    reader.assign(partitions);
    reader.seekToBeginning(partitions);
    member =
        doors.consumer(
            Map.of(
                ConsumerConfig.GROUP_ID_CONFIG,
                GROUP,
                ConsumerConfig.GROUP_PROTOCOL_CONFIG,
                "consumer",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest"));
    member.subscribe(Set.of(TOPIC));
  }

  @Override
  public List<Activity> activities() {
    List<Activity> activities = new ArrayList<>();
    for (int i = 0; i < PRODUCERS; i++) {
      int producer = i;
      activities.add(new Activity("produce " + i, random -> produce(producer, random)));
    }
    activities.add(new Activity("read the log", _ -> read()));
    activities.add(new Activity("consume as a group", _ -> consume()));
    return activities;
  }

  private void produce(int producer, Random random) {
    if (unanswered.get() > MOST_UNANSWERED) {
      return;
    }
    for (int i = random.nextInt(MOST_AT_ONCE); i >= 0; i--) {
      String key = producer + "-" + random.nextInt(KEYS);
      long number = history.next(key);
      unanswered.incrementAndGet();
      producers
          .get(producer)
          .send(
              new ProducerRecord<>(TOPIC, key, Long.toString(number)),
              (_, failure) -> {
                unanswered.decrementAndGet();
                if (failure == null) {
                  history.acknowledged(key, number);
                } else {
                  findings.broken("an idempotent producer outlives a restart", failure.toString());
                }
              });
    }
  }

  private void read() {
    for (ConsumerRecord<String, String> record : reader.poll(POLL)) {
      history.read(record.key(), Long.parseLong(record.value()));
    }
  }

  private void consume() {
    if (member.poll(POLL).isEmpty()) {
      return;
    }
    for (TopicPartition partition : member.assignment()) {
      long position = member.position(partition, POLL);
      offsets.committing(partition.partition(), position);
      member.commitSync(Map.of(partition, new OffsetAndMetadata(position)));
      offsets.committed(partition.partition(), position);
    }
  }

  @Override
  public void settle() throws Exception {
    producers.forEach(KafkaProducer::flush);
    Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
    long end = System.nanoTime() + SETTLE_BOUND.toNanos();
    for (TopicPartition partition : partitions) {
      while (reader.position(partition) < ends.getOrDefault(partition, 0L)) {
        if (System.nanoTime() > end) {
          throw new IllegalStateException("the reader does not get to the end of " + partition);
        }
        read();
      }
    }
    history.end();
    findOffsets();
  }

  private void findOffsets() throws InterruptedException, ExecutionException {
    Map<TopicPartition, OffsetAndMetadata> found =
        admin.listConsumerGroupOffsets(GROUP).partitionsToOffsetAndMetadata().get();
    for (TopicPartition partition : partitions) {
      OffsetAndMetadata offset = found.get(partition);
      offsets.found(partition.partition(), offset == null ? 0 : offset.offset());
    }
  }

  @Override
  public void close() {
    producers.forEach(KafkaProducer::close);
    reader.close();
    member.close();
    admin.close();
  }
}
