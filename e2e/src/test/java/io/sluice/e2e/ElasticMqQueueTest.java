package io.sluice.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import io.sluice.bench.system.ElasticMq;
import io.sluice.bench.system.MissingPeerException;
import io.sluice.bench.system.RunningSystem;
import io.sluice.client.consume.HeldMessage;
import io.sluice.client.consume.InFlightMessages;
import io.sluice.client.consume.QueueReader;
import io.sluice.client.consume.Source;
import io.sluice.client.service.Backoff;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** What of the client library needs SQS only, on an SQS that is not ours: ElasticMQ. */
class ElasticMqQueueTest {

  private static final TopicPartition PARTITION = new TopicPartition("orders", 0);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static @Nullable RunningSystem elasticMq;
  private static SqsClient sqs;

  private String test;

  @BeforeAll
  static void start(@TempDir Path folder) throws InterruptedException {
    try {
      elasticMq = new ElasticMq().start(folder);
    } catch (MissingPeerException e) {
      System.out.println("SKIPPED: ElasticMQ is not there: " + e.getMessage());
      abort("ElasticMQ is not there: " + e.getMessage());
    }
    sqs =
        SqsClient.builder()
            .region(Region.US_EAST_1)
            .endpointOverride(URI.create("http://127.0.0.1:" + elasticMq.aws().orElseThrow()))
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")))
            .build();
  }

  @AfterAll
  static void stop() {
    if (elasticMq != null) {
      sqs.close();
      elasticMq.close();
    }
  }

  @BeforeEach
  void name(TestInfo info) {
    test = info.getTestMethod().orElseThrow().getName();
  }

  private Source queue(boolean fifo) {
    Map<QueueAttributeName, String> attributes = new HashMap<>();
    if (fifo) {
      attributes.put(QueueAttributeName.FIFO_QUEUE, "true");
    }
    String name = test + (fifo ? ".fifo" : "");
    String url = sqs.createQueue(r -> r.queueName(name).attributes(attributes)).queueUrl();
    return new Source("orders", false, 1, url);
  }

  private void send(Source queue, int number) {
    boolean fifo = queue.queueUrl().endsWith(".fifo");
    sqs.sendMessage(
        request ->
            request
                .queueUrl(queue.queueUrl())
                .messageBody("order " + number)
                .messageGroupId(fifo ? "customer-" + number % 3 : null)
                .messageDeduplicationId(fifo ? "id-" + number : null));
  }

  private QueueReader reader(Source queue) {
    QueueReader reader =
        new QueueReader(
            sqs,
            new QueueReader.Options(
                Duration.ofSeconds(2),
                Duration.ofMinutes(5),
                Duration.ofSeconds(1),
                100,
                1_000_000,
                new Backoff(Duration.ofMillis(10), Duration.ofMillis(100)),
                "test",
                null));
    reader.inFlight().read(List.of(PARTITION));
    reader.start(queue);
    return reader;
  }

  /** The values of so many records, committed one by one. */
  private static List<String> take(QueueReader reader, int count) throws Exception {
    List<String> values = new ArrayList<>();
    while (values.size() < count) {
      List<InFlightMessages.Next> next = reader.inFlight().next(1, PATIENCE.toNanos());
      values.add(new String(next.getFirst().record().value(), StandardCharsets.UTF_8));
      assertEquals(List.of(), reader.inFlight().given(next));
      List<HeldMessage> done = reader.inFlight().commit();
      reader.delete(done, PATIENCE).get();
    }
    return values;
  }

  private boolean isEmpty(Source queue) {
    Map<QueueAttributeName, String> attributes =
        sqs.getQueueAttributes(
                request ->
                    request.queueUrl(queue.queueUrl()).attributeNames(QueueAttributeName.ALL))
            .attributes();
    return attributes.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES).equals("0")
        && attributes
            .get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE)
            .equals("0");
  }

  @Test
  void message_groups_are_read_in_order_and_deleted() throws Exception {
    Source queue = queue(true);
    IntStream.range(0, 60).forEach(number -> send(queue, number));
    QueueReader reader = reader(queue);
    List<String> values = take(reader, 60);
    for (int customer = 0; customer < 3; customer++) {
      int own = customer;
      assertEquals(
          IntStream.range(0, 60).filter(i -> i % 3 == own).mapToObj(i -> "order " + i).toList(),
          values.stream().filter(v -> Integer.parseInt(v.substring(6)) % 3 == own).toList());
    }
    reader.close(PATIENCE, () -> {});
    assertTrue(isEmpty(queue));
  }

  @Test
  void a_standard_queue_is_read_whole() throws Exception {
    Source queue = queue(false);
    IntStream.range(0, 60).forEach(number -> send(queue, number));
    QueueReader reader = reader(queue);
    assertEquals(60, take(reader, 60).stream().distinct().count());
    reader.close(PATIENCE, () -> {});
    assertTrue(isEmpty(queue));
  }

  @Test
  void what_is_not_committed_is_held_and_comes_again_when_it_is_closed() throws Exception {
    Source queue = queue(true);
    send(queue, 0);
    QueueReader first = reader(queue);
    List<InFlightMessages.Next> next = first.inFlight().next(1, PATIENCE.toNanos());
    assertEquals(1, next.size());
    assertEquals(List.of(), first.inFlight().given(next));
    QueueReader second = reader(queue);
    // Longer than the visibility timeout, which is renewed.
    assertTrue(second.inFlight().next(1, Duration.ofSeconds(5).toNanos()).isEmpty());
    first.close(PATIENCE, () -> {});
    assertEquals(List.of("order 0"), take(second, 1));
    second.close(PATIENCE, () -> {});
  }

  @Test
  void a_queue_that_is_deleted_is_said() {
    Source queue = queue(true);
    QueueReader reader = reader(queue);
    sqs.deleteQueue(request -> request.queueUrl(queue.queueUrl()));
    await().atMost(PATIENCE).until(() -> !reader.isReceiving(queue));
    assertThrows(GroupIdNotFoundException.class, reader.inFlight()::check);
    reader.close(PATIENCE, () -> {});
  }
}
