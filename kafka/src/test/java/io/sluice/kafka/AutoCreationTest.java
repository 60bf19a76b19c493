package io.sluice.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.broker.NewTopic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who makes a topic by using it ({@code auto.create.topics.enable}). */
class AutoCreationTest {

  @TempDir Path folder;

  private static boolean exists(RunningListener sluice, String topic) {
    return sluice.broker().topics().find(topic).isPresent();
  }

  @Test
  void a_producer_gives_up_where_topics_are_not_made_for_it() throws Exception {
    try (RunningListener sluice = RunningListener.withoutAutoCreation(folder);
        KafkaProducer<String, String> producer = sluice.producer(Map.of("max.block.ms", 500))) {
      ExecutionException failed =
          assertThrows(
              ExecutionException.class,
              () -> producer.send(new ProducerRecord<>("orders", "v")).get());
      assertInstanceOf(TimeoutException.class, failed.getCause());
      assertInstanceOf(UnknownTopicOrPartitionException.class, failed.getCause().getCause());
      assertFalse(exists(sluice, "orders"));
      sluice.broker().topics().create(NewTopic.named("orders"));
      assertEquals(0, producer.send(new ProducerRecord<>("orders", "v")).get().offset());
    }
  }

  @Test
  void a_consumer_makes_no_topic_where_topics_are_not_made_for_it() throws Exception {
    try (RunningListener sluice = RunningListener.withoutAutoCreation(folder)) {
      asks(sluice, true);
      assertFalse(exists(sluice, "orders"));
    }
  }

  @Test
  void a_consumer_decides_where_topics_are_made_for_it() throws Exception {
    try (RunningListener sluice = RunningListener.in(folder)) {
      asks(sluice, false);
      assertFalse(exists(sluice, "orders"));
      asks(sluice, true);
      assertTrue(exists(sluice, "orders"));
    }
  }

  /** A consumer that waits until it has heard of the topic, or that there is none. */
  private static void asks(RunningListener sluice, boolean creates) {
    Map<String, Object> configs =
        Map.of("group.id", "g", "group.protocol", "classic", "allow.auto.create.topics", creates);
    try (KafkaConsumer<String, String> consumer = sluice.consumer(configs)) {
      consumer.subscribe(List.of("orders"));
      while (consumer.groupMetadata().generationId() < 1) {
        consumer.poll(Duration.ofMillis(10));
      }
    }
  }
}
