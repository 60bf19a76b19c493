package io.sluice.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * More than a real server with a small heap can bear, from unmodified clients and from bad ones.
 */
class OverloadTest {

  private static final int HEAP_MEGABYTES = 96;
  private static final long MOST_RESIDENT_BYTES = 400_000_000;
  private static final int SENDERS = 300;
  private static final int SENT_BEFORE_THE_END = 1_500;
  private static final int SLOW_READERS = 300;
  private static final String LARGE = "x".repeat(200_000);

  @TempDir Path folder;

  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();

  @Test
  void it_stays_up_keeps_what_it_acknowledged_and_recovers() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.withHeap(HEAP_MEGABYTES, folder);
        SqsClient sqs = sluice.sqs();
        SqsClient impatient = impatient(sluice)) {
      String url = sqs.createQueue(request -> request.queueName("work")).queueUrl();
      List<Thread> senders = new ArrayList<>();
      BooleanSupplier ended = () -> acknowledged.size() >= SENT_BEFORE_THE_END;
      for (int i = 0; i < SENDERS; i++) {
        String sender = "sender" + i;
        senders.add(
            i % 3 == 0
                ? Thread.startVirtualThread(() -> produce(sluice, sender, ended))
                : Thread.startVirtualThread(() -> send(impatient, url, sender, ended)));
      }
      for (Thread each : senders) {
        each.join();
      }
      assertTrue(sluice.process().isAlive());
      long resident = sluice.process().residentBytes().orElse(0);
      assertTrue(resident < MOST_RESIDENT_BYTES, () -> resident + " bytes are resident");
      assertFalse(Files.readString(sluice.log()).contains("OutOfMemoryError"));

      Set<String> missing = new HashSet<>(acknowledged);
      readAll(sluice, missing);
      await().atMost(Duration.ofMinutes(2)).until(() -> drain(sqs, url, missing));
      assertEquals(Set.of(), missing);
    }
  }

  @Test
  void clients_that_do_not_read_cost_no_more_than_their_share() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.withHeap(HEAP_MEGABYTES, folder);
        SqsClient sqs = sluice.sqs()) {
      String large = sqs.createQueue(request -> request.queueName("large")).queueUrl();
      String work = sqs.createQueue(request -> request.queueName("work")).queueUrl();
      for (int i = 0; i < 20; i++) {
        sqs.sendMessage(request -> request.queueUrl(large).messageBody(LARGE));
      }
      URI aws = URI.create(sluice.process().aws());
      List<SocketChannel> readers = new ArrayList<>();
      for (int i = 0; i < SLOW_READERS; i++) {
        readers.add(
            RawReceive.of(aws, large, "\"MaxNumberOfMessages\":10,\"VisibilityTimeout\":0"));
      }
      sqs.sendMessage(request -> request.queueUrl(work).messageBody("small"));
      assertEquals(1, sqs.receiveMessage(request -> request.queueUrl(work)).messages().size());
      long resident = sluice.process().residentBytes().orElse(0);
      assertTrue(resident < MOST_RESIDENT_BYTES, () -> resident + " bytes are resident");
      for (SocketChannel each : readers) {
        each.close();
      }
      await()
          .until(
              () ->
                  !sqs.receiveMessage(request -> request.queueUrl(large).waitTimeSeconds(1))
                      .messages()
                      .isEmpty());
    }
  }

  private static SqsClient impatient(SluiceProcess sluice) {
    return sluice
        .configured(SqsClient.builder())
        .httpClientBuilder(Apache5HttpClient.builder().maxConnections(SENDERS))
        .overrideConfiguration(o -> o.retryStrategy(r -> r.maxAttempts(1)))
        .build();
  }

  private void send(SqsClient sqs, String url, String sender, BooleanSupplier ended) {
    for (int i = 0; !ended.getAsBoolean(); i++) {
      String id = sender + "-" + i;
      try {
        sqs.sendMessage(request -> request.queueUrl(url).messageBody(id + " " + LARGE));
        acknowledged.add(id);
      } catch (SdkException _) {
        // It may be refused.
      }
    }
  }

  private void produce(SluiceProcess sluice, String sender, BooleanSupplier ended) {
    try (KafkaProducer<String, String> producer = sluice.producer()) {
      for (int i = 0; !ended.getAsBoolean(); i++) {
        String id = sender + "-" + i;
        try {
          producer.send(new ProducerRecord<>("orders", id + " " + LARGE)).get();
          acknowledged.add(id);
        } catch (java.util.concurrent.ExecutionException _) {
          // It may be refused.
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void readAll(SluiceProcess sluice, Set<String> missing) {
    try (KafkaConsumer<String, String> consumer = sluice.consumer("readers", "classic")) {
      consumer.subscribe(List.of("orders"));
      int records = -1;
      int seen = 0;
      while (seen > records || seen == 0) {
        records = seen;
        for (var record : consumer.poll(Duration.ofSeconds(3))) {
          missing.remove(id(record.value()));
          seen++;
        }
      }
    }
  }

  /** Takes all there is; whether nothing is left. */
  private static boolean drain(SqsClient sqs, String url, Set<String> missing) {
    List<Message> messages = receive(sqs, url);
    boolean empty = messages.isEmpty();
    while (!messages.isEmpty()) {
      for (Message each : messages) {
        missing.remove(id(each.body()));
        sqs.deleteMessage(request -> request.queueUrl(url).receiptHandle(each.receiptHandle()));
      }
      messages = receive(sqs, url);
    }
    return empty;
  }

  private static List<Message> receive(SqsClient sqs, String url) {
    return sqs.receiveMessage(request -> request.queueUrl(url).maxNumberOfMessages(10)).messages();
  }

  private static String id(String body) {
    return body.substring(0, body.indexOf(' '));
  }
}
