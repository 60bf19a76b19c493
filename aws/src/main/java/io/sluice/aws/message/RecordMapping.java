package io.sluice.aws.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.broker.MessageOrigin;
import io.sluice.broker.NewRecord;
import io.sluice.broker.deduplication.Deduplicator;
import io.sluice.broker.subscription.Subscription;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.internal.Record;
import org.jspecify.annotations.Nullable;

/**
 * How a record of the log looks as a message, and the other way round. Nothing is lost or mangled
 * in either direction.
 *
 * <table>
 * <caption>The mapping</caption>
 * <tr><th>record</th><th>message</th></tr>
 * <tr><td>value</td><td>the body, UTF-8. A value that is not legal text: base64, and the attribute
 *     {@value #BODY} says {@code base64}. An empty value: {@code ""}, and it says {@code empty}. A
 *     null value: {@code null}, and it says {@code null}</td></tr>
 * <tr><td>key</td><td>{@code MessageGroupId}. A key that is not legal text: base64, and the
 *     attribute {@value #GROUP_ID} says {@code base64}. An empty key: no group id, and it says
 *     {@code empty}</td></tr>
 * <tr><td>header</td><td>a message attribute: of type {@code String} when the bytes are legal text,
 *     otherwise {@code Binary}</td></tr>
 * <tr><td>header {@value #TYPES}</td><td>a JSON object: the data types that differ from that
 *     rule</td></tr>
 * <tr><td>header {@value #SUBJECT}, {@value #TRACE_HEADER}</td><td>the SNS subject and the system
 *     attribute {@code AWSTraceHeader}</td></tr>
 * <tr><td>header {@value #HTTP_BODY}, {@value #HTTPS_BODY}</td><td>nothing: what endpoints of those
 *     protocols get in place of the value ({@code MessageStructure}, Amazon's "Publish")</td></tr>
 * <tr><td>header {@value #ESCAPE}<i>NAME</i></td><td>the attribute <i>NAME</i>, when that begins
 *     with {@value #RESERVED} and says something else than this table</td></tr>
 * <tr><td>header {@value Subscription#AVAILABLE_AT_HEADER}</td><td>nothing: the broker's own, on a
 *     message that was sent with a delay</td></tr>
 * <tr><td>header {@value MessageOrigin#HEADER}</td><td>nothing here: the broker's own, on a message
 *     that it moved to or from a dead-letter queue. There it says the message's id, its {@code
 *     SentTimestamp}, {@code DeadLetterQueueSourceArn} and the counts so far</td></tr>
 * <tr><td>header {@value Deduplicator#ID_HEADER}</td><td>{@code MessageDeduplicationId}, which only
 *     FIFO queues show</td></tr>
 * <tr><td>any other header</td><td>an item of the attribute {@value #HEADERS}, a JSON array of
 *     {@code {"name", "value"}} with the value in base64 or null, in the record's order: headers
 *     whose name is no legal attribute name, is repeated, or begins with {@value #RESERVED}; those
 *     with an empty or null value; and those beyond the ten attributes that a message may
 *     have</td></tr>
 * </table>
 *
 * <p>A message that carries {@value #BODY}, {@value #GROUP_ID} or {@value #HEADERS} exactly as a
 * receiver sees them becomes the record that they describe (but for a null value, which only Kafka
 * clients can write); so an AWS client can write bytes, and forward what it received.
 */
public final class RecordMapping {

  /** Names that begin with this belong to the mapping, as headers and as attributes. */
  static final String RESERVED = "sluice.";

  /** The attribute that says what the body is when it is not the value as text. */
  public static final String BODY = "sluice.body";

  /** The attribute that says what the group id is when it is not the key as text. */
  static final String GROUP_ID = "sluice.group-id";

  /** The attribute with the headers that cannot be attributes. */
  static final String HEADERS = "sluice.headers";

  /** The header with data types. */
  static final String TYPES = "sluice.attribute-types";

  /** The header with the SNS subject. */
  static final String SUBJECT = "sluice.subject";

  /** The header with the X-Ray trace header. */
  static final String TRACE_HEADER = "sluice.trace-header";

  /** The header with what endpoints of protocol {@code http} get in place of the value. */
  public static final String HTTP_BODY = "sluice.body.http";

  /** The header with what endpoints of protocol {@code https} get in place of the value. */
  public static final String HTTPS_BODY = "sluice.body.https";

  /** Before the name of an attribute that begins with {@link #RESERVED}. */
  static final String ESCAPE = "sluice.attribute.";

  static final String BASE64 = "base64";
  static final String EMPTY = "empty";
  static final String NULL = "null";

  /** As many attributes as a message in SQS has (Amazon's "Amazon SQS message metadata"). */
  public static final int SQS_ATTRIBUTES = 10;

  /** SNS notifications carry attributes in their body, where Amazon sets no limit. */
  public static final int UNLIMITED_ATTRIBUTES = Integer.MAX_VALUE;

  private RecordMapping() {}

  /**
   * The record that a message becomes.
   *
   * @param content attributes with legal names and non-empty values
   */
  public static NewRecord toRecord(MessageContent content) {
    return toRecord(content, content.body().getBytes(UTF_8));
  }

  /**
   * The record that a message becomes.
   *
   * @param content attributes with legal names and non-empty values
   * @param body of the content, in UTF-8; belongs to the record from here on
   */
  public static NewRecord toRecord(MessageContent content, byte[] body) {
    return MessageWriter.write(content, body);
  }

  /**
   * The message that a record is.
   *
   * @param maxAttributes {@link #SQS_ATTRIBUTES} or {@link #UNLIMITED_ATTRIBUTES}
   */
  public static MessageContent toMessage(Record record, int maxAttributes) {
    return toMessage(bytes(record.key()), bytes(record.value()), record.headers(), maxAttributes);
  }

  /** The message that a record of this key, value and headers is. */
  static MessageContent toMessage(
      byte @Nullable [] key, byte @Nullable [] value, Header[] headers, int maxAttributes) {
    return new MessageReader(headers, maxAttributes).read(key, value);
  }

  /**
   * Those attributes of a record's message that have one of these names, and nothing that the
   * mapping adds.
   */
  public static SortedMap<String, MessageAttribute> attributes(Record record, Set<String> names) {
    Header[] headers = record.headers();
    return headers.length == 0
        ? Collections.emptySortedMap()
        : new MessageReader(headers, UNLIMITED_ATTRIBUTES).attributes(names);
  }

  /** A record's value as the text of its message; empty when it is no legal text. */
  public static Optional<String> body(Record record) {
    byte[] value = bytes(record.value());
    return value == null ? Optional.empty() : Optional.ofNullable(MessageText.decode(value));
  }

  private static byte @Nullable [] bytes(@Nullable ByteBuffer buffer) {
    if (buffer == null) {
      return null;
    }
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
