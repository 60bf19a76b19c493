package io.sluice.client.producer;

import io.sluice.client.publish.Outgoing;
import java.nio.ByteBuffer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * A record that waits to be published, and who hears of it.
 *
 * @param since ns of {@link System#nanoTime}
 * @param listener hears of a sequence number only when the message is the record's own
 */
public record Waiting(SimpleRecord record, long since, Outgoing.Listener listener) {

  /** About what it takes in a batch: its parts and a few bytes for their lengths. */
  public int bytes() {
    return bytes(record);
  }

  /** The same of a record that does not wait yet. */
  public static int bytes(SimpleRecord record) {
    int bytes = 16 + remaining(record.key()) + remaining(record.value());
    for (Header header : record.headers()) {
      bytes +=
          4 + Utils.utf8Length(header.key()) + (header.value() == null ? 0 : header.value().length);
    }
    return bytes;
  }

  private static int remaining(@Nullable ByteBuffer part) {
    return part == null ? 0 : part.remaining();
  }
}
