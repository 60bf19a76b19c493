package io.sluice.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.client.consume.QueueReader;
import io.sluice.client.consume.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResponse;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;

/** What one poll gives of a plain topic, whose partition has many message groups. */
class PollingTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Source SOURCE = new Source("orders", false, 1, "url");
  private static final TopicPartition PARTITION = new TopicPartition("orders", 0);

  /** Gives what it is told to, a list for each request. */
  private static final class Script implements SqsClient {

    private final BlockingQueue<List<Message>> answers = new LinkedBlockingQueue<>();

    /** The next answer: messages with these sequence numbers, each of a group of its own. */
    void answer(long... numbers) {
      answers.add(LongStream.of(numbers).mapToObj(Script::message).toList());
    }

    private static Message message(long number) {
      return Message.builder()
          .messageId("id-" + number)
          .receiptHandle("handle-" + number)
          .body("value")
          .attributes(
              Map.of(
                  MessageSystemAttributeName.MESSAGE_GROUP_ID,
                  "group " + number,
                  MessageSystemAttributeName.SEQUENCE_NUMBER,
                  Long.toString(number)))
          .build();
    }

    @Override
    public ReceiveMessageResponse receiveMessage(ReceiveMessageRequest request) {
      try {
        List<Message> answer = answers.poll(100, TimeUnit.MILLISECONDS);
        return ReceiveMessageResponse.builder()
            .messages(answer == null ? List.of() : answer)
            .build();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return ReceiveMessageResponse.builder().build();
      }
    }

    @Override
    public ChangeMessageVisibilityBatchResponse changeMessageVisibilityBatch(
        ChangeMessageVisibilityBatchRequest request) {
      return ChangeMessageVisibilityBatchResponse.builder().build();
    }

    @Override
    public String serviceName() {
      return SERVICE_NAME;
    }

    @Override
    public void close() {}
  }

  private final Script sqs = new Script();
  private final SqsConsumerConfig config =
      new SqsConsumerConfig(Map.of("group.id", "dispatch", "fetch.max.wait.ms", 0));
  private final QueueReader reader = new QueueReader(sqs, config.readerOptions("dispatch"));
  private final Polling<String, String> polling =
      new Polling<>(
          config,
          reader,
          new Deserializing<>(new StringDeserializer(), new StringDeserializer()),
          new ConsumerMetrics(config));

  @AfterEach
  void close() {
    reader.close(PATIENCE, () -> {});
  }

  private void start() {
    reader.inFlight().read(List.of(PARTITION));
    reader.start(SOURCE);
  }

  /** The offsets of so many records, by polls. */
  private List<List<Long>> polls(int count) {
    List<List<Long>> polls = new ArrayList<>();
    for (int got = 0; got < count; got += polls.get(polls.size() - 1).size()) {
      ConsumerRecords<String, String> records = polling.collect(PATIENCE.toNanos());
      polls.add(records.records(PARTITION).stream().map(ConsumerRecord::offset).toList());
    }
    return polls;
  }

  @Test
  void what_sqs_gives_group_by_group_is_given_by_offset() {
    sqs.answer(3, 8, 4, 9);
    start();
    assertEquals(List.of(List.of(3L, 4L, 8L, 9L)), polls(4));
  }

  @Test
  void whoever_commits_the_highest_offset_of_a_poll_commits_all_of_it() {
    sqs.answer(3, 8);
    sqs.answer(4, 9);
    sqs.answer(1);
    start();
    List<List<Long>> polls = new ArrayList<>();
    for (int got = 0; got < 5; got += polls.get(polls.size() - 1).size()) {
      polls.addAll(polls(1));
      List<Long> last = polls.get(polls.size() - 1);
      assertEquals(last.stream().sorted().toList(), last, "they grow within a poll");
      long highest = last.get(last.size() - 1);
      assertEquals(last.size(), reader.inFlight().commit(Map.of(PARTITION, highest + 1)).size());
    }
    assertEquals(
        List.of(3L, 8L, 4L, 9L, 1L), polls.stream().flatMap(List::stream).toList(), "in all");
  }
}
