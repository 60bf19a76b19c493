package io.sluice.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/** What is particular of Sluice in a process. */
class SluiceTest {

  private static final int WAIT_SECONDS = 20;

  @TempDir Path folder;

  @Test
  void a_folder_is_kept_and_found_again() {
    EmbeddedOptions options = EmbeddedOptions.in(folder.resolve("data"));
    try (Sluice sluice = Sluice.embedded(options)) {
      send(sluice, "kept");
    }

    try (Sluice sluice = Sluice.embedded(options)) {
      assertEquals(List.of("kept"), receive(sluice, 0));
    }
  }

  @Test
  void a_temporary_folder_goes() throws IOException {
    Set<Path> before = temporaryFolders();
    Sluice sluice = Sluice.embedded();
    send(sluice, "gone");
    Set<Path> added = temporaryFolders();
    added.removeAll(before);
    sluice.close();

    assertFalse(added.isEmpty());
    added.removeIf(Files::notExists);
    // Another test's may be among them.
    assertTrue(added.stream().noneMatch(path -> Files.exists(path.resolve("queue.orders-0"))));
  }

  private static Set<Path> temporaryFolders() throws IOException {
    try (Stream<Path> entries = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return entries
          .filter(path -> path.getFileName().toString().startsWith("sluice-"))
          .collect(Collectors.toSet());
    }
  }

  @Test
  void two_know_nothing_of_each_other() {
    try (Sluice one = Sluice.embedded();
        Sluice other = Sluice.embedded()) {
      send(one, "one");

      assertEquals(List.of(), other.sqs().listQueues().queueUrls());
    }
  }

  @Test
  void account_and_region_are_in_what_is_named() {
    EmbeddedOptions options =
        EmbeddedOptions.temporary().withAccountId("123456789012").withRegion("eu-west-1");
    try (Sluice sluice = Sluice.embedded(options)) {
      assertEquals(
          "arn:aws:sns:eu-west-1:123456789012:orders",
          sluice.sns().createTopic(r -> r.name("orders")).topicArn());
      assertEquals(
          "http://localhost:4566/123456789012/orders",
          sluice.sqs().createQueue(r -> r.queueName("orders")).queueUrl());
      assertEquals("123456789012", sluice.sts().getCallerIdentity().account());
    }
  }

  @Test
  void a_wait_ends_when_time_is_moved_over_the_delay() throws Exception {
    try (Sluice sluice = Sluice.embedded()) {
      String queue = sluice.sqs().createQueue(r -> r.queueName("orders")).queueUrl();
      sluice.sqs().sendMessage(r -> r.queueUrl(queue).messageBody("late").delaySeconds(900));
      CompletableFuture<List<String>> waiting =
          CompletableFuture.supplyAsync(() -> receive(sluice, WAIT_SECONDS));

      sluice.advance(Duration.ofMinutes(15));

      assertEquals(List.of("late"), waiting.get(WAIT_SECONDS / 2, TimeUnit.SECONDS));
    }
  }

  @Test
  void messages_are_taken_and_kept_however_far_time_was_moved() throws Exception {
    try (Sluice sluice = Sluice.embedded()) {
      String queue = sluice.sqs().createQueue(r -> r.queueName("orders")).queueUrl();
      String topic = sluice.sns().createTopic(r -> r.name("sales")).topicArn();
      sluice.advance(Duration.ofDays(2));

      sluice.sqs().sendMessage(r -> r.queueUrl(queue).messageBody("later"));
      sluice.sns().publish(r -> r.topicArn(topic).message("later"));

      assertEquals(List.of("later"), receive(sluice, WAIT_SECONDS));
    }
  }

  @Test
  void closing_ends_a_wait_and_refuses_later_calls() throws Exception {
    Sluice sluice = Sluice.embedded();
    sluice.sqs().createQueue(r -> r.queueName("orders"));
    CompletableFuture<List<String>> waiting =
        CompletableFuture.supplyAsync(() -> receive(sluice, WAIT_SECONDS));

    sluice.close();

    assertEquals(
        List.of(),
        waiting.exceptionally(ended -> List.of()).get(WAIT_SECONDS / 2, TimeUnit.SECONDS));
    assertThrows(SdkException.class, () -> receive(sluice, 0));
    assertThrows(IllegalStateException.class, sluice::endpoint);
    assertThrows(IllegalStateException.class, sluice::bootstrapServers);
  }

  @Test
  void a_caller_who_is_interrupted_harms_nobody() throws Exception {
    try (Sluice sluice = Sluice.embedded()) {
      sluice.sqs().createQueue(r -> r.queueName("orders"));
      CompletableFuture<Throwable> thrown = new CompletableFuture<>();
      CountDownLatch started = new CountDownLatch(1);
      Thread worker =
          Thread.ofPlatform()
              .start(
                  () -> {
                    started.countDown();
                    thrown.complete(
                        assertThrows(AbortedException.class, () -> receive(sluice, WAIT_SECONDS)));
                  });
      started.await();

      worker.interrupt();

      assertEquals(AbortedException.class, thrown.get(10, TimeUnit.SECONDS).getClass());
      send(sluice, "next");
      assertEquals(List.of("next"), receive(sluice, 0));
    }
  }

  @Test
  void nothing_listens_until_it_is_asked_for() throws Exception {
    try (Sluice sluice = Sluice.embedded()) {
      String before = sluice.sqs().createQueue(r -> r.queueName("orders")).queueUrl();

      var endpoint = sluice.endpoint();

      assertEquals("http://localhost:4566/000000000000/orders", before);
      assertEquals(endpoint + "/000000000000/orders", url(sluice.sqs()));
      assertEquals(endpoint, sluice.endpoint());
      try (Socket socket = new Socket(endpoint.getHost(), endpoint.getPort());
          SqsClient sqs = Door.HTTP.sqs(sluice)) {
        assertTrue(socket.isConnected());
        assertEquals(endpoint + "/000000000000/orders", url(sqs));
      }
    }
  }

  private static String url(SqsClient sqs) {
    return sqs.getQueueUrl(r -> r.queueName("orders")).queueUrl();
  }

  @Test
  void kafka_clients_meet_on_the_same_topics() {
    try (Sluice sluice = Sluice.embedded();
        KafkaConsumer<String, String> consumer =
            new KafkaConsumer<>(
                Map.of(
                    "bootstrap.servers",
                    sluice.bootstrapServers(),
                    "auto.offset.reset",
                    "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
      String topic = sluice.sns().createTopic(r -> r.name("orders")).topicArn();
      sluice.sns().publish(r -> r.topicArn(topic).message("first").messageGroupId("customer"));

      consumer.assign(List.of(new TopicPartition("orders", 0)));
      var records = consumer.poll(Duration.ofSeconds(WAIT_SECONDS));

      assertEquals(1, records.count());
      assertEquals("customer", records.iterator().next().key());
      assertEquals("first", records.iterator().next().value());
    }
  }

  @Test
  void a_clock_of_the_callers_own_is_heeded() {
    var then = java.time.Instant.parse("2020-01-31T12:00:00Z");
    try (Sluice sluice = Sluice.embedded(EmbeddedOptions.temporary().withClock(() -> then))) {
      String queue = sluice.sqs().createQueue(r -> r.queueName("orders")).queueUrl();

      Map<String, String> attributes =
          sluice
              .sqs()
              .getQueueAttributes(
                  r -> r.queueUrl(queue).attributeNamesWithStrings("CreatedTimestamp"))
              .attributesAsStrings();

      assertEquals(Map.of("CreatedTimestamp", Long.toString(then.getEpochSecond())), attributes);
    }
  }

  private static void send(Sluice sluice, String body) {
    String queue = sluice.sqs().createQueue(r -> r.queueName("orders")).queueUrl();
    sluice.sqs().sendMessage(r -> r.queueUrl(queue).messageBody(body));
  }

  private static List<String> receive(Sluice sluice, int waitSeconds) {
    return sluice
        .sqs()
        .receiveMessage(r -> r.queueUrl("orders").waitTimeSeconds(waitSeconds))
        .messages()
        .stream()
        .map(Message::body)
        .toList();
  }
}
