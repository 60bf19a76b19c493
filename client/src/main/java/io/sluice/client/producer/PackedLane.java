package io.sluice.client.producer;

import io.sluice.client.message.PackedMessages;
import io.sluice.client.message.PlainMessage;
import io.sluice.client.publish.Lane;
import io.sluice.client.publish.MeasuredMessage;
import io.sluice.client.publish.Outgoing;
import io.sluice.client.service.Nanoseconds;
import io.sluice.client.service.SequenceNumbers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records of one partition that are many in a message, in their order. */
public final class PackedLane extends Lane {

  private static final Logger LOGGER = LoggerFactory.getLogger(PackedLane.class);

  private final int partition;
  private final boolean fifo;
  private final Messages messages;
  private final Compression compression;
  private final int maxBytes;
  private final int maxRecordBytes;
  private final long lingerNanos;
  private final Flushing flushing;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final Deque<Packed> packed = new ArrayDeque<>();
  private long waitingBytes;

  /** What is next, and since when its first record waits. */
  private record Packed(long since, Outgoing outgoing) {}

  /** How many bytes of a message came of a byte of records, lately; base64 included. */
  private double ratio = 4.0 / 3;

  /**
   * The lane of a partition, whose records wait up to {@code linger} for others.
   *
   * @param maxBytes how large a message of many records may be
   * @param maxRecordBytes how large one may be that is a single record
   */
  public PackedLane(
      int partition,
      boolean fifo,
      Messages messages,
      Compression compression,
      int maxBytes,
      int maxRecordBytes,
      Duration linger,
      Flushing flushing) {
    this.partition = partition;
    this.fifo = fifo;
    this.messages = messages;
    this.compression = compression;
    this.maxBytes = maxBytes;
    this.maxRecordBytes = maxRecordBytes;
    this.lingerNanos = Nanoseconds.of(linger);
    this.flushing = flushing;
  }

  /** Adds a record; true when with it there is enough for a message. */
  public boolean add(Waiting record) {
    waiting.add(record);
    waitingBytes += record.bytes();
    return isFull();
  }

  /** Adds a record that is a message by itself, which is {@code message}. */
  public void add(MeasuredMessage message, Waiting record) {
    while (!waiting.isEmpty()) {
      pack(some());
    }
    All told = new All(List.of(record.listener()));
    add(message, record.since(), told);
  }

  private boolean isFull() {
    return waitingBytes * ratio >= maxBytes || waiting.size() >= SequenceNumbers.MAX_RECORDS;
  }

  @Override
  protected boolean isEmpty() {
    return packed.isEmpty() && waiting.isEmpty();
  }

  @Override
  protected long readyAt() {
    if (!packed.isEmpty()) {
      return packed.getFirst().since();
    }
    long since = waiting.getFirst().since();
    return isFull() || flushing.isUrgent() ? since : since + lingerNanos;
  }

  @Override
  protected int bytes() {
    return packed.isEmpty()
        ? (int) Math.min(maxBytes, waitingBytes * ratio)
        : packed.getFirst().outgoing().bytes();
  }

  @Override
  protected Outgoing next() {
    if (packed.isEmpty()) {
      expire();
    }
    if (packed.isEmpty()) {
      pack(some());
    }
    return packed.removeFirst().outgoing();
  }

  /** Those that have waited for too long, so that they do not take others with them. */
  private void expire() {
    List<Waiting> expired = new ArrayList<>();
    while (!waiting.isEmpty() && messages.isExpired(waiting.getFirst().since())) {
      Waiting next = waiting.removeFirst();
      waitingBytes -= next.bytes();
      expired.add(next);
    }
    if (!expired.isEmpty()) {
      refuse(expired, Outgoing.expired());
    }
  }

  /** As many as a message should hold. */
  private List<Waiting> some() {
    List<Waiting> some = new ArrayList<>();
    long bytes = 0;
    while (!waiting.isEmpty()
        && some.size() < SequenceNumbers.MAX_RECORDS
        && (some.isEmpty() || (bytes + waiting.getFirst().bytes()) * ratio < maxBytes)) {
      Waiting next = waiting.removeFirst();
      bytes += next.bytes();
      some.add(next);
    }
    waitingBytes -= bytes;
    return some;
  }

  /** Packs them, by halves if need be, so that one that cannot be does not take others with it. */
  private void pack(List<Waiting> records) {
    try {
      write(records);
    } catch (RuntimeException e) {
      int half = records.size() / 2;
      if (half == 0) {
        refuse(records, e);
      } else {
        pack(records.subList(0, half));
        pack(records.subList(half, records.size()));
      }
    } catch (Error e) {
      // Such as a compression whose library cannot be loaded, which is the same for all.
      refuse(records, new KafkaException("The records could not be packed: " + e, e));
    }
  }

  private void write(List<Waiting> records) {
    List<SimpleRecord> content = records.stream().map(Waiting::record).toList();
    List<PlainMessage> written =
        PackedMessages.write(
            partition, content, compression, records.size() == 1 ? maxRecordBytes : maxBytes);
    List<Integer> counts = new ArrayList<>();
    for (PlainMessage message : written) {
      counts.add(written.size() == 1 ? records.size() : PackedMessages.read(message).size());
    }
    long bytes = records.stream().mapToLong(Waiting::bytes).sum();
    long size = written.stream().mapToLong(message -> message.body().length()).sum();
    ratio = 0.5 * ratio + 0.5 * Math.max(0.01, (double) size / bytes);
    int told = 0;
    for (int i = 0; i < counts.size(); i++) {
      List<Waiting> own = records.subList(told, told + counts.get(i));
      told += counts.get(i);
      add(MeasuredMessage.of(written.get(i)), records.get(0).since(), all(own));
    }
  }

  private void add(MeasuredMessage message, long since, All told) {
    packed.add(new Packed(since, messages.outgoing(message, fifo, since, told)));
  }

  private void refuse(List<Waiting> records, RuntimeException reason) {
    long since = records.get(0).since();
    packed.add(new Packed(since, new Outgoing.Refused(reason, all(records))));
  }

  private static All all(List<Waiting> records) {
    return new All(records.stream().map(Waiting::listener).toList());
  }

  /** Everybody whose record is in a message; one that fails keeps no other from hearing. */
  private record All(List<Outgoing.Listener> listeners) implements Outgoing.Listener {

    @Override
    public void published(@Nullable String sequenceNumber) {
      // The number is the message's, not a record's.
      tell(listener -> listener.published(null));
    }

    @Override
    public void failed(RuntimeException reason) {
      tell(listener -> listener.failed(reason));
    }

    private void tell(Consumer<Outgoing.Listener> news) {
      for (Outgoing.Listener listener : listeners) {
        try {
          news.accept(listener);
        } catch (Throwable e) {
          LOGGER.error("who published a record cannot be told what became of it", e);
        }
      }
    }
  }
}
