package io.sluice.e2e;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * A program that polls orders, commits the first, says so, and gets no further: a process to be
 * killed.
 */
final class StuckConsumer {

  /** What it prints when it gets no further. */
  static final String STUCK = "stuck";

  private static final String COMMITTED = "committed ";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private StuckConsumer() {}

  /** The orders that it has committed, by what it printed. */
  static List<String> committed(String output) {
    return output
        .lines()
        .filter(line -> line.startsWith(COMMITTED))
        .map(line -> line.substring(COMMITTED.length()))
        .toList();
  }

  /** Consumes from an endpoint. */
  public static void main(String[] arguments) throws InterruptedException {
    Consumer<String, String> consumer = ClientFaultsTest.consumer(arguments[0]);
    for (ConsumerRecord<String, String> record : consumer.poll(PATIENCE)) {
      // In the order of giving, so it is this one and nothing after it.
      TopicPartition partition = new TopicPartition(record.topic(), record.partition());
      consumer.commitSync(Map.of(partition, new OffsetAndMetadata(record.offset() + 1)));
      System.out.println(COMMITTED + record.value());
      break;
    }
    System.out.println(STUCK);
    System.out.flush();
    new CountDownLatch(1).await();
  }
}
