package io.sluice.client.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PlainMessagesTest {

  @Test
  void text_travels_as_it_is() {
    PlainMessage message = written("customer-1", "hello ✓", header("colour", "red"));
    assertEquals("hello ✓", message.body());
    assertEquals("customer-1", message.groupId());
    assertEquals(Map.of("colour", Attribute.text("red")), message.attributes());
  }

  @Test
  void a_message_of_anybody_is_a_record() {
    PlainRecord record =
        PlainMessages.read(
            new PlainMessage(
                "hello",
                null,
                new TreeMap<>(
                    Map.of(
                        "count",
                        new Attribute.Text("Number", "7"),
                        "sluice.headers",
                        Attribute.text("no JSON")))));
    assertArrayEquals("hello".getBytes(UTF_8), record.value());
    assertEquals(null, record.key());
    assertEquals(List.of(header("count", "7")), record.headers());
  }

  @Test
  void every_record_comes_back_whole_in_a_message_that_amazon_takes() {
    Random random = new Random(11);
    for (int i = 0; i < 20_000; i++) {
      List<Header> headers = new ArrayList<>();
      for (int h = random.nextInt(14); h > 0; h--) {
        headers.add(new RecordHeader(name(random), bytes(random)));
      }
      PlainRecord record = new PlainRecord(bytes(random), bytes(random), headers);
      PlainMessage message = PlainMessages.write(record, "0");
      checkLegal(message);
      PlainRecord read = PlainMessages.read(message);
      assertArrayEquals(record.key(), read.key());
      assertArrayEquals(record.value(), read.value());
      assertEquals(inOrderOfNames(headers), inOrderOfNames(read.headers()));
    }
  }

  private static void checkLegal(PlainMessage message) {
    assertTrue(MessageText.isId(String.valueOf(message.groupId())), message.groupId());
    assertTrue(!message.body().isEmpty());
    assertTrue(message.attributes().size() <= 10, message.toString());
    for (String name : message.attributes().keySet()) {
      assertTrue(name.matches("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*"), name);
    }
  }

  /** Headers of different names may change places. */
  private static List<String> inOrderOfNames(List<Header> headers) {
    List<String> all = new ArrayList<>();
    for (String name : new TreeSet<>(headers.stream().map(Header::key).toList())) {
      headers.stream().filter(each -> each.key().equals(name)).forEach(h -> all.add(h.toString()));
    }
    return all;
  }

  private static String name(Random random) {
    List<String> names =
        List.of("a", "b", "c.d", "e_f", "g-h", "", ".x", "ä", "AWS.x", "sluice.body", "i j");
    return names.get(random.nextInt(names.size()))
        + (random.nextBoolean() ? random.nextInt(9) : "");
  }

  private static byte @Nullable [] bytes(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> null;
      case 1 -> new byte[0];
      case 2 -> ("text " + random.nextInt()).getBytes(UTF_8);
      case 3 -> ("word-" + random.nextInt()).getBytes(UTF_8);
      default -> {
        byte[] bytes = new byte[random.nextInt(random.nextInt(10) == 0 ? 300 : 12)];
        random.nextBytes(bytes);
        yield bytes;
      }
    };
  }

  private static PlainMessage written(String key, String value, Header... headers) {
    return PlainMessages.write(
        new PlainRecord(key.getBytes(UTF_8), value.getBytes(UTF_8), List.of(headers)), "0");
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(UTF_8));
  }
}
