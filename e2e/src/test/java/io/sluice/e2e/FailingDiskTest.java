package io.sluice.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** A disk that is full, or fails, under a real server with unmodified clients. */
class FailingDiskTest {

  private static final String KILOBYTES = "x".repeat(20_000);

  @TempDir Path folder;

  private TracedDisk disk;

  @BeforeEach
  void compile() throws Exception {
    disk = TracedDisk.in(folder);
  }

  private SluiceProcess start() {
    return SluiceProcess.under(
        disk.environment(folder.resolve("data"), false), folder, "--disk-reserve-bytes", "4194304");
  }

  private static HttpResponse<String> health(SluiceProcess sluice) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      URI healthz = URI.create(sluice.process().admin() + "/healthz");
      return http.send(
          HttpRequest.newBuilder(healthz).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  private static SqsClient impatient(SluiceProcess sluice) {
    return sluice
        .configured(SqsClient.builder())
        .overrideConfiguration(o -> o.retryStrategy(r -> r.maxAttempts(1)))
        .build();
  }

  @Test
  void a_full_disk_refuses_writes_and_nothing_else_until_it_has_room() throws Exception {
    disk.room(24L << 20);
    try (SluiceProcess sluice = start();
        SqsClient sqs = impatient(sluice);
        KafkaProducer<String, String> producer = sluice.producer()) {
      await().until(() -> Files.exists(sluice.data().resolve("reserve")));
      String url = sqs.createQueue(request -> request.queueName("work")).queueUrl();
      Set<String> produced = new TreeSet<>(List.of("first"));
      producer.send(new ProducerRecord<>("orders", "first")).get();
      int sent = 0;
      SqsException full = null;
      while (full == null) {
        try {
          String body = sent + " " + KILOBYTES;
          sqs.sendMessage(request -> request.queueUrl(url).messageBody(body));
          sent++;
        } catch (SqsException e) {
          full = e;
        }
      }
      assertEquals("ServiceUnavailable", full.awsErrorDetails().errorCode());
      assertEquals(503, full.statusCode());
      // Somebody else takes what is left.
      disk.room(0);
      Future<RecordMetadata> waits = producer.send(new ProducerRecord<>("orders", "waits"));
      produced.add("waits");

      int deleted = 0;
      while (deleted < 50) {
        for (Message message :
            sqs.receiveMessage(request -> request.queueUrl(url).maxNumberOfMessages(10))
                .messages()) {
          sqs.deleteMessage(r -> r.queueUrl(url).receiptHandle(message.receiptHandle()));
          deleted++;
        }
      }
      assertEquals(Set.of("first"), read(sluice, 1));
      assertEquals(503, health(sluice).statusCode());
      assertEquals("the disk of " + sluice.data() + " is full\n", health(sluice).body());

      disk.room(64L << 20);
      waits.get();
      await().until(() -> health(sluice).statusCode() == 200);
      sqs.sendMessage(request -> request.queueUrl(url).messageBody("last"));
      assertEquals(produced, read(sluice, 2));
      assertEquals(sent + 1 - deleted, count(sqs, url));
      assertEquals(1, linesWith(sluice, "SEVERE"), () -> log(sluice));

      disk.well();
      sluice.killAndRestart();
      assertEquals(produced, read(sluice, 2));
    }
  }

  @Test
  void a_failed_flush_takes_a_partition_offline_until_a_restart() throws Exception {
    try (SluiceProcess sluice = start()) {
      List<String> acknowledged = new ArrayList<>();
      try (KafkaProducer<String, String> producer =
          new KafkaProducer<>(
              Map.of(
                  CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                  sluice.process().kafka(),
                  ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                  3_000,
                  CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG,
                  2_000),
              new StringSerializer(),
              new StringSerializer())) {
        for (int i = 0; i < 10; i++) {
          producer.send(new ProducerRecord<>("orders", "order " + i)).get();
          acknowledged.add("order " + i);
        }
        disk.failFlush(1);
        assertThrows(
            ExecutionException.class,
            () -> producer.send(new ProducerRecord<>("orders", "lost")).get());
        producer.send(new ProducerRecord<>("others", "served")).get();
      }
      HttpResponse<String> red = health(sluice);
      assertEquals(503, red.statusCode());
      assertTrue(red.body().startsWith("flush of orders-0 failed"), red.body());
      assertEquals(1, linesWith(sluice, "SEVERE"), () -> log(sluice));

      disk.well();
      sluice.killAndRestart();
      assertEquals(200, health(sluice).statusCode());
      assertTrue(read(sluice, 10).containsAll(acknowledged));
    }
  }

  @Test
  void writes_that_end_early_and_a_read_that_fails_lose_nothing() throws Exception {
    disk.shortWrites();
    try (SluiceProcess sluice = start();
        KafkaProducer<String, String> producer = sluice.producer()) {
      Set<String> produced = new TreeSet<>();
      for (int i = 0; i < 200; i++) {
        produced.add("order " + i);
        producer.send(new ProducerRecord<>("orders", "order " + i)).get();
      }
      disk.failRead(3);
      assertEquals(produced, read(sluice, 200));
      disk.well();
      sluice.killAndRestart();
      assertEquals(produced, read(sluice, 200), () -> log(sluice));
      assertEquals(200, health(sluice).statusCode());
    }
  }

  private static Set<String> read(SluiceProcess sluice, int atLeast) {
    Set<String> values = new TreeSet<>();
    // Of no group: the first would create the topic of their offsets.
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of(
                CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                sluice.process().kafka(),
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest"),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.assign(List.of(new TopicPartition("orders", 0)));
      await()
          .atMost(Duration.ofMinutes(1))
          .until(
              () -> {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
                return values.size() >= atLeast;
              });
    }
    return values;
  }

  private static int count(SqsClient sqs, String url) {
    return sqs
        .getQueueAttributes(
            request ->
                request
                    .queueUrl(url)
                    .attributeNamesWithStrings(
                        "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"))
        .attributesAsStrings()
        .values()
        .stream()
        .mapToInt(Integer::parseInt)
        .sum();
  }

  private static String log(SluiceProcess sluice) {
    try {
      return Files.readString(sluice.log());
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static long linesWith(SluiceProcess sluice, String word) {
    return log(sluice).lines().filter(line -> line.contains(" " + word + " ")).count();
  }
}
