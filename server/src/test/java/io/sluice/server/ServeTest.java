package io.sluice.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code serve} as an operator sees it: a real process, its lines and its exit codes. */
@Timeout(120)
class ServeTest {

  @TempDir private Path folder;

  @Test
  void when_it_says_ready_all_three_addresses_answer() throws Exception {
    try (ServeProcess process = ServeProcess.onFreePorts(folder.resolve("deep/data"))) {
      List<String> addresses = process.addresses();

      try (Admin admin = Admin.create(Map.of("bootstrap.servers", addresses.get(0)))) {
        assertEquals(1, admin.describeCluster().nodes().get().size());
      }
      assertEquals(200, get(addresses.get(1) + "/?Action=ListQueues").statusCode());
      assertEquals(200, get(addresses.get(2) + "/healthz").statusCode());
      assertEquals("ok\n", get(addresses.get(2) + "/healthz").body());
      for (String address : addresses) {
        assertTrue(address.replace("http://", "").startsWith("127.0.0.1:"), address);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void a_signal_ends_it_with_0_while_clients_wait(String signal) throws Exception {
    try (ServeProcess process = ServeProcess.onFreePorts(folder.resolve("data"))) {
      List<String> addresses = process.addresses();
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", addresses.get(0)));
          HttpClient http = HttpClient.newHttpClient();
          Socket idle = new Socket()) {
        admin.createTopics(List.of(new NewTopic("orders", 3, (short) 1))).all().get();
        get(addresses.get(1) + "/?Action=CreateQueue&QueueName=dispatch");
        URI kafka = URI.create("kafka://" + addresses.get(0));
        idle.connect(new InetSocketAddress(kafka.getHost(), kafka.getPort()));
        CompletableFuture<HttpResponse<String>> poll =
            http.sendAsync(
                request(
                    addresses.get(1)
                        + "/000000000000/dispatch?Action=ReceiveMessage&WaitTimeSeconds=20"),
                HttpResponse.BodyHandlers.ofString());
        // The poll is on its way or waits: both must end well.
        assertEquals(200, get(addresses.get(2) + "/healthz").statusCode());

        process.signal(signal);

        ServeProcess.Ended ended = process.ended();
        assertEquals(0, ended.exitCode());
        assertEquals(List.of(), ended.output());
        assertTrue(
            ended.errors().stream().noneMatch(line -> line.contains(" SEVERE ")),
            ended.errors().toString());
        poll.handle((answer, e) -> true).join();
      }
    }
  }

  @Test
  void what_was_created_is_there_after_a_restart() throws Exception {
    Path data = folder.resolve("data");
    try (ServeProcess process = ServeProcess.onFreePorts(data);
        Admin admin = Admin.create(Map.of("bootstrap.servers", process.addresses().get(0)))) {
      admin.createTopics(List.of(new NewTopic("orders", 3, (short) 1))).all().get();
      process.signal("TERM");
      assertEquals(0, process.ended().exitCode());
    }
    try (ServeProcess process = ServeProcess.onFreePorts(data);
        Admin admin = Admin.create(Map.of("bootstrap.servers", process.addresses().get(0)))) {
      assertEquals(
          3,
          admin
              .describeTopics(List.of("orders"))
              .allTopicNames()
              .get()
              .get("orders")
              .partitions()
              .size());
    }
  }

  @Test
  void a_start_after_a_crash_says_what_was_cut_and_nothing_when_nothing_was() throws Exception {
    Path data = folder.resolve("data");
    kill(data);
    assertEquals(List.of(), kill(data));
    Path segment = data.resolve("__sluice_metadata-0/00000000000000000000.log");
    Files.writeString(segment, "torn", StandardOpenOption.APPEND);

    List<String> warnings = kill(data);

    assertEquals(1, warnings.size(), warnings.toString());
    assertTrue(
        warnings.getFirst().contains("__sluice_metadata-0 was not closed: "), warnings.toString());
    assertEquals(List.of(), kill(data));
  }

  /** Starts a server, has it write, and kills it; what it warned of. */
  private List<String> kill(Path data) throws Exception {
    try (ServeProcess process = ServeProcess.onFreePorts(data)) {
      String aws = process.addresses().get(1);
      assertEquals(200, get(aws + "/?Action=CreateQueue&QueueName=dispatch").statusCode());
      assertEquals(
          200, get(aws + "/000000000000/dispatch?Action=SendMessage&MessageBody=a").statusCode());
      process.signal("KILL");
      return process.ended().errors().stream().filter(line -> line.contains(" WARNING ")).toList();
    }
  }

  @Test
  void file_environment_and_flags_are_heeded() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("sluice.properties"),
            """
            # Flags and the environment win over these.
            kafka-port = 0
            aws-port = 1
            admin-port = 1
            account-id = 123456789012
            """);
    try (ServeProcess process =
        new ServeProcess(
            Map.of("SLUICE_AWS_PORT", "0", "SLUICE_ADMIN_PORT", "1"),
            "serve",
            "--config",
            file.toString(),
            "--admin-port",
            "0",
            "--data",
            folder.resolve("data").toString())) {
      List<String> addresses = process.addresses();

      String created = get(addresses.get(1) + "/?Action=CreateQueue&QueueName=dispatch").body();
      assertTrue(created.contains("/123456789012/dispatch<"), created);
    }
  }

  @Test
  void a_protocol_can_be_left_out() throws Exception {
    try (ServeProcess withoutKafka =
        new ServeProcess(
            Map.of("SLUICE_KAFKA_PORT", "off", "SLUICE_AWS_PORT", "0", "SLUICE_ADMIN_PORT", "0"),
            "serve",
            "--data",
            folder.resolve("queues").toString())) {
      List<String> addresses = withoutKafka.addresses();
      assertEquals("off", addresses.get(0));
      assertEquals(
          200, get(addresses.get(1) + "/?Action=CreateQueue&QueueName=dispatch").statusCode());
      assertEquals(200, get(addresses.get(2) + "/healthz").statusCode());
    }
    try (ServeProcess withoutAws =
        new ServeProcess(
            Map.of("SLUICE_KAFKA_PORT", "0", "SLUICE_AWS_PORT", "off", "SLUICE_ADMIN_PORT", "0"),
            "serve",
            "--data",
            folder.resolve("topics").toString())) {
      List<String> addresses = withoutAws.addresses();
      assertEquals("off", addresses.get(1));
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", addresses.get(0)))) {
        admin.createTopics(List.of(new NewTopic("orders", 1, (short) 1))).all().get();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--kafka-port", "--aws-port", "--admin-port"})
  void a_port_in_use_is_named(String flag) throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());

      ServeProcess.Ended ended = serve(folder.resolve("data").toString(), flag, port);

      String line = failure(1, ended);
      assertTrue(line.contains("127.0.0.1:" + port + " (" + flag + ")"), line);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-such-host.invalid", "192.0.2.1"})
  void a_host_that_is_not_of_this_machine_is_named(String host) throws Exception {
    ServeProcess.Ended ended = serve(folder.resolve("data").toString(), "--host", host);

    String line = failure(1, ended);
    assertTrue(line.contains(host), line);
  }

  @Test
  void a_data_folder_that_cannot_be_is_named() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "not a folder");
    for (String data :
        List.of(file.toString(), file.resolve("data").toString(), "/proc/sluice-data")) {
      String line = failure(1, serve(data));
      assertTrue(line.contains("data folder " + data + " "), line);
    }
    assertEquals("not a folder", Files.readString(file));
  }

  @Test
  void a_damaged_metadata_journal_is_named() throws Exception {
    Path data = folder.resolve("data");
    try (ServeProcess first = ServeProcess.onFreePorts(data)) {
      first.addresses();
      first.signal("TERM");
      first.ended();
    }
    Path segment = data.resolve("__sluice_metadata-0/00000000000000000000.log");
    byte[] bytes = Files.readAllBytes(segment);
    bytes[65] ^= 1;
    Files.write(segment, bytes);

    ServeProcess.Ended refused = serve(data.toString());

    assertEquals(1, refused.exitCode());
    String line = refused.errors().getLast();
    assertTrue(line.contains("records 0 to 0 of __sluice_metadata-0 are damaged"), line);
    assertTrue(refused.errors().size() <= 2, "what the log has found, and why it does not start");
  }

  @Test
  void a_second_process_on_the_same_folder_is_refused() throws Exception {
    Path data = folder.resolve("data");
    try (ServeProcess first = ServeProcess.onFreePorts(data)) {
      List<String> addresses = first.addresses();

      String line = failure(1, serve(data.toString()));

      assertTrue(line.contains("data folder " + data + " is used by another"), line);
      assertEquals(200, get(addresses.get(2) + "/healthz").statusCode());
    }
  }

  @Test
  void an_unknown_setting_is_wrong_usage_wherever_it_comes_from() throws Exception {
    Path file = Files.writeString(folder.resolve("sluice.properties"), "kafka-prot = 1\n");

    String flag = failure(2, ServeProcess.run(Map.of(), "serve", "--kafka-prot", "1"));
    String variable = failure(2, ServeProcess.run(Map.of("SLUICE_KAFKA_PROT", "1"), "serve"));
    String line = failure(2, ServeProcess.run(Map.of(), "serve", "--config", file.toString()));

    assertTrue(flag.contains("--kafka-prot") && flag.contains("did you mean --kafka-port?"), flag);
    assertTrue(variable.contains("SLUICE_KAFKA_PROT; did you mean kafka-port?"), variable);
    assertTrue(line.contains("kafka-prot in " + file + "; did you mean kafka-port?"), line);
  }

  private ServeProcess.Ended serve(String data, String... more) throws Exception {
    // A flag must not be given twice, so the environment says what no test says with a flag.
    return ServeProcess.run(
        Map.of("SLUICE_KAFKA_PORT", "0", "SLUICE_AWS_PORT", "0", "SLUICE_ADMIN_PORT", "0"),
        java.util.stream.Stream.concat(
                java.util.stream.Stream.of("serve", "--data", data), java.util.Arrays.stream(more))
            .toArray(String[]::new));
  }

  /** The one line that a failed start prints. */
  private static String failure(int exitCode, ServeProcess.Ended ended) {
    assertEquals(List.of(), ended.output());
    assertEquals(1, ended.errors().size(), ended.errors().toString());
    String line = ended.errors().getFirst();
    assertTrue(line.startsWith("sluice: "), line);
    assertEquals(exitCode, ended.exitCode(), line);
    return line;
  }

  private static HttpRequest request(String url) {
    return HttpRequest.newBuilder(URI.create(url)).build();
  }

  private static HttpResponse<String> get(String url) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(request(url), HttpResponse.BodyHandlers.ofString());
    }
  }
}
