package io.sluice.client.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;

class OffloadedMessagesTest {

  private static final S3Pointer POINTER = new S3Pointer("bucket", "key-1");

  /** Knows one payload. */
  private static final PayloadStore STORE =
      new PayloadStore() {
        @Override
        public S3Pointer store(String payload) {
          assertEquals("grüße", payload);
          return POINTER;
        }

        @Override
        public String load(S3Pointer pointer) {
          assertEquals(POINTER, pointer);
          return "grüße";
        }

        @Override
        public void close() {}
      };

  private static PlainMessage message(String body, Map<String, Attribute> attributes) {
    return new PlainMessage(body, "g", new TreeMap<>(attributes));
  }

  @Test
  void the_body_is_a_pointer_and_the_attribute_counts_bytes() {
    PlainMessage written = message("grüße", Map.of("a", Attribute.text("b")));
    PlainMessage offloaded = OffloadedMessages.offload(written, STORE);
    assertEquals(
        "[\"software.amazon.payloadoffloading.PayloadS3Pointer\","
            + "{\"s3BucketName\":\"bucket\",\"s3Key\":\"key-1\"}]",
        offloaded.body());
    assertEquals(
        Map.of("a", Attribute.text("b"), "ExtendedPayloadSize", new Attribute.Text("Number", "7")),
        offloaded.attributes());
    assertEquals(written, OffloadedMessages.load(offloaded, STORE));
  }

  @Test
  void what_older_libraries_wrote_is_read() {
    PlainMessage old =
        message(
            "[\"com.amazon.sqs.javamessaging.MessageS3Pointer\",{\"s3BucketName\":\"bucket\",\"s3Key\":\"key-1\"}]",
            Map.of("SQSLargePayloadSize", new Attribute.Text("Number", "7")));
    assertEquals(message("grüße", Map.of()), OffloadedMessages.load(old, STORE));
  }

  @Test
  void what_only_looks_like_one_is_left_alone() {
    Map<String, Attribute> size = Map.of("ExtendedPayloadSize", new Attribute.Text("Number", "7"));
    for (String body : List.of("7", "[]", "[1,2]", "{", "[\"x\",{}]", "null")) {
      assertEquals(message(body, size), OffloadedMessages.load(message(body, size), STORE), body);
    }
    String pointer = OffloadedMessages.offload(message("grüße", Map.of()), STORE).body();
    assertEquals(
        message(pointer, Map.of()), OffloadedMessages.load(message(pointer, Map.of()), STORE));
  }

  @Test
  void without_a_store_it_says_what_is_missing() {
    PlainMessage offloaded = OffloadedMessages.offload(message("grüße", Map.of()), STORE);
    UnreadableMessageException refused =
        assertThrows(
            UnreadableMessageException.class, () -> OffloadedMessages.load(offloaded, null));
    assertTrue(refused.getMessage().contains("s3.bucket"), refused.getMessage());
  }

  @Test
  void a_record_has_room_for_the_attribute_and_headers_of_that_name_survive() {
    List<Header> headers = new ArrayList<>();
    headers.add(new RecordHeader("ExtendedPayloadSize", "mine".getBytes(UTF_8)));
    for (int i = 0; i < 12; i++) {
      headers.add(new RecordHeader("h" + i, new byte[] {(byte) ('0' + i)}));
    }
    PlainRecord record = new PlainRecord(null, "grüße".getBytes(UTF_8), headers);
    PlainMessage offloaded =
        OffloadedMessages.offload(PlainMessages.writeForOffloading(record, "0"), STORE);
    assertEquals(10, offloaded.attributes().size());
    PlainRecord read = PlainMessages.read(OffloadedMessages.load(offloaded, STORE));
    assertEquals(
        new TreeMap<>(byName(headers)).toString(),
        new TreeMap<>(byName(read.headers())).toString());
    assertArrayEquals(record.value(), read.value());
  }

  private static Map<String, String> byName(List<Header> headers) {
    Map<String, String> values = new TreeMap<>();
    headers.forEach(header -> values.put(header.key(), new String(header.value(), UTF_8)));
    return values;
  }
}
