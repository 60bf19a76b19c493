package io.sluice.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an unmodified producer learns about single records of a refused batch (KIP-467). */
class RecordErrorsTest {

  @TempDir Path folder;

  @Test
  void the_record_without_a_key_is_told_from_those_that_shared_its_batch() throws Exception {
    try (RunningListener sluice = RunningListener.in(folder);
        KafkaProducer<String, String> producer = sluice.producer(Map.of("linger.ms", 60_000))) {
      create(sluice, Map.of("cleanup.policy", "compact"));
      Future<RecordMetadata> good = producer.send(new ProducerRecord<>("stock", 0, "k", "v"));
      Future<RecordMetadata> bare = producer.send(new ProducerRecord<>("stock", 0, null, "v"));
      producer.flush();

      Throwable fault = assertInstanceOf(InvalidRecordException.class, failure(bare));
      assertTrue(fault.getMessage().contains("without key"), fault.getMessage());
      assertTrue(failure(good).getMessage().contains("part of a batch"), failure(good).toString());

      Future<RecordMetadata> after = producer.send(new ProducerRecord<>("stock", 0, "k", "after"));
      producer.flush();
      assertEquals(0, after.get().offset(), "nothing of the refused batch was written");
    }
  }

  @Test
  void a_record_from_too_far_in_the_past_is_refused_as_such() throws Exception {
    try (RunningListener sluice = RunningListener.in(folder);
        KafkaProducer<String, String> producer = sluice.producer(Map.of())) {
      create(sluice, Map.of("message.timestamp.before.max.ms", "1000"));
      Future<RecordMetadata> old = producer.send(new ProducerRecord<>("stock", 0, 5L, "k", "v"));
      assertInstanceOf(InvalidTimestampException.class, failure(old));
      assertEquals(0, producer.send(new ProducerRecord<>("stock", 0, "k", "v")).get().offset());
    }
  }

  private static void create(RunningListener sluice, Map<String, String> configs) throws Exception {
    try (Admin admin = sluice.admin()) {
      admin.createTopics(List.of(new NewTopic("stock", 1, (short) 1).configs(configs))).all().get();
    }
  }

  private static Throwable failure(Future<RecordMetadata> sent) {
    Throwable cause = assertThrows(ExecutionException.class, sent::get).getCause();
    return cause == null ? new AssertionError("no cause") : cause;
  }
}
