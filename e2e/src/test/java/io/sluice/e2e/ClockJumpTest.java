package io.sluice.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** A real server whose machine's clock is set while it runs, with unmodified clients. */
class ClockJumpTest {

  private static final Duration MONTH = Duration.ofDays(30);

  @TempDir Path folder;

  private PreloadedClock clock;

  @BeforeEach
  void compile() throws Exception {
    clock = new PreloadedClock(folder);
  }

  private SluiceProcess start() {
    return clock.start(folder, "--retention-check-interval-ms", "100");
  }

  @Test
  void a_month_ahead_nothing_ends_that_should_not() throws Exception {
    try (SluiceProcess sluice = start();
        SqsClient sqs = sluice.sqs();
        Admin admin = sluice.admin();
        KafkaProducer<String, String> producer = transactional(sluice);
        KafkaConsumer<String, String> consumer = committed(sluice)) {
      String work = sqs.createQueue(r -> r.queueName("work")).queueUrl();
      String later = sqs.createQueue(r -> r.queueName("later")).queueUrl();
      String fifo = fifo(sqs);
      admin.createTopics(List.of(hourly())).all().get();
      sqs.sendMessage(r -> r.queueUrl(work).messageBody("taken"));
      assertEquals(1, receive(sqs, work, 3600).size());
      sqs.sendMessage(r -> r.queueUrl(later).messageBody("later").delaySeconds(900));
      String sequenceNumber = send(sqs, fifo);
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("hourly", "before")).get();

      clock.setAhead(MONTH);
      await().until(() -> Files.readString(sluice.log()).contains("the clock went ahead by PT7"));
      producer.send(new ProducerRecord<>("hourly", "after")).get();
      producer.commitTransaction();
      assertEquals(sequenceNumber, send(sqs, fifo), "the id still counts");
      assertEquals(List.of(), receive(sqs, work, 1));
      assertEquals(List.of(), receive(sqs, later, 1));
      assertEquals(List.of("before", "after"), read(consumer, 2));

      // Nothing stands still either.
      sqs.sendMessage(r -> r.queueUrl(work).messageBody("again"));
      assertEquals(1, receive(sqs, work, 1).size());
      await().until(() -> receive(sqs, work, 1).size() == 1);
      sqs.sendMessage(r -> r.queueUrl(later).messageBody("soon").delaySeconds(1));
      await().until(() -> receive(sqs, later, 1).size() == 1);
    }
  }

  @Test
  void an_hour_back_nothing_stands_still_even_after_a_kill() throws Exception {
    try (SluiceProcess sluice = start();
        SqsClient sqs = sluice.sqs()) {
      String work = sqs.createQueue(r -> r.queueName("work")).queueUrl();
      String later = sqs.createQueue(r -> r.queueName("later")).queueUrl();
      sqs.sendMessage(r -> r.queueUrl(work).messageBody("first"));
      sqs.sendMessage(r -> r.queueUrl(later).messageBody("later").delaySeconds(2));
      assertEquals(1, receive(sqs, work, 2).size());

      clock.setAhead(Duration.ofHours(-1));
      await().until(() -> receive(sqs, work, 2).size() == 1);
      await().until(() -> receive(sqs, later, 2).size() == 1);
      clock.setAhead(Duration.ofHours(-2));
      sluice.killAndRestart();
      await().until(() -> receive(sqs, work, 2).size() == 1);
      await().until(() -> receive(sqs, later, 2).size() == 1);
    }
  }

  private static NewTopic hourly() {
    return new NewTopic("hourly", 1, (short) 1)
        .configs(Map.of("retention.ms", "3600000", "segment.ms", "3600000"));
  }

  private static String fifo(SqsClient sqs) {
    return sqs.createQueue(
            r -> r.queueName("work.fifo").attributes(Map.of(QueueAttributeName.FIFO_QUEUE, "true")))
        .queueUrl();
  }

  private static String send(SqsClient sqs, String fifo) {
    return sqs.sendMessage(
            r ->
                r.queueUrl(fifo)
                    .messageBody("once")
                    .messageGroupId("group")
                    .messageDeduplicationId("id"))
        .sequenceNumber();
  }

  private static List<Message> receive(SqsClient sqs, String url, int visibilitySeconds) {
    return sqs.receiveMessage(
            r -> r.queueUrl(url).maxNumberOfMessages(10).visibilityTimeout(visibilitySeconds))
        .messages();
  }

  private static KafkaProducer<String, String> transactional(SluiceProcess sluice) {
    KafkaProducer<String, String> producer = sluice.transactional("orders");
    producer.initTransactions();
    return producer;
  }

  private static KafkaConsumer<String, String> committed(SluiceProcess sluice) {
    KafkaConsumer<String, String> consumer = sluice.committed();
    consumer.assign(List.of(new TopicPartition("hourly", 0)));
    return consumer;
  }

  private static List<String> read(KafkaConsumer<String, String> consumer, int records) {
    List<String> values = new ArrayList<>();
    consumer.seekToBeginning(consumer.assignment());
    await()
        .until(
            () -> {
              consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
              return values.size() >= records;
            });
    return values;
  }
}
