package io.sluice.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Bad input from outside: the protocol's own error, one log line, and the process stays up. */
class BadInputTest {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir static Path folder;
  private static SluiceProcess sluice;

  @BeforeAll
  static void start() {
    sluice = SluiceProcess.in(folder);
  }

  @AfterAll
  static void stop() {
    sluice.close();
  }

  @AfterEach
  void the_process_still_serves_both_doors() {
    try (SqsClient sqs = sluice.sqs();
        var admin = sluice.admin()) {
      assertTrue(
          sqs.createQueue(request -> request.queueName("alive")).queueUrl().endsWith("/alive"));
      assertEquals(1, admin.describeCluster().nodes().get().size());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_negative_frame_length_closes_the_connection_with_one_log_line() throws IOException {
    closedWithOneLogLine(ByteBuffer.allocate(4).putInt(-5).array());
  }

  @Test
  void a_frame_over_the_limit_closes_the_connection_with_one_log_line() throws IOException {
    closedWithOneLogLine(ByteBuffer.allocate(4).putInt(Integer.MAX_VALUE).array());
  }

  @Test
  void a_tls_hello_closes_the_connection_with_one_log_line() throws IOException {
    closedWithOneLogLine(
        new byte[] {0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, (byte) 0xfc, 0x03, 0x03});
  }

  @Test
  void garbage_closes_the_connection_with_one_log_line() throws IOException {
    closedWithOneLogLine(
        ByteBuffer.allocate(20)
            .putInt(16)
            .put("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.UTF_8))
            .array());
  }

  @Test
  void an_unknown_version_of_api_versions_is_answered_in_version_zero() throws IOException {
    try (Socket socket = connect()) {
      byte[] clientId = "raw".getBytes(StandardCharsets.UTF_8);
      // The header ends with a count of tagged fields (KIP-482), as a client of that version sends.
      ByteBuffer request = ByteBuffer.allocate(4 + 2 + 2 + 4 + 2 + clientId.length + 1);
      request.putInt(request.capacity() - 4).putShort((short) 18).putShort((short) 99).putInt(77);
      request.putShort((short) clientId.length).put(clientId);
      socket.getOutputStream().write(request.array());
      DataInputStream response = new DataInputStream(socket.getInputStream());

      assertTrue(response.readInt() > 6);
      assertEquals(77, response.readInt(), "correlation id");
      assertEquals(Errors.UNSUPPORTED_VERSION.code(), response.readShort());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SendMessage   | {\"QueueUrl\":                                 | 400 |"
            + " SerializationException",
        "SendMessage   | {\"QueueUrl\": 5}                              | 400 |"
            + " SerializationException",
        "SendMessage   | {\"MessageBody\":\"x\"}                        | 400 | Missing",
        "NoSuchAction  | {}                                             | 400 | UnknownOperation",
        "GetQueueUrl   | {\"QueueName\":\"no-such-queue\"}              | 400 | QueueDoesNotExist",
        "CreateQueue   | {\"QueueName\":\"no spaces please\"}           | 400 | Invalid",
      })
  void bad_json_is_answered_with_amazons_error(String action, String body, int status, String error)
      throws Exception {
    HttpResponse<String> response =
        HTTP.send(
            HttpRequest.newBuilder(URI.create(sluice.process().aws()))
                .header("Content-Type", "application/x-amz-json-1.0")
                .header("X-Amz-Target", "AmazonSQS." + action)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());

    assertEquals(status, response.statusCode(), response.body());
    assertTrue(response.body().contains(error), response.body());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Action=NoSuchAction&Version=2010-03-31                              | 400 | InvalidAction",
        "Version=2010-03-31                                                  | 400 | Action",
        "Action=Publish&Version=2010-03-31&Message=x&TopicArn=nonsense       | 400 |"
            + " InvalidParameter",
        "Action=Publish&Version=2010-03-31&Message=x&TopicArn=arn:aws:sns:us-east-1:000000000000:no-such"
            + " | 404 | NotFound",
        "Action=CreateTopic&Version=2010-03-31&Name=%20                      | 400 |"
            + " InvalidParameter",
      })
  void bad_query_requests_are_answered_with_amazons_error(String form, int status, String error)
      throws Exception {
    HttpResponse<String> response =
        HTTP.send(
            HttpRequest.newBuilder(URI.create(sluice.process().aws()))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build(),
            HttpResponse.BodyHandlers.ofString());

    assertEquals(status, response.statusCode(), response.body());
    assertTrue(response.body().contains("<Code>"), response.body());
    assertTrue(response.body().contains(error), response.body());
  }

  private static void closedWithOneLogLine(byte[] bytes) throws IOException {
    long linesBefore = logLines();
    try (Socket socket = connect()) {
      socket.getOutputStream().write(bytes);
      assertTrue(isEnded(socket), "the broker closes the connection");
    }
    await().until(() -> logLines() > linesBefore);
    assertEquals(linesBefore + 1, logLines());
  }

  /** What the broker has not read when it closes, the other side sees as a reset. */
  private static boolean isEnded(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketException e) {
      return true;
    }
  }

  private static Socket connect() throws IOException {
    String[] address = sluice.process().kafka().split(":", 2);
    Socket socket = new Socket(address[0], Integer.parseInt(address[1]));
    socket.setSoTimeout(30_000);
    return socket;
  }

  private static long logLines() throws IOException {
    return Files.readString(sluice.log()).lines().count();
  }
}
