package io.sluice.aws.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.broker.NewRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkBytes;

class RecordMappingTest {

  private static final byte[] NOT_TEXT = {(byte) 0xC3, 0x28, 0x00};
  private static final String NOT_TEXT_BASE64 = "wygA";

  /** A record, and what SQS sees of it. */
  @SuppressWarnings("ArrayRecordComponent") // payload, never compared
  record Row(
      String name,
      byte @Nullable [] key,
      byte @Nullable [] value,
      List<Header> headers,
      String body,
      Optional<String> groupId,
      SortedMap<String, MessageAttribute> attributes) {

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Row> kafka_records() {
    return Stream.of(
        row(
            "text",
            "order-17",
            "hällo €\uD83D\uDE00",
            List.of(),
            "hällo €\uD83D\uDE00",
            "order-17"),
        row("no key", null, "x", List.of(), "x", null),
        row("a key with spaces", "John Smith", "x", List.of(), "x", "John Smith"),
        row(
            "a binary key",
            NOT_TEXT,
            "x".getBytes(UTF_8),
            List.of(),
            "x",
            NOT_TEXT_BASE64,
            "sluice.group-id",
            string("base64")),
        row(
            "an empty key",
            new byte[0],
            "x".getBytes(UTF_8),
            List.of(),
            "x",
            null,
            "sluice.group-id",
            string("empty")),
        row(
            "a binary value",
            null,
            NOT_TEXT,
            List.of(),
            NOT_TEXT_BASE64,
            null,
            "sluice.body",
            string("base64")),
        row(
            "text with a character that SQS refuses",
            null,
            "a\u0001b".getBytes(UTF_8),
            List.of(),
            "YQFi",
            null,
            "sluice.body",
            string("base64")),
        row(
            "a noncharacter",
            null,
            "\uFFFE".getBytes(UTF_8),
            List.of(),
            "77++",
            null,
            "sluice.body",
            string("base64")),
        row("the replacement character itself", null, "\uFFFD", List.of(), "\uFFFD", null),
        row(
            "a tombstone",
            "k".getBytes(UTF_8),
            null,
            List.of(),
            "null",
            "k",
            "sluice.body",
            string("null")),
        row(
            "an empty value",
            null,
            new byte[0],
            List.of(),
            "\"\"",
            null,
            "sluice.body",
            string("empty")),
        row(
            "text headers",
            null,
            "x".getBytes(UTF_8),
            List.of(header("b", "2"), header("a", "1")),
            "x",
            null,
            "a",
            string("1"),
            "b",
            string("2")),
        row(
            "a binary header",
            null,
            "x".getBytes(UTF_8),
            List.of(new RecordHeader("id", NOT_TEXT)),
            "x",
            null,
            "id",
            bytes("Binary", NOT_TEXT)),
        row(
            "a repeated header",
            null,
            "x".getBytes(UTF_8),
            List.of(header("a", "1"), header("b", "2"), header("a", "3")),
            "x",
            null,
            "b",
            string("2"),
            "sluice.headers",
            string("[{\"name\":\"a\",\"value\":\"MQ==\"},{\"name\":\"a\",\"value\":\"Mw==\"}]")),
        row(
            "headers that are empty, null, or named as no attribute may be",
            null,
            "x".getBytes(UTF_8),
            List.of(
                header("empty", ""),
                new RecordHeader("null", (byte @Nullable []) null),
                header("", "1"),
                header("a b", "2"),
                header("aws.trace", "3"),
                header("é\n", "4"),
                header("dot.", "5"),
                header("sluice.unknown", "6")),
            "x",
            null,
            "sluice.headers",
            string(
                "[{\"name\":\"empty\",\"value\":\"\"},{\"name\":\"null\",\"value\":null},"
                    + "{\"name\":\"\",\"value\":\"MQ==\"},{\"name\":\"a b\",\"value\":\"Mg==\"},"
                    + "{\"name\":\"aws.trace\",\"value\":\"Mw==\"},"
                    + "{\"name\":\"\\u00E9\\n\",\"value\":\"NA==\"},"
                    + "{\"name\":\"dot.\",\"value\":\"NQ==\"},"
                    + "{\"name\":\"sluice.unknown\",\"value\":\"Ng==\"}]")),
        row(
            "reserved headers that say nothing sensible",
            null,
            "x".getBytes(UTF_8),
            List.of(
                header("sluice.attribute-types", "{"),
                new RecordHeader("sluice.subject", NOT_TEXT)),
            "x",
            null,
            "sluice.headers",
            string(
                "[{\"name\":\"sluice.attribute-types\",\"value\":\"ew==\"},"
                    + "{\"name\":\"sluice.subject\",\"value\":\"wygA\"}]")),
        row(
            "a declared number",
            null,
            "x".getBytes(UTF_8),
            List.of(
                header("n", "1.5"), header("sluice.attribute-types", "{\"n\":\"Number.float\"}")),
            "x",
            null,
            "n",
            new MessageAttribute.Text("Number.float", "1.5")),
        row(
            "a declared number that is not text",
            null,
            "x".getBytes(UTF_8),
            List.of(
                new RecordHeader("n", NOT_TEXT),
                header("sluice.attribute-types", "{\"n\":\"Number\",\"gone\":\"Binary\"}")),
            "x",
            null,
            "n",
            bytes("Binary", NOT_TEXT)));
  }

  @ParameterizedTest
  @MethodSource("kafka_records")
  void a_kafka_record_reaches_sqs(Row row) {
    MessageContent seen = toMessage(row.key, row.value, row.headers);

    assertEquals(row.body, seen.body());
    assertEquals(row.groupId, seen.groupId());
    assertEquals(row.attributes, seen.attributes());
    assertTrue(MessageText.isLegal(seen.body()));
    seen.attributes()
        .forEach(
            (name, attribute) -> {
              assertTrue(AttributeNames.isLegal(name), name);
              assertTrue(AttributeTypes.isLegal(attribute.dataType()));
              if (attribute instanceof MessageAttribute.Text text) {
                assertTrue(MessageText.isLegal(text.value()));
              }
            });
  }

  @ParameterizedTest
  @MethodSource("kafka_records")
  void and_forwarded_by_an_aws_client_it_is_the_same_record(Row row) {
    if (row.value == null) {
      return; // only Kafka clients write tombstones; see a_forwarded_tombstone_looks_the_same()
    }
    NewRecord forwarded = RecordMapping.toRecord(toMessage(row.key, row.value, row.headers));

    assertArrayEquals(row.key, forwarded.key());
    assertArrayEquals(row.value, forwarded.value());
    assertEquals(
        sorted(row.headers, row.name.contains("declared number that")),
        sorted(forwarded.headers(), row.name.contains("declared number that")));
  }

  @Test
  void a_forwarded_tombstone_looks_the_same() {
    MessageContent tombstone = toMessage(new byte[] {'k'}, null, List.of());

    assertEquals(tombstone, roundTrip(tombstone));
  }

  @Test
  void the_broker_s_own_header_is_none_of_the_receiver_s() {
    Header availableAt = new RecordHeader("sluice.available-at", new byte[8]);

    assertEquals(MessageContent.of("x"), toMessage(null, new byte[] {'x'}, List.of(availableAt)));
  }

  @Test
  void where_the_broker_moved_a_message_from_is_no_attribute_unless_somebody_made_it_up() {
    String origin =
        "{\"topicId\":\"AAAAAAAAAAEAAAAAAAAAAQ\",\"partition\":0,\"offset\":7,"
            + "\"sentAt\":\"2026-01-31T12:00:00Z\"}";
    for (String value : List.of(origin, "{}")) {
      Header[] headers = {new RecordHeader("sluice.origin", value.getBytes(UTF_8))};
      MessageContent message =
          RecordMapping.toMessage(null, "x".getBytes(UTF_8), headers, RecordMapping.SQS_ATTRIBUTES);
      assertEquals(value.equals(origin), message.attributes().isEmpty(), value);
    }
  }

  @Test
  void more_headers_than_a_message_may_have_attributes_are_carried_in_one() {
    List<Header> headers = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      headers.add(header("h" + (char) ('a' + i), "v"));
    }
    MessageContent seen = toMessage(null, NOT_TEXT, headers);

    assertEquals(10, seen.attributes().size());
    assertTrue(seen.attributes().containsKey("hh"), "the first eight are attributes");
    assertEquals(
        string(
            "[{\"name\":\"hi\",\"value\":\"dg==\"},{\"name\":\"hj\",\"value\":\"dg==\"},"
                + "{\"name\":\"hk\",\"value\":\"dg==\"},{\"name\":\"hl\",\"value\":\"dg==\"}]"),
        seen.attributes().get("sluice.headers"));
    assertEquals(headers, RecordMapping.toRecord(seen).headers());
  }

  @Test
  void a_notification_has_room_for_every_header() {
    List<Header> headers = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      headers.add(header("h" + i, "v"));
    }
    MessageContent seen =
        RecordMapping.toMessage(
            null,
            new byte[] {'x'},
            headers.toArray(Header[]::new),
            RecordMapping.UNLIMITED_ATTRIBUTES);

    assertEquals(40, seen.attributes().size());
  }

  @Test
  void ten_attributes_stay_ten_attributes() {
    SortedMap<String, MessageAttribute> attributes = new TreeMap<>();
    for (int i = 0; i < 10; i++) {
      attributes.put("a" + i, i % 2 == 0 ? string("v") : new MessageAttribute.Text("Number", "1"));
    }
    MessageContent message = message("x", attributes);

    assertEquals(message, roundTrip(message));
  }

  static Stream<MessageContent> messages() {
    return Stream.of(
        MessageContent.of("x"),
        message("x", attributes("a", string("1"))),
        message("x", attributes("a", new MessageAttribute.Text("String.custom", "1"))),
        message("x", attributes("a", new MessageAttribute.Text("Number.\",{}\n", "1"))),
        message("x", attributes("a", bytes("Binary", "text after all".getBytes(UTF_8)))),
        message("x", attributes("a", bytes("Binary.gif", NOT_TEXT))),
        message("x", attributes("sluice.mine", string("1"))),
        message("x", attributes("sluice.attribute-types", string("{}"))),
        message("x", attributes("sluice.attribute.sluice.x", string("{}"))),
        message("not base64!", attributes("sluice.body", string("base64"))),
        message("eA==", attributes("sluice.body", string("base64"))),
        message("x", attributes("sluice.body", bytes("Binary", NOT_TEXT))),
        message("x", attributes("sluice.body", string("empty"))),
        message("x", attributes("sluice.headers", string("[]"))),
        message("x", attributes("sluice.headers", string("[{\"name\":\"a\",\"value\":\"MQ==\"}]"))),
        message("x", attributes("sluice.headers", string("[1]"))),
        message("x", attributes("sluice.headers", string("}"))),
        message("x", attributes("sluice.group-id", string("base64"))),
        new MessageContent(
            "x",
            Optional.of("g"),
            attributes("a", string("1")),
            Optional.of("Subject"),
            Optional.of("Root=1-5759e988-bd862e3fe1be46a994272793")));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void a_message_comes_back_as_it_was_sent(MessageContent message) {
    assertEquals(message, roundTrip(message));
  }

  @Test
  void string_attributes_are_plain_headers() {
    NewRecord record =
        RecordMapping.toRecord(
            new MessageContent(
                "body",
                Optional.of("group"),
                attributes("colour", string("grün")),
                Optional.empty(),
                Optional.empty()));

    assertArrayEquals("group".getBytes(UTF_8), record.key());
    assertArrayEquals("body".getBytes(UTF_8), record.value());
    assertEquals(List.of(header("colour", "grün")), record.headers());
  }

  @Test
  void other_types_ride_in_one_more_header() {
    NewRecord record =
        RecordMapping.toRecord(
            message("x", attributes("n", new MessageAttribute.Text("Number", "7"))));

    assertEquals(
        List.of(header("n", "7"), header("sluice.attribute-types", "{\"n\":\"Number\"}")),
        record.headers());
  }

  @Test
  void an_aws_client_can_write_bytes() {
    NewRecord record =
        RecordMapping.toRecord(
            message(NOT_TEXT_BASE64, attributes("sluice.body", string("base64"))));

    assertArrayEquals(NOT_TEXT, record.value());
    assertEquals(List.of(), record.headers());
  }

  @Test
  void random_records_lose_nothing() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    String[] names = {
      "a",
      "b",
      "c",
      "sluice.subject",
      "sluice.headers",
      "sluice.body",
      "x y",
      "",
      "sluice.attribute.sluice.body",
      "sluice.attribute.sluice.headers",
      "sluice.attribute-types"
    };
    for (int round = 0; round < 2_000; round++) {
      List<Header> headers = new ArrayList<>();
      for (int i = random.nextInt(14); i > 0; i--) {
        String name =
            random.nextBoolean() ? names[random.nextInt(names.length)] : "n" + random.nextInt(20);
        headers.add(new RecordHeader(name, randomBytes(random)));
      }
      byte[] key = randomBytes(random);
      byte[] value = randomBytes(random);
      MessageContent seen = toMessage(key, value, headers);
      assertTrue(seen.attributes().size() <= 10, "seed " + seed);
      assertEquals(seen, roundTrip(seen), "seed " + seed + ", round " + round);
    }
  }

  private static byte @Nullable [] randomBytes(Random random) {
    byte[] bytes = new byte[random.nextInt(4)];
    if (random.nextBoolean()) {
      random.nextBytes(bytes);
    } else {
      Arrays.fill(bytes, (byte) 'x');
    }
    return random.nextInt(8) == 0 ? null : bytes;
  }

  private static MessageContent roundTrip(MessageContent message) {
    NewRecord record = RecordMapping.toRecord(message);
    return toMessage(record.key(), record.value(), record.headers());
  }

  private static MessageContent toMessage(
      byte @Nullable [] key, byte @Nullable [] value, List<Header> headers) {
    return RecordMapping.toMessage(
        key, value, headers.toArray(Header[]::new), RecordMapping.SQS_ATTRIBUTES);
  }

  /** By name, since headers of different names have no order at SQS. */
  private static List<Header> sorted(List<Header> headers, boolean withoutTypes) {
    List<Header> sorted = new ArrayList<>(headers);
    if (withoutTypes) {
      sorted.removeIf(header -> header.key().equals("sluice.attribute-types"));
    }
    sorted.sort((one, other) -> one.key().compareTo(other.key()));
    return sorted;
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(UTF_8));
  }

  private static MessageAttribute string(String value) {
    return MessageAttribute.string(value);
  }

  private static MessageAttribute bytes(String type, byte[] value) {
    return new MessageAttribute.Bytes(type, SdkBytes.fromByteArray(value));
  }

  private static MessageContent message(
      String body, SortedMap<String, MessageAttribute> attributes) {
    return new MessageContent(
        body, Optional.empty(), attributes, Optional.empty(), Optional.empty());
  }

  private static SortedMap<String, MessageAttribute> attributes(Object... namesAndValues) {
    SortedMap<String, MessageAttribute> attributes = new TreeMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      attributes.put((String) namesAndValues[i], (MessageAttribute) namesAndValues[i + 1]);
    }
    return attributes;
  }

  private static Row row(
      String name,
      @Nullable String key,
      String value,
      List<Header> headers,
      String body,
      @Nullable String groupId) {
    return new Row(
        name,
        key == null ? null : key.getBytes(UTF_8),
        value.getBytes(UTF_8),
        headers,
        body,
        Optional.ofNullable(groupId),
        Collections.emptySortedMap());
  }

  private static Row row(
      String name,
      byte @Nullable [] key,
      byte @Nullable [] value,
      List<Header> headers,
      String body,
      @Nullable String groupId,
      Object... attributes) {
    return new Row(
        name, key, value, headers, body, Optional.ofNullable(groupId), attributes(attributes));
  }
}
