package io.sluice.bench.cost;

import io.sluice.client.SnsProducer;
import io.sluice.client.SnsSqsAdmin;
import io.sluice.client.SqsConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * One producer that publishes as fast as it can, and a consumer for each group beside it, with the
 * {@code client} library's defaults.
 *
 * @param format what {@code sluice.format} says
 */
public record CostRun(String format, Payload payload, int records, int groups) {

  private static final String TOPIC = "orders";
  private static final int PARTITIONS = 6;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /**
   * Publishes everything and has it read and committed by every group.
   *
   * @param port where SNS and SQS are, with nothing in them yet
   * @return the requests of all that, from the first to the last commit
   */
  public Calls drive(int port) throws Exception {
    CallCounter counter = new CallCounter();
    try (AmazonClients clients = AmazonClients.of(port, counter);
        ExecutorService threads = Executors.newCachedThreadPool()) {
      try (SnsSqsAdmin admin = new SnsSqsAdmin(clients.services())) {
        admin.createTopics(
            List.of(
                new NewTopic(TOPIC, PARTITIONS, (short) 1)
                    .configs(Map.of(SnsSqsAdmin.FORMAT_CONFIG, format))));
        for (int group = 0; group < groups; group++) {
          admin.createGroup("group-" + group, List.of(TOPIC));
        }
      }
      List<Future<?>> readers = new ArrayList<>();
      for (int group = 0; group < groups; group++) {
        String name = "group-" + group;
        readers.add(threads.submit(() -> read(name, clients)));
      }
      publish(clients);
      for (Future<?> reader : readers) {
        await(reader);
      }
      return counter.calls();
    }
  }

  private static void await(Future<?> reader) throws Exception {
    try {
      reader.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private void publish(AmazonClients clients) {
    AtomicReference<Exception> failure = new AtomicReference<>();
    try (Producer<String, byte[]> producer =
        new SnsProducer<>(
            Map.of(), new StringSerializer(), new ByteArraySerializer(), clients.services())) {
      for (int number = 0; number < records; number++) {
        producer.send(
            new ProducerRecord<>(TOPIC, Payload.customer(number), payload.of(number)),
            (published, failed) -> {
              if (failed != null) {
                failure.compareAndSet(null, failed);
              }
            });
      }
    }
    if (failure.get() != null) {
      throw new IllegalStateException("not everything was published", failure.get());
    }
  }

  private void read(String group, AmazonClients clients) {
    BitSet seen = new BitSet(records);
    int count = 0;
    try (Consumer<String, byte[]> consumer =
        new SqsConsumer<>(
            Map.of(ConsumerConfig.GROUP_ID_CONFIG, group),
            new StringDeserializer(),
            new ByteArrayDeserializer(),
            clients.services())) {
      consumer.subscribe(List.of(TOPIC));
      long lastNanos = System.nanoTime();
      while (seen.cardinality() < records) {
        int before = count;
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          seen.set(payload.number(record.value()));
          count++;
        }
        if (count > before) {
          lastNanos = System.nanoTime();
        } else if (System.nanoTime() - lastNanos > PATIENCE.toNanos()) {
          throw new IllegalStateException(
              group + " has " + seen.cardinality() + " of " + records + " records");
        }
      }
    }
    if (count != records) {
      throw new IllegalStateException(group + " got " + count + " records of " + records);
    }
  }
}
