package io.sluice.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is not a request costs its sender the connection and us one log line. */
class BadFramesTest {

  @TempDir static Path folder;
  private static RunningListener sluice;

  @BeforeAll
  static void start() throws IOException {
    sluice = RunningListener.in(folder);
  }

  @AfterAll
  static void stop() {
    sluice.close();
  }

  @AfterEach
  void the_listener_still_serves() throws IOException {
    try (RawClient client = connect()) {
      MetadataRequestData body = new MetadataRequestData();
      assertEquals(
          1, client.call(ApiKeys.METADATA, 12, body, MetadataResponseData.class).brokers().size());
    }
  }

  static Stream<Arguments> notRequests() {
    return Stream.of(
        Arguments.of("a length over the limit", bytes(100 * 1024 * 1024 + 1)),
        Arguments.of("the largest length", bytes(Integer.MAX_VALUE)),
        Arguments.of("a negative length", bytes(-5)),
        Arguments.of("the most negative length", bytes(Integer.MIN_VALUE)),
        Arguments.of("an empty frame", bytes(0)),
        Arguments.of("a TLS hello", new byte[] {0x16, 0x03, 0x01, 0x02, 0, 1, 0, 1, (byte) 0xfc}),
        Arguments.of("HTTP", "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.UTF_8)),
        Arguments.of(
            "garbage in a frame",
            framed("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8))),
        Arguments.of("a header that ends too early", framed(new byte[] {0, 3, 0, 12, 0})),
        Arguments.of("an unknown API", framed(header(999, 0, 1))),
        Arguments.of("a negative API", framed(header(-1, 0, 1))),
        Arguments.of("an API of controllers", framed(header(ApiKeys.VOTE.id, 0, 1))),
        Arguments.of(
            "an API that is not served", framed(header(ApiKeys.ADD_PARTITIONS_TO_TXN.id, 3, 2))),
        Arguments.of("a version that Kafka has removed", framed(header(ApiKeys.PRODUCE.id, 2, 1))),
        Arguments.of("a version to come", framed(header(ApiKeys.FETCH.id, 99, 2))),
        Arguments.of("a negative version", framed(header(ApiKeys.METADATA.id, -1, 1))),
        Arguments.of("a request without its body", framed(header(ApiKeys.METADATA.id, 9, 2))),
        Arguments.of(
            "more topics than bytes", framed(header(ApiKeys.METADATA.id, 1, 1, 0x3fffffff))),
        Arguments.of(
            "minus two topics", framed(header(ApiKeys.PRODUCE.id, 3, 1, 0xffff0001, 0, -2))),
        Arguments.of(
            "a name that is longer than the frame",
            framed(header(ApiKeys.METADATA.id, 1, 1, 1, 0x7fff7fff))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("notRequests")
  void what_is_not_a_request_is_disconnected_with_one_log_line(String what, byte[] bytes)
      throws IOException {
    try (LogLines log = new LogLines();
        RawClient client = connect()) {
      client.write(bytes);
      assertEquals(Optional.empty(), client.ends(), what);
      assertEquals(1, log.seen().size(), () -> log.seen().toString());
      assertTrue(log.seen().getFirst().contains(" is disconnected: "), log.seen().getFirst());
    }
  }

  @Test
  void what_was_asked_before_is_answered_before_the_end() throws IOException {
    try (RawClient client = connect()) {
      client.call(ApiKeys.METADATA, 12, new MetadataRequestData(), MetadataResponseData.class);
      client.write(bytes(-1));
      assertEquals(Optional.empty(), client.ends());
    }
  }

  @Test
  void a_client_that_leaves_inside_a_frame_is_no_news() throws IOException {
    try (LogLines log = new LogLines()) {
      try (RawClient client = connect()) {
        client.write(bytes(50));
        client.write(new byte[20]);
        client.socket().shutdownOutput();
        assertEquals(Optional.empty(), client.ends());
      }
      assertEquals(0, log.seen().size(), () -> log.seen().toString());
    }
  }

  @Test
  void an_unknown_version_of_api_versions_is_answered_in_version_zero() throws IOException {
    try (RawClient client = connect()) {
      client.write(framed(header(ApiKeys.API_VERSIONS.id, 99, 2)));
      ByteBuffer answer = ByteBuffer.wrap(client.readFrame());
      assertEquals(7, answer.getInt(), "correlation id");
      ApiVersionsResponseData response = new ApiVersionsResponseData();
      response.read(new org.apache.kafka.common.protocol.ByteBufferAccessor(answer), (short) 0);
      assertEquals(Errors.UNSUPPORTED_VERSION.code(), response.errorCode());
      var range = response.apiKeys().find(ApiKeys.API_VERSIONS.id);
      assertEquals(0, range.minVersion());
      assertEquals(ApiKeys.API_VERSIONS.latestVersion(), range.maxVersion());

      ApiVersionsRequestData again =
          new ApiVersionsRequestData().setClientSoftwareName("raw").setClientSoftwareVersion("1");
      client.send(ApiKeys.API_VERSIONS, range.maxVersion(), again);
      assertEquals(
          Errors.NONE.code(),
          client
              .receive(ApiKeys.API_VERSIONS, range.maxVersion(), ApiVersionsResponseData.class)
              .errorCode());
    }
  }

  @Test
  void a_client_must_name_its_software_as_kafka_wants_it() throws IOException {
    try (RawClient client = connect()) {
      ApiVersionsRequestData body =
          new ApiVersionsRequestData()
              .setClientSoftwareName("no spaces")
              .setClientSoftwareVersion("1");
      assertEquals(
          Errors.INVALID_REQUEST.code(),
          client.call(ApiKeys.API_VERSIONS, 3, body, ApiVersionsResponseData.class).errorCode());
    }
  }

  private static RawClient connect() throws IOException {
    return new RawClient(sluice.connect());
  }

  private static byte[] bytes(int length) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(length).array();
  }

  private static byte[] framed(byte[] content) {
    return ByteBuffer.allocate(Integer.BYTES + content.length)
        .putInt(content.length)
        .put(content)
        .array();
  }

  /** A request header of that header version, and then these numbers. */
  private static byte[] header(int key, int version, int headerVersion, int... then) {
    byte[] clientId = "raw".getBytes(StandardCharsets.UTF_8);
    ByteBuffer header = ByteBuffer.allocate(64);
    header.putShort((short) key).putShort((short) version).putInt(7);
    header.putShort((short) clientId.length).put(clientId);
    if (headerVersion == 2) {
      header.put((byte) 0);
    }
    for (int number : then) {
      header.putInt(number);
    }
    return java.util.Arrays.copyOf(header.array(), header.position());
  }
}
