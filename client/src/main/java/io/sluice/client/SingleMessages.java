package io.sluice.client;

import io.sluice.client.message.OffloadedMessages;
import io.sluice.client.message.PackedMessages;
import io.sluice.client.message.PayloadStore;
import io.sluice.client.message.PlainMessage;
import io.sluice.client.message.PlainMessages;
import io.sluice.client.message.PlainRecord;
import io.sluice.client.publish.MeasuredMessage;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;

/**
 * Makes the messages of records that are one by themselves: all of a plain topic, and of a packed
 * one those that are too large and go to a store. Safe for use by many threads.
 */
final class SingleMessages implements AutoCloseable {

  /** What a pointer and its attribute take at most. */
  private static final int POINTER_BYTES = 512;

  /** What a batch takes beside its record. */
  private static final long BATCH_BYTES = 100;

  private final int maxBytes;
  private final Compression compression;
  private final @Nullable PayloadStore store;

  /**
   * Makes them.
   *
   * @param maxBytes how large a message may be, as Amazon counts it
   * @param store null: what is larger is refused
   */
  SingleMessages(int maxBytes, Compression compression, @Nullable PayloadStore store) {
    this.maxBytes = maxBytes;
    this.compression = compression;
    this.store = store;
  }

  /**
   * The message of a record of a plain topic, whose payload is in the store when it had to be.
   *
   * @throws RecordTooLargeException it is larger than a message may be
   */
  MeasuredMessage plain(TopicDescription topic, int partition, PlainRecord record) {
    String spread = Integer.toString(partition);
    MeasuredMessage message = MeasuredMessage.of(PlainMessages.write(record, spread));
    if (message.bytes() <= maxBytes) {
      return message;
    }
    if (store != null) {
      PlainMessage roomy = PlainMessages.writeForOffloading(record, spread);
      PlainMessage rest = new PlainMessage("", roomy.groupId(), roomy.attributes());
      if (MeasuredMessage.of(rest).bytes() + POINTER_BYTES <= maxBytes) {
        return MeasuredMessage.of(OffloadedMessages.offload(roomy, store));
      }
    }
    throw new RecordTooLargeException(
        "The record is "
            + message.bytes()
            + " bytes as a message of "
            + topic.arn()
            + ", which is more than "
            + maxBytes);
  }

  /**
   * The message of a record of a packed topic that is too large for one and is in the store now.
   *
   * @param bytes what it takes in a batch, about
   * @return null: it is to be packed with others
   * @throws RecordTooLargeException it is larger than a message may be
   */
  @Nullable MeasuredMessage largePacked(int partition, SimpleRecord record, int bytes) {
    if ((bytes + BATCH_BYTES) * 4 / 3 <= maxBytes) {
      return null;
    }
    // Compressed it may be small enough; without a store it must be.
    PlainMessage message =
        PackedMessages.write(
                partition,
                List.of(record),
                compression,
                store == null ? maxBytes : Integer.MAX_VALUE)
            .get(0);
    return store == null || MeasuredMessage.of(message).bytes() <= maxBytes
        ? null
        : MeasuredMessage.of(OffloadedMessages.offload(message, store));
  }

  @Override
  public void close() {
    if (store != null) {
      store.close();
    }
  }
}
