package io.sluice.broker;

import io.sluice.broker.deduplication.Deduplicator;
import io.sluice.broker.subscription.Subscription;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Records as they are appended to another queue: the same but for the broker's own headers. A
 * deduplication id is of the queue that it was sent to, and counts in no other (Amazon's "Learn how
 * to configure a dead-letter queue redrive in Amazon SQS").
 */
final class MovedRecords {

  private static final Set<String> BROKERS =
      Set.of(MessageOrigin.HEADER, Subscription.AVAILABLE_AT_HEADER, Deduplicator.ID_HEADER);

  private MovedRecords() {}

  /** A copy that carries this origin. */
  static NewRecord with(Record record, MessageOrigin origin) {
    List<Header> headers = foreign(record);
    headers.add(new RecordHeader(MessageOrigin.HEADER, MessageOriginCodec.encode(origin)));
    return new NewRecord(bytes(record.key()), bytes(record.value()), headers);
  }

  /** A copy that was never anywhere else. */
  static NewRecord without(Record record) {
    return new NewRecord(bytes(record.key()), bytes(record.value()), foreign(record));
  }

  private static List<Header> foreign(Record record) {
    List<Header> headers = new ArrayList<>();
    for (Header header : record.headers()) {
      if (!BROKERS.contains(header.key())) {
        headers.add(header);
      }
    }
    return headers;
  }

  private static byte @Nullable [] bytes(@Nullable ByteBuffer buffer) {
    return buffer == null ? null : Utils.toArray(buffer);
  }
}
