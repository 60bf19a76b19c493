package io.sluice.torture.work;

import io.sluice.torture.history.Findings;
import io.sluice.torture.history.TransactionHistory;
import io.sluice.torture.history.TransactionHistory.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Runs transactions of a few records and a group's offset, some of them aborted and some taken over
 * by another producer, and tells how each ended. Owned by one thread at a time.
 */
final class TransactionalProducer implements AutoCloseable {

  private static final int MOST_RECORDS = 5;
  private static final int PATIENCE_MS = 4_000;

  private final String name;
  private final List<TopicPartition> ledger;
  private final TopicPartition source;
  private final Doors doors;
  private final Findings findings;
  private final TransactionHistory history;
  private @Nullable KafkaProducer<String, String> producer;

  TransactionalProducer(
      String name,
      List<TopicPartition> ledger,
      TopicPartition source,
      Doors doors,
      Findings findings) {
    this.name = name;
    this.ledger = ledger;
    this.source = source;
    this.doors = doors;
    this.findings = findings;
    this.history = new TransactionHistory(name, findings);
  }

  String name() {
    return name;
  }

  TransactionHistory history() {
    return history;
  }

  /** One transaction. */
  void step(Random random) {
    KafkaProducer<String, String> current = ready();
    int number = history.next();
    List<String> values =
        IntStream.rangeClosed(0, random.nextInt(MOST_RECORDS))
            .mapToObj(index -> name + "/" + number + "/" + index)
            .toList();
    Outcome outcome = Outcome.ABORTED;
    try {
      begin(current, values, number, random);
      switch (random.nextInt(10)) {
        case 0, 1 -> current.abortTransaction();
        case 2 -> takeOver(current, number);
        default -> {
          outcome = Outcome.UNKNOWN;
          current.commitTransaction();
          outcome = Outcome.COMMITTED;
        }
      }
    } catch (KafkaException e) {
      // Whatever it was: the next producer ends what this one left open.
      close();
      throw e;
    } finally {
      history.ended(number, values, outcome);
    }
  }

  private void begin(
      KafkaProducer<String, String> current, List<String> values, int number, Random random) {
    current.beginTransaction();
    for (String value : values) {
      TopicPartition partition = ledger.get(random.nextInt(ledger.size()));
      current.send(new ProducerRecord<>(partition.topic(), partition.partition(), null, value));
    }
    current.sendOffsetsToTransaction(Map.of(source, new OffsetAndMetadata(number)), group());
  }

  /** A group that has no member: anybody may commit for it. */
  private ConsumerGroupMetadata group() {
    try (KafkaConsumer<String, String> consumer =
        doors.consumer(Map.of(ConsumerConfig.GROUP_ID_CONFIG, name))) {
      return consumer.groupMetadata();
    }
  }

  /** The first producer is a zombie, whose commit must come to nothing. */
  private void takeOver(KafkaProducer<String, String> zombie, int number) {
    KafkaProducer<String, String> heir = started();
    producer = heir;
    try {
      zombie.commitTransaction();
      findings.broken(
          TransactionHistory.ABORTED, "a zombie of %s committed %d".formatted(name, number));
    } catch (KafkaException e) {
      // As it should be.
    } finally {
      zombie.close();
    }
  }

  /** A producer that has ended whatever another one had left open. */
  KafkaProducer<String, String> ready() {
    KafkaProducer<String, String> current = producer;
    if (current == null) {
      current = started();
      producer = current;
    }
    return current;
  }

  private KafkaProducer<String, String> started() {
    KafkaProducer<String, String> started =
        doors.producer(
            Map.of(
                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                name,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                PATIENCE_MS / 2,
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                PATIENCE_MS,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                PATIENCE_MS));
    try {
      started.initTransactions();
      return started;
    } catch (KafkaException e) {
      started.close();
      throw e;
    }
  }

  /** The next step begins with another producer. */
  @Override
  public void close() {
    KafkaProducer<String, String> current = producer;
    producer = null;
    if (current != null) {
      current.close();
    }
  }
}
