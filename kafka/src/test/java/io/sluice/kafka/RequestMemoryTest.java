package io.sluice.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.broker.NewTopic;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Large requests share a bounded memory. */
class RequestMemoryTest {

  private static final int MEMORY = 4 << 20;

  @TempDir Path folder;
  private Optional<RunningListener> running = Optional.empty();

  @AfterEach
  void stop() {
    running.ifPresent(RunningListener::close);
  }

  private RunningListener start(Duration maxIdle) throws IOException {
    RunningListener sluice =
        RunningListener.in(
            folder,
            KafkaListenerOptions.defaults().withRequestMemoryBytes(MEMORY).withMaxIdle(maxIdle));
    running = Optional.of(sluice);
    sluice.broker().topics().create(NewTopic.named("t"));
    return sluice;
  }

  @Test
  void large_requests_wait_for_those_that_stall_and_small_ones_do_not() throws Exception {
    RunningListener sluice = start(Duration.ofMinutes(10));
    List<RawClient> stalled = stall(sluice, 30);
    try (RawClient small = new RawClient(sluice.connect());
        KafkaProducer<String, String> producer = sluice.producer(Map.of())) {
      assertEquals(1, brokers(small));
      CompletableFuture<Future<RecordMetadata>> large =
          CompletableFuture.supplyAsync(
              () -> producer.send(new ProducerRecord<>("t", "x".repeat(900_000))));
      assertEquals(1, brokers(small));
      for (RawClient client : stalled) {
        client.close();
      }
      assertEquals(0, large.get().get().offset());
    }
  }

  @Test
  void who_stalls_inside_a_large_request_is_disconnected() throws Exception {
    RunningListener sluice = start(Duration.ofMillis(300));
    try (LogLines log = new LogLines()) {
      List<RawClient> stalled = stall(sluice, 4);
      for (RawClient client : stalled) {
        assertEquals(Optional.empty(), client.ends());
        client.close();
      }
      assertTrue(
          log.seen().stream().allMatch(line -> line.endsWith("stalled inside a large request")),
          () -> log.seen().toString());
    }
  }

  @Test
  void memory_is_given_back_after_every_request() throws Exception {
    RunningListener sluice = start(Duration.ofMinutes(10));
    try (KafkaProducer<String, String> producer = sluice.producer(Map.of("linger.ms", 0))) {
      Future<RecordMetadata> last = CompletableFuture.completedFuture(null);
      for (int i = 0; i < 40; i++) {
        last = producer.send(new ProducerRecord<>("t", "x".repeat(900_000)));
      }
      assertEquals(39, last.get().offset());
    }
    try (RawClient garbage = new RawClient(sluice.connect())) {
      garbage.write(claim(MEMORY, MEMORY));
      assertEquals(Optional.empty(), garbage.ends());
    }
    try (RawClient small = new RawClient(sluice.connect())) {
      byte[] large = RawClient.frame(ApiKeys.METADATA, 12, 1, names());
      assertTrue(large.length > RequestMemory.SMALL_BYTES);
      small.write(large);
      assertTrue(small.readFrame().length > RequestMemory.SMALL_BYTES);
    }
  }

  private static MetadataRequestData names() {
    MetadataRequestData request = new MetadataRequestData().setAllowAutoTopicCreation(false);
    List<MetadataRequestData.MetadataRequestTopic> topics = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      topics.add(new MetadataRequestData.MetadataRequestTopic().setName("no-such-topic-" + i));
    }
    return request.setTopics(topics);
  }

  private static int brokers(RawClient client) throws IOException {
    return client
        .call(ApiKeys.METADATA, 12, new MetadataRequestData(), MetadataResponseData.class)
        .brokers()
        .size();
  }

  /** Clients of which each sends the beginning of a request that takes all memory, and no more. */
  private static List<RawClient> stall(RunningListener sluice, int clients) throws IOException {
    List<RawClient> stalled = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      RawClient client = new RawClient(sluice.connect());
      client.write(claim(MEMORY, 2 * RequestMemory.SMALL_BYTES));
      stalled.add(client);
    }
    return stalled;
  }

  private static byte[] claim(int length, int sent) {
    return ByteBuffer.allocate(Integer.BYTES + sent).putInt(length).array();
  }
}
