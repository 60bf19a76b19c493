package io.sluice.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Runs transactions of a few records and a group's offset until it is stopped, some of them aborted
 * and some taken over by another producer, and remembers how each ended.
 */
final class TransactionalWorker implements Runnable {

  private enum Outcome {
    COMMITTED,
    ABORTED,
    /** Whoever asked for the commit heard no answer. */
    UNKNOWN
  }

  private record Transaction(List<String> values, Outcome outcome) {}

  private final String name;
  private final String address;
  private final AtomicBoolean stop;
  private final Random random = new Random();
  private final List<Transaction> transactions = new ArrayList<>();
  private final AtomicInteger committed = new AtomicInteger();

  TransactionalWorker(String name, String address, AtomicBoolean stop) {
    this.name = name;
    this.address = address;
    this.stop = stop;
  }

  String name() {
    return name;
  }

  int committed() {
    return committed.get();
  }

  @Override
  public void run() {
    KafkaProducer<String, String> producer = producer();
    while (!stop.get()) {
      int number = transactions.size();
      List<String> values =
          IntStream.rangeClosed(0, random.nextInt(4))
              .mapToObj(index -> name + "/" + number + "/" + index)
              .toList();
      Outcome outcome = Outcome.ABORTED;
      boolean usable = false;
      try {
        begin(producer, values, number);
        switch (random.nextInt(10)) {
          case 0, 1 -> producer.abortTransaction();
          case 2 -> producer = takenOver(producer);
          default -> {
            outcome = Outcome.UNKNOWN;
            producer.commitTransaction();
            outcome = Outcome.COMMITTED;
            committed.incrementAndGet();
          }
        }
        usable = true;
      } catch (KafkaException e) {
        // Whatever it was: the next producer ends what this one left open.
        usable = false;
      }
      transactions.add(new Transaction(values, outcome));
      if (!usable) {
        producer.close();
        producer = producer();
      }
    }
    producer.close();
  }

  private void begin(KafkaProducer<String, String> producer, List<String> values, int number) {
    producer.beginTransaction();
    for (String value : values) {
      producer.send(new ProducerRecord<>("ledger", random.nextInt(3), null, value));
    }
    TopicPartition source = new TopicPartition("source", 0);
    producer.sendOffsetsToTransaction(Map.of(source, new OffsetAndMetadata(number + 1)), group());
  }

  /** A group that has no member: anybody may commit for it. */
  private ConsumerGroupMetadata group() {
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of(
                CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                address,
                ConsumerConfig.GROUP_ID_CONFIG,
                name),
            new StringDeserializer(),
            new StringDeserializer())) {
      return consumer.groupMetadata();
    }
  }

  /** The first producer is a zombie, whose commit must come to nothing. */
  private KafkaProducer<String, String> takenOver(KafkaProducer<String, String> zombie) {
    KafkaProducer<String, String> heir = producer();
    try {
      zombie.commitTransaction();
      throw new IllegalStateException("a zombie of " + name + " has committed");
    } catch (KafkaException e) {
      zombie.close();
    }
    return heir;
  }

  /** A producer that has ended whatever another one had left open. */
  private KafkaProducer<String, String> producer() {
    while (true) {
      KafkaProducer<String, String> producer =
          new KafkaProducer<>(
              Map.of(
                  CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                  address,
                  CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                  200,
                  ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                  name,
                  ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                  3_000,
                  ProducerConfig.MAX_BLOCK_MS_CONFIG,
                  10_000,
                  ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                  10_000,
                  ProducerConfig.LINGER_MS_CONFIG,
                  0),
              new StringSerializer(),
              new StringSerializer());
      try {
        producer.initTransactions();
        return producer;
      } catch (KafkaException e) {
        producer.close();
      }
    }
  }

  /**
   * Compares what is read with what was heard.
   *
   * @param read the values by the number of their transaction
   */
  void check(SortedMap<Integer, List<String>> read) {
    for (int number = 0; number < transactions.size(); number++) {
      Transaction transaction = transactions.get(number);
      List<String> values = read.getOrDefault(number, List.of()).stream().sorted().toList();
      boolean whole = values.equals(transaction.values());
      switch (transaction.outcome()) {
        case COMMITTED -> assertEquals(transaction.values(), values, "committed");
        case ABORTED -> assertEquals(List.of(), values, "aborted");
        case UNKNOWN -> assertTrue(whole || values.isEmpty(), () -> "in part: " + values);
      }
    }
  }
}
