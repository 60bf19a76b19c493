package io.sluice.aws.message;

import static io.sluice.aws.message.RecordMapping.ESCAPE;
import static io.sluice.aws.message.RecordMapping.RESERVED;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.broker.NewRecord;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/** Writes one message as a record, see {@link RecordMapping}. */
final class MessageWriter {

  private MessageWriter() {}

  /** The body is the content's, in UTF-8. */
  static NewRecord write(MessageContent content, byte[] body) {
    if (content.attributes().isEmpty()) {
      return plain(content, body);
    }
    if (hasReserved(content)) {
      NewRecord described = described(content, body);
      if (described != null && readsAs(content, described)) {
        return described;
      }
    }
    return plain(content, body);
  }

  /** The message as it is: nothing in it means anything but itself. */
  private static NewRecord plain(MessageContent content, byte[] body) {
    return new NewRecord(
        content.groupId().map(id -> id.getBytes(UTF_8)).orElse(null),
        body,
        headers(content, content.attributes()));
  }

  /** The record that reserved attributes describe, or null when they describe none. */
  private static @Nullable NewRecord described(MessageContent content, byte[] plainBody) {
    SortedMap<String, MessageAttribute> attributes = new TreeMap<>(content.attributes());
    try {
      byte[] value = plainBody;
      String body = text(attributes.remove(RecordMapping.BODY));
      if (body != null) {
        value = body.equals(RecordMapping.BASE64) ? decode(content.body()) : new byte[0];
      }
      byte[] key = content.groupId().map(id -> id.getBytes(UTF_8)).orElse(null);
      String groupId = text(attributes.remove(RecordMapping.GROUP_ID));
      if (groupId != null) {
        key = content.groupId().map(MessageWriter::decode).orElseGet(() -> new byte[0]);
      }
      String carried = text(attributes.remove(RecordMapping.HEADERS));
      List<Header> headers = headers(content, attributes);
      if (carried != null) {
        Optional<List<Header>> others = CarriedHeaders.parse(carried);
        if (others.isEmpty()) {
          return null;
        }
        headers.addAll(others.get());
      }
      return new NewRecord(key, value, headers);
    } catch (IllegalArgumentException _) {
      return null; // not base64
    }
  }

  private static byte[] decode(String base64) {
    return Base64.getDecoder().decode(base64);
  }

  private static @Nullable String text(@Nullable MessageAttribute attribute) {
    return attribute instanceof MessageAttribute.Text(String _, String value) ? value : null;
  }

  private static boolean hasReserved(MessageContent content) {
    SortedMap<String, MessageAttribute> from = content.attributes().tailMap(RESERVED);
    return !from.isEmpty() && from.firstKey().startsWith(RESERVED);
  }

  private static boolean readsAs(MessageContent content, NewRecord record) {
    return RecordMapping.toMessage(
            record.key(),
            record.value(),
            record.headers().toArray(Header[]::new),
            RecordMapping.SQS_ATTRIBUTES)
        .equals(content);
  }

  /** What {@link MessageReader} takes it for when nothing is declared. */
  private static String impliedType(MessageAttribute attribute, byte[] value) {
    return attribute instanceof MessageAttribute.Text || MessageText.decode(value) != null
        ? MessageAttribute.STRING
        : MessageAttribute.BINARY;
  }

  private static List<Header> headers(
      MessageContent content, SortedMap<String, MessageAttribute> attributes) {
    List<Header> headers = new ArrayList<>(attributes.size() + 3);
    Map<String, String> types = new TreeMap<>();
    attributes.forEach(
        (name, attribute) -> {
          byte[] value =
              switch (attribute) {
                case MessageAttribute.Text text -> text.value().getBytes(UTF_8);
                case MessageAttribute.Bytes bytes -> bytes.value().asByteArray();
              };
          headers.add(new RecordHeader(name.startsWith(RESERVED) ? ESCAPE + name : name, value));
          if (!attribute.dataType().equals(impliedType(attribute, value))) {
            types.put(name, attribute.dataType());
          }
        });
    if (!types.isEmpty()) {
      headers.add(
          new RecordHeader(RecordMapping.TYPES, AttributeTypes.write(types).getBytes(UTF_8)));
    }
    content
        .subject()
        .ifPresent(
            text -> headers.add(new RecordHeader(RecordMapping.SUBJECT, text.getBytes(UTF_8))));
    content
        .traceHeader()
        .ifPresent(
            text ->
                headers.add(new RecordHeader(RecordMapping.TRACE_HEADER, text.getBytes(UTF_8))));
    return headers;
  }
}
