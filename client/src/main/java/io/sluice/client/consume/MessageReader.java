package io.sluice.client.consume;

import io.sluice.client.message.Attribute;
import io.sluice.client.message.OffloadedMessages;
import io.sluice.client.message.PackedMessages;
import io.sluice.client.message.PayloadStore;
import io.sluice.client.message.PlainMessage;
import io.sluice.client.message.PlainMessages;
import io.sluice.client.message.PlainRecord;
import io.sluice.client.message.UnreadableMessageException;
import io.sluice.client.service.SequenceNumbers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/** What a message of SQS has of records. */
final class MessageReader {

  /** What an object takes beside its content, about. */
  private static final int OVERHEAD = 200;

  private static final Pattern PARTITION = Pattern.compile("0|[1-9][0-9]{0,5}");

  private final @Nullable PayloadStore payloads;

  /**
   * Reads messages.
   *
   * @param payloads where those of offloaded ones are; null: nowhere
   */
  MessageReader(@Nullable PayloadStore payloads) {
    this.payloads = payloads;
  }

  /**
   * The message as it is held.
   *
   * @param leasedAt since when its visibility timeout runs, ns of {@link System#nanoTime}
   * @throws RuntimeException its payload cannot be had now
   */
  HeldMessage read(Source source, Message received, long leasedAt) {
    String groupId = system(received, MessageSystemAttributeName.MESSAGE_GROUP_ID);
    int partition;
    List<ReceivedRecord> records;
    PlainMessage raw = new PlainMessage(received.body(), groupId, attributes(received));
    try {
      PlainMessage message = OffloadedMessages.load(raw, payloads);
      if (source.packed() || PackedMessages.isPacked(message)) {
        partition = number(groupId);
        records = packed(received, PackedMessages.read(message));
      } else {
        PlainRecord record = PlainMessages.read(message);
        partition = partition(source, record.key(), groupId);
        records = List.of(plain(received, record));
      }
    } catch (UnreadableMessageException e) {
      // Where it would be, and where it stands among those that can be read.
      boolean packed = source.packed() || PackedMessages.isPacked(raw);
      partition =
          packed
              ? number(groupId) % source.partitions()
              : partition(source, PlainMessages.key(raw), groupId);
      records = List.of(unreadable(received, packed, e));
    }
    return new HeldMessage(
        source,
        source.partition(partition),
        groupId,
        received.receiptHandle(),
        records,
        (int) Math.min(Integer.MAX_VALUE, bytes(records)),
        leasedAt);
  }

  private static long bytes(List<ReceivedRecord> records) {
    long bytes = 0;
    for (ReceivedRecord record : records) {
      bytes += OVERHEAD + length(record.key()) + length(record.value());
      for (Header header : record.headers()) {
        bytes += OVERHEAD + length(header.value());
      }
    }
    return bytes;
  }

  private static int length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  private static @Nullable String system(Message received, MessageSystemAttributeName name) {
    // As text: the others are made of it anew each time.
    return received.attributesAsStrings().get(name.toString());
  }

  private static SortedMap<String, Attribute> attributes(Message received) {
    if (received.messageAttributes().isEmpty()) {
      return Collections.emptySortedMap();
    }
    SortedMap<String, Attribute> attributes = new TreeMap<>();
    for (Map.Entry<String, MessageAttributeValue> each : received.messageAttributes().entrySet()) {
      MessageAttributeValue value = each.getValue();
      attributes.put(
          each.getKey(),
          value.binaryValue() == null
              ? new Attribute.Text(value.dataType(), value.stringValue())
              : new Attribute.Bytes(value.dataType(), value.binaryValue().asByteArray()));
    }
    return attributes;
  }

  /** As Kafka's producers choose it by the key; without one the group id says it. */
  private static int partition(Source source, byte @Nullable [] key, @Nullable String groupId) {
    return key == null
        ? number(groupId) % source.partitions()
        : Utils.toPositive(Utils.murmur2(key)) % source.partitions();
  }

  private static int number(@Nullable String groupId) {
    return groupId != null && PARTITION.matcher(groupId).matches() ? Integer.parseInt(groupId) : 0;
  }

  private static List<ReceivedRecord> packed(Message received, List<Record> batch) {
    long first = SequenceNumbers.firstOffset(sequenceNumber(received));
    boolean counted = first != SequenceNumbers.NONE && batch.size() <= SequenceNumbers.MAX_RECORDS;
    List<ReceivedRecord> records = new ArrayList<>(batch.size());
    for (Record record : batch) {
      records.add(
          new ReceivedRecord(
              counted ? first + records.size() : HeldMessage.NO_OFFSET,
              record.timestamp(),
              TimestampType.CREATE_TIME,
              Utils.toNullableArray(record.key()),
              Utils.toNullableArray(record.value()),
              new RecordHeaders(record.headers()),
              receiveCount(received),
              null));
    }
    return records;
  }

  private static ReceivedRecord plain(Message received, PlainRecord record) {
    Headers headers = new RecordHeaders(record.headers().toArray(Header[]::new));
    return new ReceivedRecord(
        SequenceNumbers.offset(sequenceNumber(received)),
        sentAt(received),
        TimestampType.LOG_APPEND_TIME,
        record.key(),
        record.value(),
        headers,
        receiveCount(received),
        null);
  }

  private static ReceivedRecord unreadable(
      Message received, boolean packed, UnreadableMessageException reason) {
    String number = sequenceNumber(received);
    return new ReceivedRecord(
        packed ? SequenceNumbers.firstOffset(number) : SequenceNumbers.offset(number),
        sentAt(received),
        TimestampType.LOG_APPEND_TIME,
        null,
        null,
        new RecordHeaders(),
        receiveCount(received),
        new UnreadableMessageException(
            "Message " + received.messageId() + " is no record: " + reason.getMessage(), reason));
  }

  private static @Nullable String sequenceNumber(Message received) {
    return system(received, MessageSystemAttributeName.SEQUENCE_NUMBER);
  }

  private static long sentAt(Message received) {
    return number(system(received, MessageSystemAttributeName.SENT_TIMESTAMP), 18, -1);
  }

  private static short receiveCount(Message received) {
    return (short)
        number(system(received, MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT), 4, 1);
  }

  /** The number that a text of so many digits is, if it is one. */
  private static long number(@Nullable String text, int maxDigits, long otherwise) {
    if (text == null || text.isEmpty() || text.length() > maxDigits) {
      return otherwise;
    }
    long number = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return otherwise;
      }
      number = 10 * number + digit;
    }
    return number;
  }
}
