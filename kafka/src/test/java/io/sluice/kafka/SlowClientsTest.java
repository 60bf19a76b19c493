package io.sluice.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.broker.NewTopic;
import io.sluice.log.AppendSource;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that ask and do not listen, that wait for what goes away, or that do nothing. */
class SlowClientsTest {

  private static final int VERSION = 12;
  private static final int REQUESTS = 300;
  private static final int RECORD_BYTES = 500_000;

  @TempDir Path folder;
  private Optional<RunningListener> running = Optional.empty();

  @AfterEach
  void stop() {
    running.ifPresent(RunningListener::close);
  }

  private RunningListener start(KafkaListenerOptions options) throws IOException {
    RunningListener sluice = RunningListener.in(folder, options);
    running = Optional.of(sluice);
    return sluice;
  }

  @Test
  void who_does_not_listen_holds_up_nobody_and_gets_everything_later() throws Exception {
    RunningListener sluice = start(KafkaListenerOptions.defaults());
    fill(sluice);
    try (RawClient slow = new RawClient(sluice.connect());
        RawClient other = new RawClient(sluice.connect())) {
      // 150 MB of answers; the client blocks in its turn when nobody reads its requests.
      CompletableFuture<Void> asking =
          CompletableFuture.runAsync(
              () -> {
                for (int i = 1; i <= REQUESTS; i++) {
                  write(slow, RawClient.frame(ApiKeys.FETCH, VERSION, i, fetch(0, 0)));
                }
              });
      assertEquals(
          1,
          other
              .call(ApiKeys.METADATA, 12, new MetadataRequestData(), MetadataResponseData.class)
              .brokers()
              .size());
      for (int i = 1; i <= REQUESTS; i++) {
        byte[] answer = slow.readFrame();
        assertEquals(i, ByteBuffer.wrap(answer).getInt(), "in order");
        assertTrue(answer.length > RECORD_BYTES);
      }
      asking.join();
    }
  }

  @Test
  void who_leaves_without_listening_leaves_nothing_behind() throws Exception {
    RunningListener sluice = start(KafkaListenerOptions.defaults().withMaxConnections(2));
    fill(sluice);
    for (int i = 0; i < 50; i++) {
      try (RawClient client = admitted(sluice)) {
        for (int j = 0; j < 20; j++) {
          client.send(ApiKeys.FETCH, VERSION, fetch(0, 0));
        }
      }
    }
  }

  @Test
  void who_waits_for_a_topic_that_is_deleted_hears_of_it() throws Exception {
    RunningListener sluice = start(KafkaListenerOptions.defaults());
    sluice.broker().topics().create(NewTopic.named("t"));
    try (RawClient client = new RawClient(sluice.connect())) {
      client.send(ApiKeys.FETCH, VERSION, fetch(0, Integer.MAX_VALUE));
      sluice.broker().topics().delete("t");
      FetchResponseData answer = client.receive(ApiKeys.FETCH, VERSION, FetchResponseData.class);
      assertEquals(
          Errors.UNKNOWN_TOPIC_OR_PARTITION.code(),
          answer.responses().getFirst().partitions().getFirst().errorCode());
    }
  }

  @Test
  void who_does_nothing_for_long_is_disconnected_but_not_who_waits() throws Exception {
    RunningListener sluice =
        start(KafkaListenerOptions.defaults().withMaxIdle(Duration.ofMillis(300)));
    sluice.broker().topics().create(NewTopic.named("t"));
    try (RawClient idle = new RawClient(sluice.connect());
        RawClient waiting = new RawClient(sluice.connect())) {
      waiting.send(ApiKeys.FETCH, VERSION, fetch(0, Integer.MAX_VALUE));
      assertEquals(Optional.empty(), idle.ends());
      append(sluice);
      waiting.receive(ApiKeys.FETCH, VERSION, FetchResponseData.class);
    }
  }

  @Test
  void who_does_not_listen_for_long_is_disconnected() throws Exception {
    RunningListener sluice =
        start(KafkaListenerOptions.defaults().withMaxIdle(Duration.ofMillis(300)));
    ProduceRequestData request = new ProduceRequestData().setAcks((short) -1);
    TopicProduceData topic = new TopicProduceData().setName("t");
    for (int i = 0; i < 2_000; i++) {
      topic.partitionData().add(new PartitionProduceData().setIndex(i));
    }
    request.topicData().add(topic);
    byte[] frame = RawClient.frame(ApiKeys.PRODUCE, 9, 1, request);
    try (RawClient deaf = new RawClient(sluice.connect())) {
      CompletableFuture<Void> asking =
          CompletableFuture.runAsync(
              () -> {
                while (true) {
                  write(deaf, frame);
                }
              });
      ExecutionException ended =
          assertThrows(ExecutionException.class, () -> asking.get(30, TimeUnit.SECONDS));
      assertInstanceOf(UncheckedIOException.class, ended.getCause());
    }
  }

  @Test
  void a_stop_lets_an_answer_be_read_whose_client_was_asking_for_more() throws Exception {
    RunningListener sluice = start(KafkaListenerOptions.defaults());
    sluice.broker().topics().create(NewTopic.named("t"));
    for (int i = 0; i < 40; i++) {
      append(sluice);
    }
    try (RawClient client = new RawClient(sluice.connect())) {
      client.send(ApiKeys.FETCH, VERSION, fetch(0, 0, 64 << 20));
      DataInputStream in = new DataInputStream(client.socket().getInputStream());
      int size = in.readInt();
      client.write(new byte[] {0, 0, 1});
      running = Optional.empty();
      CompletableFuture<Void> stop = CompletableFuture.runAsync(sluice::close);
      awaitStopping(sluice);
      in.skipNBytes(size);
      stop.join();
    }
  }

  private static void awaitStopping(RunningListener sluice) {
    while (true) {
      try {
        sluice.connect().close();
      } catch (IOException | IllegalStateException e) {
        return;
      }
    }
  }

  /** A connection that may stay: one more is closed at once as long as too many are open. */
  private static RawClient admitted(RunningListener sluice) throws IOException {
    while (true) {
      RawClient client = new RawClient(sluice.connect());
      try {
        client.call(ApiKeys.METADATA, 12, new MetadataRequestData(), MetadataResponseData.class);
        return client;
      } catch (IOException e) {
        client.close();
      }
    }
  }

  private static void fill(RunningListener sluice) {
    sluice.broker().topics().create(NewTopic.named("t"));
    append(sluice);
  }

  private static void append(RunningListener sluice) {
    SimpleRecord record = new SimpleRecord(System.currentTimeMillis(), new byte[RECORD_BYTES]);
    sluice
        .broker()
        .topics()
        .partition("t", 0)
        .append(MemoryRecords.withRecords(Compression.NONE, record), AppendSource.CLIENT)
        .durable()
        .join();
  }

  private static FetchRequestData fetch(long offset, int maxWaitMs) {
    return fetch(offset, maxWaitMs, 1 << 20);
  }

  private static FetchRequestData fetch(long offset, int maxWaitMs, int maxBytes) {
    FetchTopic topic = new FetchTopic().setTopic("t");
    topic
        .partitions()
        .add(
            new FetchPartition()
                .setPartition(0)
                .setFetchOffset(offset)
                .setPartitionMaxBytes(maxBytes));
    FetchRequestData fetch =
        new FetchRequestData().setMaxWaitMs(maxWaitMs).setMinBytes(1).setMaxBytes(maxBytes);
    fetch.topics().add(topic);
    return fetch;
  }

  private static void write(RawClient client, byte[] bytes) {
    try {
      client.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
