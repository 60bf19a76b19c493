package io.sluice.bench.cost;

import io.sluice.client.SnsProducer;
import io.sluice.client.SqsConsumer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** By {@code SnsProducer} and {@code SqsConsumer}. */
public final class LibraryWork implements PlainWork {

  @Override
  public String name() {
    return "the library";
  }

  @Override
  public void publish(AmazonClients clients, String topic, List<Item> records) {
    AtomicInteger published = new AtomicInteger();
    try (Producer<String, String> producer =
        new SnsProducer<>(
            Map.of(), new StringSerializer(), new StringSerializer(), clients.services())) {
      for (Item record : records) {
        producer.send(
            new ProducerRecord<>(topic, record.key(), record.value()),
            (metadata, failure) -> {
              if (failure == null) {
                published.incrementAndGet();
              }
            });
      }
    }
    if (published.get() != records.size()) {
      throw new IllegalStateException(published + " of " + records.size() + " were published");
    }
  }

  @Override
  public void read(AmazonClients clients, String topic, String group, int records) {
    try (Consumer<String, String> consumer =
        new SqsConsumer<>(
            Map.of(
                ConsumerConfig.GROUP_ID_CONFIG,
                group,
                // What is still under way in the end should not be so for long.
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                "1000"),
            new StringDeserializer(),
            new StringDeserializer(),
            clients.services())) {
      consumer.subscribe(List.of(topic));
      int received = 0;
      while (received < records) {
        received += consumer.poll(Duration.ofSeconds(1)).count();
      }
    }
  }
}
