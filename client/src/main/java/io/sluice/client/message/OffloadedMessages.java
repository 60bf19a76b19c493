package io.sluice.client.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Collections;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Messages whose payload is in S3, after the convention of amazon-sqs-java-extended-client-lib and
 * amazon-sns-java-extended-client-lib: the body is a pointer, and an attribute has the size of the
 * payload.
 */
public final class OffloadedMessages {

  /** With the one that says so a message has ten, which is what SQS takes. */
  static final int MAX_ATTRIBUTES = 9;

  private static final String SIZE = "ExtendedPayloadSize";

  /** What the libraries before 2.0 wrote. */
  private static final String OLD_SIZE = "SQSLargePayloadSize";

  /** Names that no other attribute may have. */
  static final Set<String> RESERVED = Set.of(SIZE, OLD_SIZE);

  private OffloadedMessages() {}

  /** The message with a pointer in place of its body, which {@code store} has now. */
  public static PlainMessage offload(PlainMessage message, PayloadStore store) {
    S3Pointer pointer = store.store(message.body());
    NavigableMap<String, Attribute> attributes = new TreeMap<>(message.attributes());
    int bytes = message.body().getBytes(UTF_8).length;
    attributes.put(SIZE, new Attribute.Text("Number", Integer.toString(bytes)));
    return new PlainMessage(pointer.write(), message.groupId(), attributes);
  }

  /**
   * The message with its payload as body; itself when it has it already.
   *
   * @param store null: there is none
   * @throws UnreadableMessageException the payload is not there, or may not be read
   * @throws RuntimeException nobody knows; it may be there later
   */
  public static PlainMessage load(PlainMessage message, @Nullable PayloadStore store) {
    if (Collections.disjoint(RESERVED, message.attributes().keySet())) {
      return message;
    }
    Optional<S3Pointer> pointer = S3Pointer.parse(message.body());
    if (pointer.isEmpty()) {
      return message;
    }
    if (store == null) {
      throw new UnreadableMessageException(
          "its payload is in S3; s3.bucket must name " + pointer.get().bucket() + " to read it");
    }
    NavigableMap<String, Attribute> attributes = new TreeMap<>(message.attributes());
    RESERVED.forEach(attributes::remove);
    return new PlainMessage(store.load(pointer.get()), message.groupId(), attributes);
  }
}
