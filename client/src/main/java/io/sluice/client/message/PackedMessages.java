package io.sluice.client.message;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.TreeMap;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;

/**
 * Many records as one message: a batch in Kafka's own format, compressed, in base64, of which the
 * attribute {@value #FORMAT} says {@value #BATCH}. Its {@code MessageGroupId} is the number of the
 * partition.
 */
public final class PackedMessages {

  /** The attribute that says how a message is to be read. */
  static final String FORMAT = "sluice.format";

  /** What it says of a packed message. */
  static final String BATCH = "batch";

  /** What the attribute adds to the size of a message, as Amazon counts it. */
  private static final int ATTRIBUTE_BYTES =
      FORMAT.length() + Attribute.STRING.length() + BATCH.length();

  private PackedMessages() {}

  /**
   * Packs records into as few messages as hold them, in their order.
   *
   * @param records at least one
   * @param maxBytes how large a message may be, its attribute included
   * @throws org.apache.kafka.common.errors.RecordTooLargeException one of them alone is larger
   */
  public static List<PlainMessage> write(
      int partition, List<SimpleRecord> records, Compression compression, int maxBytes) {
    MemoryRecords batch =
        MemoryRecords.withRecords(compression, records.toArray(SimpleRecord[]::new));
    String body = Base64.getEncoder().encodeToString(bytes(batch.buffer()));
    if (body.length() + ATTRIBUTE_BYTES <= maxBytes) {
      TreeMap<String, Attribute> attributes = new TreeMap<>();
      attributes.put(FORMAT, Attribute.text(BATCH));
      return List.of(new PlainMessage(body, Integer.toString(partition), attributes));
    }
    if (records.size() == 1) {
      throw new org.apache.kafka.common.errors.RecordTooLargeException(
          "The record is "
              + (body.length() + ATTRIBUTE_BYTES)
              + " bytes as a message, which is more than the service takes: "
              + maxBytes);
    }
    List<PlainMessage> messages = new ArrayList<>();
    int half = records.size() / 2;
    messages.addAll(write(partition, records.subList(0, half), compression, maxBytes));
    messages.addAll(write(partition, records.subList(half, records.size()), compression, maxBytes));
    return messages;
  }

  /** Whether the message says that it is packed. */
  public static boolean isPacked(PlainMessage message) {
    return Attribute.text(BATCH).equals(message.attributes().get(FORMAT));
  }

  /**
   * The records of a packed message, in their order.
   *
   * @throws UnreadableMessageException it is none, or was damaged on its way
   */
  public static List<Record> read(PlainMessage message) {
    if (!isPacked(message)) {
      throw new UnreadableMessageException(
          "the message does not say that it is a batch of records");
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(message.body());
      List<Record> records = new ArrayList<>();
      for (MutableRecordBatch batch :
          MemoryRecords.readableRecords(ByteBuffer.wrap(bytes)).batches()) {
        batch.ensureValid();
        batch.forEach(records::add);
      }
      if (records.isEmpty()) {
        throw new UnreadableMessageException("the message is a batch without records");
      }
      return records;
    } catch (IllegalArgumentException | BufferUnderflowException | KafkaException e) {
      throw e instanceof UnreadableMessageException known
          ? known
          : new UnreadableMessageException(
              "the message is no batch of records: " + e.getMessage(), e);
    }
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
