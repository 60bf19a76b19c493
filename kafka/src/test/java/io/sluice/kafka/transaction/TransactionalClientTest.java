package io.sluice.kafka.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sluice.broker.NewTopic;
import io.sluice.kafka.RunningListener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Transactions as kafka-clients sees them (KIP-98, KIP-890). */
class TransactionalClientTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path folder;
  private RunningListener sluice;

  @BeforeEach
  void start() throws IOException {
    sluice = RunningListener.in(folder);
    sluice.broker().topics().create(NewTopic.named("t").withPartitions(3));
  }

  @AfterEach
  void stop() {
    sluice.close();
  }

  @Test
  void committed_records_are_read_and_aborted_ones_are_not() throws Exception {
    try (KafkaProducer<String, String> producer = producer("p")) {
      producer.initTransactions();
      for (int i = 0; i < 6; i++) {
        producer.beginTransaction();
        for (int partition = 0; partition < 3; partition++) {
          producer.send(
              new ProducerRecord<>("t", partition, null, (i % 2 == 0 ? "yes" : "no") + i));
        }
        if (i % 2 == 0) {
          producer.commitTransaction();
        } else {
          producer.flush();
          producer.abortTransaction();
        }
      }
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("t", 0, null, "open"));
      producer.flush();
      for (int partition = 0; partition < 3; partition++) {
        assertEquals(List.of("yes0", "yes2", "yes4"), read("read_committed", partition, 3));
      }
      assertEquals(
          List.of("yes0", "no1", "yes2", "no3", "yes4", "no5", "open"),
          read("read_uncommitted", 0, 7));
      producer.commitTransaction();
      assertEquals(List.of("yes0", "yes2", "yes4", "open"), read("read_committed", 0, 4));
    }
  }

  @Test
  void a_second_producer_fences_the_first_and_aborts_its_transaction() {
    try (KafkaProducer<String, String> first = producer("p");
        KafkaProducer<String, String> second = producer("p")) {
      first.initTransactions();
      first.beginTransaction();
      first.send(new ProducerRecord<>("t", 0, null, "lost"));
      first.flush();
      second.initTransactions();
      second.beginTransaction();
      second.send(new ProducerRecord<>("t", 0, null, "kept"));
      second.commitTransaction();
      Exception fenced =
          assertThrows(
              Exception.class,
              () -> {
                first.send(new ProducerRecord<>("t", 0, null, "late")).get();
                first.commitTransaction();
              });
      Throwable cause = fenced.getCause() == null ? fenced : fenced.getCause();
      assertEquals(
          true,
          cause instanceof ProducerFencedException
              || cause instanceof InvalidProducerEpochException,
          cause::toString);
    }
    assertEquals(List.of("kept"), read("read_committed", 0, 1));
  }

  @Test
  void offsets_are_committed_with_the_records() throws Exception {
    TopicPartition source = new TopicPartition("t", 1);
    try (KafkaProducer<String, String> producer = producer("p");
        KafkaConsumer<String, String> consumer =
            sluice.consumer(Map.of(ConsumerConfig.GROUP_ID_CONFIG, "g"))) {
      ConsumerGroupMetadata group = consumer.groupMetadata();
      producer.initTransactions();
      producer.beginTransaction();
      producer.sendOffsetsToTransaction(Map.of(source, new OffsetAndMetadata(7)), group);
      producer.abortTransaction();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("t", 0, null, "out"));
      producer.sendOffsetsToTransaction(Map.of(source, new OffsetAndMetadata(5)), group);
      producer.commitTransaction();
    }
    try (var admin = sluice.admin()) {
      // A commit is answered before its markers are written, so the offsets may be pending still.
      assertEquals(
          5,
          admin
              .listConsumerGroupOffsets(
                  "g", new ListConsumerGroupOffsetsOptions().requireStable(true))
              .partitionsToOffsetAndMetadata()
              .get()
              .get(source)
              .offset());
    }
  }

  @Test
  void an_open_transaction_survives_a_restart() throws Exception {
    try (KafkaProducer<String, String> producer = producer("p")) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("t", 0, null, "before")).get();
      sluice = sluice.restarted(folder);
      producer.send(new ProducerRecord<>("t", 0, null, "after")).get();
      assertEquals(List.of(), read("read_committed", 0, 0));
      producer.commitTransaction();
    }
    assertEquals(List.of("before", "after"), read("read_committed", 0, 2));
  }

  @Test
  void a_transaction_that_takes_too_long_is_aborted() throws Exception {
    try (KafkaProducer<String, String> producer = producer("p", 200)) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("t", 0, null, "slow")).get();
      try (KafkaProducer<String, String> other =
          sluice.producer(Map.of(ProducerConfig.ACKS_CONFIG, "all"))) {
        other.send(new ProducerRecord<>("t", 0, null, "plain")).get();
      }
      assertEquals(List.of("plain"), read("read_committed", 0, 1));
    }
  }

  private KafkaProducer<String, String> producer(String transactionalId) {
    return producer(transactionalId, 60_000);
  }

  private KafkaProducer<String, String> producer(String transactionalId, int timeoutMs) {
    return sluice.producer(
        Map.of(
            ProducerConfig.TRANSACTIONAL_ID_CONFIG,
            transactionalId,
            ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
            timeoutMs,
            ProducerConfig.LINGER_MS_CONFIG,
            0));
  }

  /** Reads a partition from the beginning until there are so many. */
  private List<String> read(String isolation, int partition, int count) {
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        sluice.consumer(Map.of(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation))) {
      TopicPartition read = new TopicPartition("t", partition);
      consumer.assign(List.of(read));
      consumer.seekToBeginning(List.of(read));
      long end = consumer.endOffsets(List.of(read)).get(read);
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while ((values.size() < count || consumer.position(read) < end)
          && System.nanoTime() < deadline) {
        consumer.poll(Duration.ofMillis(50)).forEach(record -> values.add(record.value()));
      }
    }
    return values;
  }
}
