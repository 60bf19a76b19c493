package io.sluice.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/** The commands that talk to a broker, run as {@code ./sluice} runs them. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CommandsTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NO_SUCH = "no-such";

  private Server server;
  private String admin;

  @BeforeAll
  void start(@TempDir Path folder) {
    server =
        Server.start(
            Configuration.of(
                Optional.empty(),
                Map.of(),
                Map.of(
                    "data", folder.toString(),
                    "kafka-port", "0",
                    "aws-port", "0",
                    "admin-port", "0",
                    "group-initial-rebalance-delay-ms", "0")));
    admin = server.readyLine().replaceAll(".*admin=", "");
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private CommandLineRun kafka(String... arguments) {
    return kafkaWithInput("", arguments);
  }

  private CommandLineRun kafkaWithInput(String input, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--bootstrap-server=" + server.kafkaAddress().orElseThrow());
    return CommandLineRun.withInput(input, all.toArray(String[]::new));
  }

  private CommandLineRun aws(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--endpoint-url=" + server.awsEndpoint().orElseThrow());
    return CommandLineRun.of(all.toArray(String[]::new));
  }

  private SqsClient sqs() {
    return SqsClient.builder()
        .endpointOverride(URI.create(server.awsEndpoint().orElseThrow()))
        .region(Region.US_EAST_1)
        .credentialsProvider(AnonymousCredentialsProvider.create())
        .httpClientBuilder(ApacheHttpClient.builder())
        .build();
  }

  private static JsonNode json(CommandLineRun run) throws Exception {
    return JSON.readTree(run.succeeded());
  }

  @Test
  void a_topic_is_created_described_and_deleted() throws Exception {
    kafka("topics", "create", "orders", "--partitions", "3", "--config", "retention.ms=60000")
        .succeeded();

    assertTrue(kafka("topics", "list").succeeded().lines().toList().contains("orders"));
    JsonNode described = json(kafka("topics", "describe", "orders", "--json")).get(0);
    assertEquals("orders", described.get("name").asText());
    assertEquals(3, described.get("partitions").size());
    assertEquals("60000", described.get("configs").get("retention.ms").asText());
    assertTrue(
        kafka("topics", "create", "orders").failed().contains("already exists"), "created twice");
    kafka("topics", "create", "orders", "--if-not-exists").succeeded();

    kafka("topics", "delete", "orders").succeeded();
    assertTrue(kafka("topics", "delete", "orders").failed().contains("orders"));
    kafka("topics", "delete", "orders", "--if-exists").succeeded();
    assertTrue(kafka("topics", "describe", "orders").failed().contains("orders"));
  }

  @Test
  void what_is_produced_is_consumed_in_order_with_its_keys() throws Exception {
    kafka("topics", "create", "lines", "--partitions", "1").succeeded();
    kafkaWithInput("k1:one\nk2:zwei ä 漢\nk1:\n", "produce", "lines", "--key-separator", ":")
        .succeeded();

    assertEquals(
        "k1\tone\nk2\tzwei ä 漢\nk1\t\n",
        kafka("consume", "lines", "--from-beginning", "--max", "3", "--print-key").succeeded());
    JsonNode last =
        JSON.readTree(
            kafka("consume", "lines", "--from-beginning", "--max", "2", "--json")
                .succeeded()
                .lines()
                .toList()
                .getLast());
    assertEquals("zwei ä 漢", last.get("value").asText());
    assertEquals("k2", last.get("key").asText());
    assertEquals(1, last.get("offset").asLong());
  }

  @Test
  void a_line_without_its_separator_fails_by_its_number() {
    kafka("topics", "create", "separated").succeeded();
    String error =
        kafkaWithInput("a:b\nno separator\n", "produce", "separated", "--key-separator", ":")
            .failed();
    assertTrue(error.contains("line 2"), error);
  }

  @Test
  void a_group_goes_on_where_it_was_and_its_lag_is_shown() throws Exception {
    kafka("topics", "create", "lagging", "--partitions", "1").succeeded();
    kafkaWithInput("a\nb\nc\n", "produce", "lagging").succeeded();
    String[] consume = {"consume", "lagging", "--group", "metrics", "--from-beginning", "--max"};

    assertEquals("a\nb\n", kafka(with(consume, "2")).succeeded());

    JsonNode group = json(kafka("groups", "describe", "metrics", "--json")).get(0);
    JsonNode row = group.get("partitions").get(0);
    assertEquals(2, row.get("currentOffset").asLong());
    assertEquals(3, row.get("logEndOffset").asLong());
    assertEquals(1, row.get("lag").asLong());
    assertTrue(kafka("groups", "list").succeeded().contains("metrics"));
    assertTrue(kafka("groups", "describe", "metrics").succeeded().contains("lagging"));
    assertEquals("c\n", kafka(with(consume, "1")).succeeded());
    assertEquals("", kafka(with(consume, "1", "--timeout-ms", "0")).succeeded());

    kafka("groups", "delete", "metrics").succeeded();
    assertTrue(kafka("groups", "describe", "metrics").failed().contains("metrics"));
  }

  @Test
  void a_topic_is_looked_into_from_a_time_on() throws Exception {
    kafka("topics", "create", "looked-into", "--partitions", "2").succeeded();
    try (KafkaProducer<String, String> producer = producer()) {
      for (int i = 0; i < 6; i++) {
        producer.send(new ProducerRecord<>("looked-into", i % 2, 1000L * i, "k" + i, "v" + i));
      }
    }
    String[] peek = {"topics", "peek", "looked-into"};

    assertEquals("v0\nv1\nv2\nv3\nv4\nv5\n", kafka(peek).succeeded());
    assertEquals(
        "k3\tv3\nk4\tv4\n",
        kafka(with(peek, "--at", "1970-01-01T00:00:03Z", "--max", "2", "--print-key")).succeeded());
    assertEquals(
        "v3\nv5\n",
        kafka(with(peek, "--at", "1970-01-01T00:00:03Z", "--partition", "1")).succeeded());
    assertEquals("", kafka(with(peek, "--at", "2999-01-01T00:00:00Z")).succeeded());
    JsonNode first = json(kafka(with(peek, "--max", "1", "--json")));
    assertEquals("v0", first.get("value").asText());
    assertEquals(0, first.get("offset").asLong());
    assertTrue(kafka(with(peek, "--partition", "2")).failed().contains("no partition 2"));
    assertTrue(kafka(with(peek, "--at", "noon")).wronglyUsed().contains("noon"));
    assertTrue(kafka(with(peek, "--max", "0")).wronglyUsed().contains("--max"));
    assertTrue(kafka("topics", "peek", "missing").failed().contains("missing"));
  }

  private KafkaProducer<String, String> producer() {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", server.kafkaAddress().orElseThrow()),
        new StringSerializer(),
        new StringSerializer());
  }

  @Test
  void a_queue_is_looked_into_without_receiving() throws Exception {
    try (SqsClient sqs = sqs()) {
      String url = sqs.createQueue(request -> request.queueName("peeked")).queueUrl();
      sqs.sendMessage(request -> request.queueUrl(url).messageBody("one"));
      sqs.sendMessage(request -> request.queueUrl(url).messageBody("two"));
      sqs.sendMessage(request -> request.queueUrl(url).messageBody("three").delaySeconds(900));
      sqs.receiveMessage(request -> request.queueUrl(url).visibilityTimeout(600));
      String[] peek = {"queues", "peek", "peeked", "--admin-url=" + admin};

      for (int again = 0; again < 2; again++) {
        List<String> rows = CommandLineRun.of(peek).succeeded().lines().toList();
        assertEquals(4, rows.size(), rows::toString);
        assertTrue(rows.get(1).matches("in flight until \\S+ +1 +\\S+ +one"), rows.get(1));
        assertTrue(rows.get(2).matches("available +0 +\\S+ +two"), rows.get(2));
        assertTrue(rows.get(3).matches("delayed until \\S+ +0 +\\S+ +three"), rows.get(3));
      }
      JsonNode first = json(CommandLineRun.of(with(peek, "--max", "1", "--json")));
      assertEquals("in flight", first.get("state").asText());
      assertEquals(1, first.get("receiveCount").asInt());
      assertEquals("queue.peeked", first.get("topic").asText());
      assertEquals("one", first.get("value").asText());
      assertTrue(CommandLineRun.of(with(peek, "--max", "1001")).failed().contains("1 to 1000"));
    }
    assertTrue(
        CommandLineRun.of("queues", "peek", "missing", "--admin-url=" + admin)
            .failed()
            .contains("no queue missing"));
  }

  @Test
  void a_queue_is_described_rewound_and_purged() throws Exception {
    try (SqsClient sqs = sqs()) {
      String url = sqs.createQueue(request -> request.queueName("dispatch")).queueUrl();
      sqs.sendMessage(request -> request.queueUrl(url).messageBody("an order"));
      assertTrue(aws("queues", "list").succeeded().contains("dispatch"));
      JsonNode described = json(aws("queues", "describe", "dispatch", "--json"));
      assertEquals("1", described.get("attributes").get("ApproximateNumberOfMessages").asText());

      assertEquals("an order", receiveAndDelete(sqs, url).orElseThrow());
      assertEquals(Optional.empty(), receiveAndDelete(sqs, url));
      CommandLineRun.of("queues", "rewind", "dispatch", "--to", "earliest", "--admin-url=" + admin)
          .succeeded();
      assertEquals("an order", receiveAndDelete(sqs, url).orElseThrow());
      for (String to : List.of("offset:0", "queue.dispatch-0:0")) {
        CommandLineRun.of("queues", "rewind", "dispatch", "--to", to, "--admin-url=" + admin)
            .succeeded();
        assertEquals("an order", receiveAndDelete(sqs, url).orElseThrow(), to);
      }

      sqs.sendMessage(request -> request.queueUrl(url).messageBody("another"));
      aws("queues", "purge", "dispatch").succeeded();
      assertEquals(Optional.empty(), receiveAndDelete(sqs, url));
    }
  }

  private static Optional<String> receiveAndDelete(SqsClient sqs, String url) {
    List<Message> messages = sqs.receiveMessage(request -> request.queueUrl(url)).messages();
    for (Message message : messages) {
      sqs.deleteMessage(request -> request.queueUrl(url).receiptHandle(message.receiptHandle()));
    }
    return messages.stream().map(Message::body).findFirst();
  }

  @Test
  void what_does_not_exist_is_named_in_one_line() {
    List.of(
            kafka("topics", "describe", NO_SUCH),
            kafka("topics", "delete", NO_SUCH),
            kafka("groups", "describe", NO_SUCH),
            kafka("groups", "delete", NO_SUCH),
            kafka("consume", NO_SUCH, "--max", "1"))
        .forEach(run -> assertTrue(run.failed().contains(NO_SUCH), run.errors()));
    assertTrue(aws("queues", "describe", NO_SUCH).failed().contains("does not exist"));
    assertTrue(aws("queues", "purge", NO_SUCH).failed().contains("does not exist"));
    assertTrue(
        CommandLineRun.of("queues", "rewind", NO_SUCH, "--to", "earliest", "--admin-url=" + admin)
            .failed()
            .contains(NO_SUCH));
  }

  @Test
  void wrong_usage_is_one_line_and_exit_code_two() {
    List.of(
            CommandLineRun.of("topics", "create"),
            CommandLineRun.of("topics", "create", "a", "b"),
            CommandLineRun.of("topics", "creat", "a"),
            CommandLineRun.of("topics", "create", "a", "--partitions", "many"),
            CommandLineRun.of("consume", "a", "--max", "-1"),
            CommandLineRun.of("consume", "a", "--bootstrap-server", "nonsense"),
            CommandLineRun.of("produce", "a", "--key-separator", ""),
            CommandLineRun.of("queues", "list", "--endpoint-url", "nonsense"),
            CommandLineRun.of("queues", "rewind", "a"),
            CommandLineRun.of("groups", "describe"))
        .forEach(run -> assertTrue(run.wronglyUsed().startsWith("sluice: "), run.errors()));
  }

  @Test
  void nobody_at_home_is_said_at_once() {
    List.of(
            CommandLineRun.of("topics", "list", "--bootstrap-server", "127.0.0.1:1"),
            CommandLineRun.of("queues", "list", "--endpoint-url", "http://127.0.0.1:1"),
            CommandLineRun.of(
                "queues", "rewind", "a", "--to", "latest", "--admin-url", "http://127.0.0.1:1"))
        .forEach(run -> assertTrue(run.failed().contains("127.0.0.1:1"), run.errors()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "serve",
        "demo",
        "topics",
        "topics list",
        "topics create",
        "topics describe",
        "topics delete",
        "groups",
        "groups list",
        "groups describe",
        "groups delete",
        "queues",
        "queues list",
        "queues describe",
        "queues purge",
        "queues rewind",
        "queues peek",
        "topics peek",
        "produce",
        "consume"
      })
  void every_command_explains_itself(String command) {
    String[] arguments =
        Stream.concat(
                Stream.of(command.split(" ")).filter(word -> !word.isEmpty()), Stream.of("--help"))
            .toArray(String[]::new);
    String help = CommandLineRun.of(arguments).succeeded();
    assertTrue(help.startsWith(("Usage: sluice " + command).strip()), help);
  }

  private static String[] with(String[] first, String... more) {
    return Stream.concat(Stream.of(first), Stream.of(more)).toArray(String[]::new);
  }
}
