package io.sluice.torture.work;

import io.sluice.torture.history.Findings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Transactional producers, and a reader of what they commit. */
final class TransactionWork implements Work {

  private static final int PRODUCERS = 2;
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration SETTLE_BOUND = Duration.ofSeconds(90);

  private final List<TransactionalProducer> producers = new ArrayList<>();
  private final List<TopicPartition> ledger;
  private final TopicPartition source;
  private final KafkaConsumer<String, String> reader;
  private final KafkaConsumer<String, String> uncommitted;
  private final Admin admin;

  TransactionWork(Doors doors, Findings findings) throws Exception {
    admin = doors.admin();
    ledger = KafkaTopics.create(admin, "ledger");
    source = KafkaTopics.create(admin, "source").getFirst();
    for (int i = 0; i < PRODUCERS; i++) {
      producers.add(new TransactionalProducer("t" + i, ledger, source, doors, findings));
    }
    reader = doors.consumer(Map.of(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed"));
    reader.assign(ledger);
    reader.seekToBeginning(ledger);
    uncommitted = doors.consumer(Map.of());
  }

  @Override
  public List<Activity> activities() {
    return producers.stream()
        .map(producer -> new Activity("transactions of " + producer.name(), producer::step))
        .toList();
  }

  @Override
  public void settle() throws Exception {
    for (TransactionalProducer producer : producers) {
      producer.close();
      producer.ready();
    }
    readToEnd();
    for (TransactionalProducer producer : producers) {
      Map<TopicPartition, OffsetAndMetadata> offsets =
          admin.listConsumerGroupOffsets(producer.name()).partitionsToOffsetAndMetadata().get();
      OffsetAndMetadata offset = offsets.get(source);
      producer.history().end(offset == null ? -1 : offset.offset());
    }
  }

  /** The end of what is written, committed or not: every transaction has ended. */
  private void readToEnd() {
    Map<TopicPartition, Long> ends = uncommitted.endOffsets(ledger);
    long end = System.nanoTime() + SETTLE_BOUND.toNanos();
    for (TopicPartition partition : ledger) {
      while (reader.position(partition) < ends.getOrDefault(partition, 0L)) {
        if (System.nanoTime() > end) {
          throw new IllegalStateException("a transaction stays open in " + partition);
        }
        for (ConsumerRecord<String, String> record : reader.poll(POLL)) {
          String[] parts = record.value().split("/", 3);
          producers.stream()
              .filter(producer -> producer.name().equals(parts[0]))
              .forEach(
                  producer ->
                      producer
                          .history()
                          .read(record.partition(), Integer.parseInt(parts[1]), record.value()));
        }
      }
    }
  }

  @Override
  public void close() {
    producers.forEach(TransactionalProducer::close);
    reader.close();
    uncommitted.close();
    admin.close();
  }
}
