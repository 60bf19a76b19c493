package io.sluice.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.broker.NewTopic;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stop amid requests. */
class DrainTest {

  private static final int VERSION = 9;

  @TempDir Path folder;

  /** Sends the same record over and over, and counts the answers until there are no more. */
  private record Client(
      String topic, AtomicInteger answers, CompletableFuture<?> sent, CompletableFuture<?> read) {

    static Client of(RunningListener sluice, String topic, int recordBytes) throws IOException {
      sluice.broker().topics().create(NewTopic.named(topic));
      byte[] frame = RawClient.frame(ApiKeys.PRODUCE, VERSION, 1, produce(topic, recordBytes));
      RawClient client = new RawClient(sluice.connect());
      AtomicInteger answers = new AtomicInteger();
      return new Client(
          topic,
          answers,
          untilTheEnd(() -> client.write(frame)),
          untilTheEnd(
                  () -> {
                    client.readFrame();
                    answers.incrementAndGet();
                  })
              .whenComplete((end, e) -> close(client)));
    }
  }

  private interface Exchange {
    void run() throws IOException;
  }

  @Test
  void all_records_that_are_kept_are_acknowledged_to_clients_that_go_on_sending() throws Exception {
    RunningListener sluice = RunningListener.in(folder);
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      clients.add(Client.of(sluice, "t" + i, i % 2 == 0 ? 10_000 : 100_000));
    }
    while (clients.getFirst().answers().get() < 100) {
      Thread.onSpinWait();
    }
    sluice.close();
    for (Client client : clients) {
      client.sent().join();
      client.read().join();
    }
    try (RunningListener again = RunningListener.in(folder)) {
      for (Client client : clients) {
        assertEquals(
            again.broker().topics().partition(client.topic(), 0).endOffset(),
            client.answers().get());
      }
    }
  }

  private static CompletableFuture<?> untilTheEnd(Exchange exchange) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            while (true) {
              exchange.run();
            }
          } catch (IOException e) {
            // The end.
          }
        },
        Thread::startVirtualThread);
  }

  private static void close(RawClient client) {
    try {
      client.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static ProduceRequestData produce(String topic, int recordBytes) {
    SimpleRecord record = new SimpleRecord(System.currentTimeMillis(), new byte[recordBytes]);
    TopicProduceData data = new TopicProduceData().setName(topic);
    data.partitionData()
        .add(
            new PartitionProduceData()
                .setIndex(0)
                .setRecords(MemoryRecords.withRecords(Compression.NONE, record)));
    ProduceRequestData request = new ProduceRequestData().setAcks((short) -1).setTimeoutMs(30_000);
    request.topicData().add(data);
    return request;
  }
}
