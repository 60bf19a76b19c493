package io.sluice.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * Kafka's share consumer and the AWS SDK on one queue: each message goes to one of them, whatever
 * becomes of the process.
 */
class ShareClientsTest {

  private static final int ORDERS = 400;
  private static final Duration BOUND = Duration.ofMinutes(2);

  @TempDir Path folder;

  /** An order that is not acknowledged yet. */
  private record Taken(String topic, int partition, String value) {}

  /** What each of them has done, and acknowledged. */
  private final List<String> shared = new ArrayList<>();

  private final List<String> received = new ArrayList<>();

  @Test
  void a_queue_and_its_share_group_work_off_the_same_orders_through_kill_nine() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.in(folder);
        SnsClient sns = sluice.sns();
        SqsClient sqs = sluice.sqs()) {
      String topicArn = sns.createTopic(request -> request.name("orders")).topicArn();
      String url = subscribedQueue(sns, sqs, topicArn);
      lockFor(sluice, Duration.ofSeconds(15));
      produce(sluice);
      sqs.sendMessage(request -> request.queueUrl(url).messageBody("direct"));
      try (KafkaShareConsumer<String, String> consumer = member(sluice)) {
        consumer.subscribe(List.of("orders", "queue.dispatch"));
        work(sqs, url, consumer, ORDERS / 2);
        Set<String> before = done();
        sluice.killAndRestart();
        work(sqs, url, consumer, ORDERS + 1);
        assertEquals(ORDERS + 1, shared.size() + received.size(), "acknowledged twice");
        assertTrue(done().containsAll(before));
      }
      assertEquals(ORDERS + 1, done().size());
      assertTrue(!shared.isEmpty() && !received.isEmpty(), "both have worked");
      Map<QueueAttributeName, String> left =
          sqs.getQueueAttributes(
                  request -> request.queueUrl(url).attributeNames(QueueAttributeName.ALL))
              .attributes();
      assertEquals("0", left.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES));
      assertEquals("0", left.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE));
    }
  }

  private Set<String> done() {
    Set<String> done = new HashSet<>(shared);
    done.addAll(received);
    return done;
  }

  private static String subscribedQueue(SnsClient sns, SqsClient sqs, String topicArn) {
    String url =
        sqs.createQueue(
                request ->
                    request
                        .queueName("dispatch")
                        .attributes(Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "15")))
            .queueUrl();
    sns.subscribe(
        request ->
            request
                .topicArn(topicArn)
                .protocol("sqs")
                .endpoint("arn:aws:sqs:eu-central-1:000000000000:dispatch")
                .attributes(Map.of("RawMessageDelivery", "true")));
    return url;
  }

  private static void lockFor(SluiceProcess sluice, Duration duration) throws Exception {
    ConfigEntry lock =
        new ConfigEntry("share.record.lock.duration.ms", Long.toString(duration.toMillis()));
    try (Admin admin = sluice.admin()) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.GROUP, "dispatch"),
                  List.of(new AlterConfigOp(lock, AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
  }

  private static void produce(SluiceProcess sluice) throws Exception {
    try (KafkaProducer<String, String> producer = sluice.producer()) {
      List<Future<?>> sent = new ArrayList<>();
      for (int i = 0; i < ORDERS; i++) {
        sent.add(producer.send(new ProducerRecord<>("orders", "k" + i, "order-" + i)));
      }
      for (Future<?> each : sent) {
        each.get();
      }
    }
  }

  private static KafkaShareConsumer<String, String> member(SluiceProcess sluice) {
    return new KafkaShareConsumer<>(
        Map.of(
            CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
            sluice.process().kafka(),
            CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG,
            200,
            "group.id",
            "dispatch",
            "share.acknowledgement.mode",
            "explicit",
            "share.acquire.mode",
            "record_limit",
            "max.poll.records",
            10),
        new StringDeserializer(),
        new StringDeserializer());
  }

  /** Both work until so many orders are done with. */
  private void work(
      SqsClient sqs, String url, KafkaShareConsumer<String, String> consumer, int until) {
    long deadline = System.nanoTime() + BOUND.toNanos();
    while (shared.size() + received.size() < until) {
      assertTrue(System.nanoTime() < deadline, () -> done().size() + " are done");
      share(consumer);
      if (!shared.isEmpty()) {
        receive(sqs, url);
      }
    }
  }

  private void share(KafkaShareConsumer<String, String> consumer) {
    List<Taken> pending = new ArrayList<>();
    for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
      consumer.acknowledge(record, AcknowledgeType.ACCEPT);
      pending.add(new Taken(record.topic(), record.partition(), record.value()));
    }
    Set<String> failed = new HashSet<>();
    consumer
        .commitSync()
        .forEach(
            (partition, error) -> {
              if (error.isPresent()) {
                failed.add(partition.topic() + partition.partition());
              }
            });
    for (Taken each : pending) {
      if (!failed.contains(each.topic() + each.partition())) {
        shared.add(each.value());
      }
    }
  }

  private void receive(SqsClient sqs, String url) {
    List<Message> messages =
        sqs.receiveMessage(request -> request.queueUrl(url).maxNumberOfMessages(10)).messages();
    for (Message message : messages) {
      sqs.deleteMessage(request -> request.queueUrl(url).receiptHandle(message.receiptHandle()));
      received.add(message.body());
    }
  }
}
