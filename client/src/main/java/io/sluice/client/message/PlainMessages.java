package io.sluice.client.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * One record as one message that anybody can read, as a Sluice broker writes it too.
 *
 * <table>
 * <caption>The mapping</caption>
 * <tr><th>record</th><th>message</th></tr>
 * <tr><td>value</td><td>the body, UTF-8. A value that is no legal text: base64, and the attribute
 *     {@value #BODY} says {@code base64}. Empty or null: {@code ""} or {@code null}, and it says
 *     {@code empty} or {@code null}</td></tr>
 * <tr><td>key</td><td>{@code MessageGroupId}. Bytes that are no text: base64, and the attribute
 *     {@value #GROUP_ID} says {@code base64}. Text that is no legal group id, and what is too long:
 *     the SHA-256 of it, and the attribute {@value #KEY} has the key. Without a key, or with an
 *     empty one: what the producer spreads records by, and {@value #GROUP_ID} says {@code null} or
 *     {@code empty}</td></tr>
 * <tr><td>header</td><td>a message attribute, {@code String} when the bytes are legal text,
 *     otherwise {@code Binary}. Those whose name is no attribute's, is repeated or begins with
 *     {@code sluice.}, those without a value, and those for which there is no room: an item of
 *     {@value #HEADERS}, a JSON array of {@code {"name", "value"}} with the value in base64 or
 *     null</td></tr>
 * </table>
 */
public final class PlainMessages {

  /** The attribute that says what the body is when it is not the value as text. */
  static final String BODY = "sluice.body";

  /** The attribute that says what the group id is when it is not the key as text. */
  static final String GROUP_ID = "sluice.group-id";

  /** The attribute with a key that is no group id. */
  static final String KEY = "sluice.key";

  /** The attribute with the headers that cannot be attributes. */
  static final String HEADERS = "sluice.headers";

  private static final String RESERVED = "sluice.";
  private static final String BASE64 = "base64";
  private static final String EMPTY = "empty";
  private static final String NULL = "null";

  /** As many as a message in SQS has (Amazon's "Amazon SQS message metadata"). */
  private static final int MAX_ATTRIBUTES = 10;

  private static final int MAX_NAME_LENGTH = 256;

  private PlainMessages() {}

  /**
   * The message that a record becomes.
   *
   * @param spread the group id of a record without a key
   */
  public static PlainMessage write(PlainRecord record, String spread) {
    return write(record, spread, MAX_ATTRIBUTES);
  }

  /** As {@link #write(PlainRecord, String)}, with room for the attribute of an offloaded one. */
  public static PlainMessage writeForOffloading(PlainRecord record, String spread) {
    return write(record, spread, OffloadedMessages.MAX_ATTRIBUTES);
  }

  private static PlainMessage write(PlainRecord record, String spread, int maxAttributes) {
    SortedMap<String, Attribute> attributes = new TreeMap<>();
    String body = body(record.value(), attributes);
    String groupId = groupId(record.key(), spread, attributes);
    addHeaders(record.headers(), attributes, maxAttributes);
    return new PlainMessage(body, groupId, attributes);
  }

  private static String body(byte @Nullable [] value, SortedMap<String, Attribute> attributes) {
    if (value == null || value.length == 0) {
      attributes.put(BODY, Attribute.text(value == null ? NULL : EMPTY));
      return value == null ? "null" : "\"\"";
    }
    String text = MessageText.decode(value);
    if (text == null) {
      attributes.put(BODY, Attribute.text(BASE64));
      return Base64.getEncoder().encodeToString(value);
    }
    return text;
  }

  private static String groupId(
      byte @Nullable [] key, String spread, SortedMap<String, Attribute> attributes) {
    if (key == null || key.length == 0) {
      attributes.put(GROUP_ID, Attribute.text(key == null ? NULL : EMPTY));
      return spread;
    }
    String text = MessageText.decode(key);
    if (text != null && MessageText.isId(text)) {
      return text;
    }
    String encoded = Base64.getEncoder().encodeToString(key);
    if (text == null && MessageText.isId(encoded)) {
      attributes.put(GROUP_ID, Attribute.text(BASE64));
      return encoded;
    }
    attributes.put(KEY, text == null ? Attribute.bytes(key.clone()) : Attribute.text(text));
    return sha256(key);
  }

  private static String sha256(byte[] key) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  private static void addHeaders(
      List<Header> headers, SortedMap<String, Attribute> attributes, int maxAttributes) {
    if (headers.isEmpty()) {
      return;
    }
    Map<String, Integer> occurrences = new HashMap<>();
    headers.forEach(header -> occurrences.merge(header.key(), 1, Integer::sum));
    int room = maxAttributes - attributes.size();
    Map<String, Header> direct = new LinkedHashMap<>();
    for (Header header : headers) {
      if (occurrences.getOrDefault(header.key(), 0) == 1 && isAttribute(header)) {
        direct.put(header.key(), header);
      }
    }
    if (direct.size() < headers.size() || direct.size() > room) {
      List<String> names = List.copyOf(direct.keySet());
      names.subList(Math.min(names.size(), room - 1), names.size()).forEach(direct::remove);
      List<Header> carried = new ArrayList<>(headers);
      // A name among them stands there once.
      carried.removeIf(header -> direct.containsKey(header.key()));
      attributes.put(HEADERS, Attribute.text(CarriedHeaders.write(carried)));
    }
    direct.forEach((name, header) -> attributes.put(name, attribute(header.value())));
  }

  private static Attribute attribute(byte[] value) {
    String text = MessageText.decode(value);
    return text == null ? Attribute.bytes(value.clone()) : Attribute.text(text);
  }

  private static boolean isAttribute(Header header) {
    return header.value() != null && header.value().length > 0 && isName(header.key());
  }

  /**
   * Amazon's "Amazon SQS message metadata"; what begins with {@link #RESERVED} is the mapping's,
   * and two names are those of offloaded messages.
   */
  private static boolean isName(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return name.length() <= MAX_NAME_LENGTH
        && name.matches("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*")
        && !lower.startsWith("aws.")
        && !lower.startsWith("amazon.")
        && !name.startsWith(RESERVED)
        && !OffloadedMessages.RESERVED.contains(name);
  }

  /** The record that a message is, whoever wrote it. */
  public static PlainRecord read(PlainMessage message) {
    SortedMap<String, Attribute> attributes = message.attributes();
    List<Header> headers = new ArrayList<>();
    attributes.forEach(
        (name, attribute) -> {
          if (!name.startsWith(RESERVED)) {
            headers.add(new RecordHeader(name, bytes(attribute)));
          }
        });
    text(attributes, HEADERS).flatMap(CarriedHeaders::parse).ifPresent(headers::addAll);
    return new PlainRecord(key(message), value(message), headers);
  }

  private static byte @Nullable [] value(PlainMessage message) {
    byte[] body = message.body().getBytes(UTF_8);
    return switch (text(message.attributes(), BODY).orElse("")) {
      case NULL -> null;
      case EMPTY -> new byte[0];
      case BASE64 -> decode(message.body()).orElse(body);
      default -> body;
    };
  }

  /** The key of the record that a message is, even when the rest of it cannot be had. */
  public static byte @Nullable [] key(PlainMessage message) {
    Attribute key = message.attributes().get(KEY);
    if (key != null) {
      return bytes(key);
    }
    String groupId = message.groupId();
    if (groupId == null) {
      return null;
    }
    byte[] text = groupId.getBytes(UTF_8);
    return switch (text(message.attributes(), GROUP_ID).orElse("")) {
      case NULL -> null;
      case EMPTY -> new byte[0];
      case BASE64 -> decode(groupId).orElse(text);
      default -> text;
    };
  }

  private static Optional<byte[]> decode(String base64) {
    try {
      return Optional.of(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> text(SortedMap<String, Attribute> attributes, String name) {
    return attributes.get(name) instanceof Attribute.Text text
        ? Optional.of(text.value())
        : Optional.empty();
  }

  private static byte[] bytes(Attribute attribute) {
    return attribute instanceof Attribute.Text text
        ? text.value().getBytes(UTF_8)
        : ((Attribute.Bytes) attribute).value();
  }
}
