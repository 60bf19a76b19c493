package io.sluice.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.broker.NewTopic;
import io.sluice.broker.Topic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an idempotent producer sends again is not written again (KIP-98). */
class IdempotenceTest {

  @TempDir Path folder;
  private RunningListener sluice;
  private RawClient client;
  private long producer;

  @BeforeEach
  void start() throws IOException {
    sluice = RunningListener.in(folder);
    client = new RawClient(sluice.connect());
    sluice.broker().topics().create(NewTopic.named("t"));
    producer =
        client
            .call(
                ApiKeys.INIT_PRODUCER_ID,
                4,
                new InitProducerIdRequestData().setTransactionalId(null),
                InitProducerIdResponseData.class)
            .producerId();
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    sluice.close();
  }

  private ProduceRequestData request(int epoch, int sequence, int records) {
    SimpleRecord[] batch = new SimpleRecord[records];
    // A producer whose last record is old is forgotten.
    long now = Instant.now().toEpochMilli();
    Arrays.setAll(
        batch, i -> new SimpleRecord(now, ("v" + (sequence + i)).getBytes(StandardCharsets.UTF_8)));
    Topic topic = sluice.broker().topics().find("t").orElseThrow();
    TopicProduceDataCollection topics = new TopicProduceDataCollection();
    topics.mustAdd(
        new TopicProduceData()
            .setTopicId(topic.id())
            .setPartitionData(
                List.of(
                    new PartitionProduceData()
                        .setIndex(0)
                        .setRecords(
                            MemoryRecords.withIdempotentRecords(
                                Compression.NONE, producer, (short) epoch, sequence, batch)))));
    return new ProduceRequestData().setAcks((short) -1).setTimeoutMs(10_000).setTopicData(topics);
  }

  private PartitionProduceResponse produce(int epoch, int sequence, int records)
      throws IOException {
    return client
        .call(ApiKeys.PRODUCE, 13, request(epoch, sequence, records), ProduceResponseData.class)
        .responses()
        .iterator()
        .next()
        .partitionResponses()
        .getFirst();
  }

  private void writes(long offset, PartitionProduceResponse response) {
    assertEquals(Errors.NONE, Errors.forCode(response.errorCode()));
    assertEquals(offset, response.baseOffset());
  }

  private void refuses(Errors error, PartitionProduceResponse response) {
    assertEquals(error, Errors.forCode(response.errorCode()));
    assertEquals(-1, response.baseOffset());
    assertEquals(0, response.logStartOffset(), "whether it lost records that the log retains");
  }

  private long end() {
    return sluice.broker().topics().partition("t", 0).endOffset();
  }

  @Test
  void a_batch_is_written_once_over_connections_and_restarts() throws IOException {
    writes(0, produce(0, 0, 3));
    writes(3, produce(0, 3, 2));
    client.close();
    client = new RawClient(sluice.connect());
    writes(0, produce(0, 0, 3));
    writes(3, produce(0, 3, 2));
    client.close();
    sluice = sluice.restarted(folder);
    client = new RawClient(sluice.connect());
    writes(3, produce(0, 3, 2));
    writes(5, produce(0, 5, 1));
    assertEquals(6, end());
  }

  @Test
  void what_is_sent_on_without_an_answer_is_written_once() throws IOException {
    client.send(ApiKeys.PRODUCE, 13, request(0, 0, 3));
    client.close();
    client = new RawClient(sluice.connect());
    writes(0, produce(0, 0, 3));
    assertEquals(3, end());
  }

  @Test
  void gaps_and_old_epochs_are_refused() throws IOException {
    writes(0, produce(1, 0, 1));
    refuses(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER, produce(1, 2, 1));
    refuses(Errors.INVALID_PRODUCER_EPOCH, produce(0, 1, 1));
    refuses(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER, produce(2, 5, 1));
    writes(1, produce(2, 0, 1));
    for (int i = 1; i <= 6; i++) {
      writes(1 + i, produce(2, i, 1));
    }
    // Of a producer the last five batches are remembered.
    refuses(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER, produce(2, 0, 1));
    writes(3, produce(2, 2, 1));
    assertEquals(8, end());
  }
}
