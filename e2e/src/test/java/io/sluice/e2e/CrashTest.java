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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** {@code kill -9} under load, again and again: what was acknowledged is there, for everyone. */
class CrashTest {

  private static final int ROUNDS = 3;

  /** Clients and broker need the processors. */
  private static final Duration PAUSE = Duration.ofMillis(5);

  @TempDir Path folder;

  @Test
  void nothing_acknowledged_is_missing_after_kill_nine() throws Exception {
    Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    Set<String> deleted = ConcurrentHashMap.newKeySet();
    Set<String> received = ConcurrentHashMap.newKeySet();
    try (SluiceProcess sluice = SluiceProcess.in(folder);
        SnsClient sns = sluice.sns();
        SqsClient sqs = sluice.sqs()) {
      String topicArn = sns.createTopic(request -> request.name("orders")).topicArn();
      String url = subscribedQueue(sns, sqs, topicArn);
      for (int round = 0; round < ROUNDS; round++) {
        AtomicBoolean stop = new AtomicBoolean();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          String prefix = "sns-" + round + "-" + i + "-";
          clients.add(
              Thread.ofVirtual().start(() -> publish(sns, topicArn, prefix, acknowledged, stop)));
        }
        String prefix = "kafka-" + round + "-";
        clients.add(Thread.ofVirtual().start(() -> produce(sluice, prefix, acknowledged, stop)));
        clients.add(Thread.ofVirtual().start(() -> work(sqs, url, received, deleted, stop)));
        int target = acknowledged.size() + 400;
        while (acknowledged.size() < target) {
          LockSupport.parkNanos(PAUSE.toNanos());
        }
        sluice.killAndRestart();
        stop.set(true);
        for (Thread client : clients) {
          client.join();
        }
      }

      Set<String> again = drain(sqs, url);
      Set<String> resurrected = new HashSet<>(again);
      resurrected.retainAll(deleted);
      assertEquals(Set.of(), resurrected, "deleted messages stay deleted");
      received.addAll(again);
      assertTrue(received.containsAll(acknowledged), () -> missing(acknowledged, received));
      Set<String> fromGroup = readAll(sluice, acknowledged.size());
      assertTrue(fromGroup.containsAll(acknowledged), () -> missing(acknowledged, fromGroup));
    }
  }

  private static String subscribedQueue(SnsClient sns, SqsClient sqs, String topicArn) {
    String url = sqs.createQueue(request -> request.queueName("dispatch")).queueUrl();
    String arn =
        sqs.getQueueAttributes(
                request -> request.queueUrl(url).attributeNames(QueueAttributeName.QUEUE_ARN))
            .attributes()
            .getOrDefault(QueueAttributeName.QUEUE_ARN, "none");
    sns.subscribe(
        request ->
            request
                .topicArn(topicArn)
                .protocol("sqs")
                .endpoint(arn)
                .attributes(Map.of("RawMessageDelivery", "true")));
    return url;
  }

  private static void publish(
      SnsClient sns, String topicArn, String prefix, Set<String> acknowledged, AtomicBoolean stop) {
    for (int i = 0; !stop.get(); i++) {
      String order = prefix + i;
      try {
        sns.publish(request -> request.topicArn(topicArn).message(order));
        acknowledged.add(order);
      } catch (SdkException e) {
        // Not acknowledged: it may be there or not.
        Thread.onSpinWait();
      }
    }
  }

  private static void produce(
      SluiceProcess sluice, String prefix, Set<String> acknowledged, AtomicBoolean stop) {
    try (KafkaProducer<String, String> producer = sluice.producer()) {
      for (int i = 0; !stop.get(); i++) {
        String order = prefix + i;
        producer.send(new ProducerRecord<>("orders", order)).get();
        acknowledged.add(order);
      }
    } catch (ExecutionException | KafkaException e) {
      throw new IllegalStateException("the producer gave up over a restart", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Receives and deletes; counts a message as deleted only when the deletion was acknowledged. One
   * whose deletion was cut off may be deleted or come back.
   */
  private static void work(
      SqsClient sqs, String url, Set<String> received, Set<String> deleted, AtomicBoolean stop) {
    while (!stop.get()) {
      try {
        for (Message message :
            sqs.receiveMessage(
                    request ->
                        request
                            .queueUrl(url)
                            .maxNumberOfMessages(10)
                            .waitTimeSeconds(1)
                            .visibilityTimeout(5))
                .messages()) {
          received.add(message.body());
          sqs.deleteMessage(
              request -> request.queueUrl(url).receiptHandle(message.receiptHandle()));
          deleted.add(message.body());
        }
      } catch (SdkException e) {
        // What was received and not deleted comes back after its timeout.
        Thread.onSpinWait();
      }
    }
  }

  /** Receives and deletes until the queue counts nothing, neither available nor in flight. */
  private static Set<String> drain(SqsClient sqs, String url) {
    Set<String> bodies = new HashSet<>();
    while (true) {
      List<Message> messages =
          sqs.receiveMessage(
                  request -> request.queueUrl(url).maxNumberOfMessages(10).waitTimeSeconds(2))
              .messages();
      for (Message message : messages) {
        bodies.add(message.body());
        sqs.deleteMessage(request -> request.queueUrl(url).receiptHandle(message.receiptHandle()));
      }
      if (messages.isEmpty() && left(sqs, url) == 0) {
        return bodies;
      }
    }
  }

  private static int left(SqsClient sqs, String url) {
    return sqs
        .getQueueAttributes(
            request ->
                request
                    .queueUrl(url)
                    .attributeNames(
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
        .attributes()
        .values()
        .stream()
        .mapToInt(Integer::parseInt)
        .sum();
  }

  private static Set<String> readAll(SluiceProcess sluice, int atLeast) {
    Set<String> values = new HashSet<>();
    try (KafkaConsumer<String, String> consumer = sluice.consumer("metrics", "classic")) {
      consumer.subscribe(Set.of("orders"));
      int emptyPolls = 0;
      while (values.size() < atLeast && emptyPolls < 40) {
        int before = values.size();
        consumer.poll(Duration.ofMillis(500)).forEach(record -> values.add(record.value()));
        emptyPolls = values.size() == before ? emptyPolls + 1 : 0;
      }
    }
    return values;
  }

  private static String missing(Set<String> acknowledged, Set<String> received) {
    Set<String> missing = new HashSet<>(acknowledged);
    missing.removeAll(received);
    return missing.size() + " of " + acknowledged.size() + " missing: " + missing;
  }
}
