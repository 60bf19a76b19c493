package io.sluice.broker.deduplication;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.broker.NewRecord;
import io.sluice.broker.RecordPosition;
import io.sluice.broker.deduplication.RecentIds.Place;
import io.sluice.log.DamagedRecordsException;
import io.sluice.log.Fetched;
import io.sluice.log.PartitionLog;
import io.sluice.log.ReadIsolation;
import io.sluice.log.TimestampedOffset;
import io.sluice.log.clock.Clocks;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.Record;
import org.jspecify.annotations.Nullable;

/**
 * Appends the messages of one FIFO queue or topic once each: a message whose deduplication id was
 * sent in the last five minutes is not appended, and gets the position of the first (Amazon's
 * "Using the message deduplication ID in Amazon SQS"). The ids are in the records, so nothing else
 * has to be kept: after a restart the last five minutes of the log are read once, by the first who
 * sends.
 *
 * <p>Safe for use by many threads: a lock makes looking and appending one step, so that of two who
 * send the same at once one appends. Nobody waits for the disk to flush while holding it.
 */
public final class Deduplicator {

  /** The record header with the deduplication id, UTF-8. */
  public static final String ID_HEADER = "sluice.deduplication-id";

  /** For how long an id counts. */
  public static final Duration INTERVAL = Duration.ofMinutes(5);

  private static final int READ_BYTES = 1 << 20;

  /** Appends records in order, for each its position once it is durable. */
  public interface Appender {
    /** As {@link io.sluice.broker.Publisher#publish}. */
    List<CompletableFuture<RecordPosition>> append(List<NewRecord> records);
  }

  private final Uuid topicId;
  private final Supplier<List<PartitionLog>> partitions;
  private final DeduplicationMemory memory;
  private final Clocks clocks;
  private final ReentrantLock lock = new ReentrantLock();
  private final RecentIds recent;
  private final Map<String, CompletableFuture<RecordPosition>> underWay = new HashMap<>();

  /** Whether the ids that are known count within their group; null before any are known. */
  private @Nullable Boolean knownByGroup;

  /** Of a topic that has these partitions, which may become more. */
  public Deduplicator(
      Uuid topicId,
      Supplier<List<PartitionLog>> partitions,
      DeduplicationMemory memory,
      Clocks clocks) {
    this.topicId = topicId;
    this.partitions = partitions;
    this.memory = memory;
    this.clocks = clocks;
    this.recent = new RecentIds(memory);
  }

  /** What decides whether two messages are the same. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Identity(byte @Nullable [] group, String id) {
    /** The group id may be any bytes; its length keeps it apart from the id. */
    byte[] digest() {
      MessageDigest digest = sha256();
      if (group != null) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, group.length));
        digest.update(group);
      }
      return digest.digest(id.getBytes(UTF_8));
    }

    private static MessageDigest sha256() {
      try {
        return MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new AssertionError("every Java has SHA-256", e);
      }
    }

    boolean isOf(Record record) {
      byte[] other = idOf(record.headers());
      return other != null
          && id.equals(new String(other, UTF_8))
          && (group == null || Arrays.equals(group, bytes(record.key())));
    }
  }

  /**
   * Appends those of the records that are no duplicates, in their order.
   *
   * @param ids of the n-th record the n-th
   * @param byGroup whether an id counts within its record's key only (Amazon's {@code
   *     DeduplicationScope} and {@code FifoThroughputScope})
   * @return for each record the position of the first with its id, once that is durable
   * @throws TooManyRecentIdsException there is no memory for more ids; nothing was appended
   */
  public List<CompletableFuture<RecordPosition>> append(
      List<NewRecord> records, List<String> ids, boolean byGroup, Appender appender) {
    List<CompletableFuture<RecordPosition>> positions = new ArrayList<>(records.size());
    lock.lock();
    try {
      long now = clocks.steady().millis();
      learn(byGroup, now);
      recent.forgetBefore(now - INTERVAL.toMillis());
      memory.check();
      List<NewRecord> fresh = new ArrayList<>();
      List<Sending> sendings = new ArrayList<>();
      for (int i = 0; i < records.size(); i++) {
        NewRecord record = records.get(i);
        Identity identity = new Identity(byGroup ? key(record) : null, ids.get(i));
        byte[] digest = identity.digest();
        String name = name(digest);
        CompletableFuture<RecordPosition> same = underWay.get(name);
        Optional<RecordPosition> before =
            same == null ? find(identity, digest, now) : Optional.empty();
        if (same != null) {
          positions.add(same.thenApply(position -> position));
        } else if (before.isPresent()) {
          positions.add(CompletableFuture.completedFuture(before.get()));
        } else {
          Sending sending = new Sending(name, tag(digest), now, new CompletableFuture<>());
          underWay.put(name, sending.position());
          sendings.add(sending);
          fresh.add(withId(record, ids.get(i)));
          positions.add(sending.position());
        }
      }
      send(fresh, sendings, appender);
    } finally {
      lock.unlock();
    }
    return positions;
  }

  /** Gives the memory back: the topic is gone. */
  public void forget() {
    lock.lock();
    try {
      recent.clear();
      knownByGroup = null;
    } finally {
      lock.unlock();
    }
  }

  /** A message that is being appended; {@code now} is in ms since the epoch. */
  private record Sending(
      String name, long tag, long now, CompletableFuture<RecordPosition> position) {}

  private void send(List<NewRecord> fresh, List<Sending> sendings, Appender appender) {
    if (fresh.isEmpty()) {
      return;
    }
    List<CompletableFuture<RecordPosition>> appended;
    try {
      appended = appender.append(fresh);
    } catch (RuntimeException e) {
      sendings.forEach(sending -> underWay.remove(sending.name()));
      throw e;
    }
    for (int i = 0; i < appended.size(); i++) {
      Sending sending = sendings.get(i);
      appended.get(i).whenComplete((position, failure) -> sent(sending, position, failure));
    }
  }

  /** Called by the log's own threads. What failed may be sent again. */
  private void sent(
      Sending sending, @Nullable RecordPosition position, @Nullable Throwable failure) {
    lock.lock();
    try {
      underWay.remove(sending.name());
      if (position != null) {
        recent.add(
            sending.tag(), new Place(position.partition(), position.offset(), sending.now()));
      }
    } finally {
      lock.unlock();
    }
    if (position != null) {
      sending.position().complete(position);
    } else if (failure != null) {
      sending.position().completeExceptionally(failure);
    }
  }

  private Optional<RecordPosition> find(Identity identity, byte[] digest, long now) {
    return recent
        .find(
            tag(digest),
            place -> place.timestamp() > now - INTERVAL.toMillis() && isOf(identity, place))
        .map(place -> new RecordPosition(topicId, place.partition(), place.offset()));
  }

  /** Where retention has taken the record, the digest must do. */
  private boolean isOf(Identity identity, Place place) {
    try {
      PartitionLog log = partitions.get().get(place.partition());
      Fetched fetched = log.read(place.offset(), 1, true, ReadIsolation.HIGH_WATERMARK);
      for (Record record : fetched.records().records()) {
        if (record.offset() == place.offset()) {
          return identity.isOf(record);
        }
      }
      return true;
    } catch (ApiException _) {
      return true;
    }
  }

  /** Reads what was sent in the last five minutes, unless it is known. */
  private void learn(boolean byGroup, long now) {
    if (knownByGroup != null && knownByGroup == byGroup) {
      return;
    }
    recent.clear();
    long since = clocks.wall().millis() - INTERVAL.toMillis();
    List<PartitionLog> logs = partitions.get();
    for (int partition = 0; partition < logs.size(); partition++) {
      PartitionLog log = logs.get(partition);
      Optional<TimestampedOffset> first = log.findByTimestamp(since, ReadIsolation.HIGH_WATERMARK);
      if (first.isPresent()) {
        learn(log, partition, first.get().offset(), byGroup, now);
      }
    }
    knownByGroup = byGroup;
  }

  private void learn(PartitionLog log, int partition, long from, boolean byGroup, long now) {
    long offset = from;
    while (offset < log.highWatermark()) {
      long before = offset;
      Fetched fetched;
      try {
        fetched = log.readChecked(offset, READ_BYTES, ReadIsolation.HIGH_WATERMARK);
      } catch (DamagedRecordsException e) {
        offset = e.nextOffset();
        continue;
      }
      for (Record record : fetched.records().records()) {
        byte[] id = idOf(record.headers());
        if (record.offset() >= offset && id != null) {
          Identity identity =
              new Identity(byGroup ? bytes(record.key()) : null, new String(id, UTF_8));
          // What is from the future, since the clock was set back, counts for no longer than
          // others.
          long sent = Math.min(clocks.steadyMillis(record.timestamp()), now);
          recent.add(tag(identity.digest()), new Place(partition, record.offset(), sent));
        }
        offset = Math.max(offset, record.offset() + 1);
      }
      if (offset == before) {
        return; // nothing but what is no message
      }
    }
  }

  private static byte[] key(NewRecord record) {
    return record.key() == null ? new byte[0] : record.key();
  }

  private static byte @Nullable [] idOf(Header[] headers) {
    for (Header header : headers) {
      if (header.key().equals(ID_HEADER)) {
        return header.value();
      }
    }
    return null;
  }

  private static byte[] bytes(@Nullable ByteBuffer buffer) {
    byte[] bytes = new byte[buffer == null ? 0 : buffer.remaining()];
    if (buffer != null) {
      buffer.duplicate().get(bytes);
    }
    return bytes;
  }

  private static NewRecord withId(NewRecord record, String id) {
    List<Header> headers = new ArrayList<>(record.headers());
    headers.add(new RecordHeader(ID_HEADER, id.getBytes(UTF_8)));
    return new NewRecord(record.key(), record.value(), headers);
  }

  private static long tag(byte[] digest) {
    return ByteBuffer.wrap(digest).getLong();
  }

  private static String name(byte[] digest) {
    return new String(digest, ISO_8859_1);
  }
}
