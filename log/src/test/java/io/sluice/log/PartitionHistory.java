package io.sluice.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** A random life of one partition, compared with a {@link PartitionModel} at every step. */
final class PartitionHistory {

  private static final TopicPartition NAME = new TopicPartition("history", 0);
  private static final long RETENTION_MS = 60_000;
  private static final Map<String, String> CONFIGS =
      Map.of(
          "internal.segment.bytes", "3000",
          "index.interval.bytes", "300",
          "retention.ms", Long.toString(RETENTION_MS));
  private static final int PRODUCERS = 3;
  private static final List<ReadIsolation> ISOLATIONS = List.of(ReadIsolation.values());

  /** Kafka recognizes so many of a producer's last batches when they come again. */
  private static final int REMEMBERED_BATCHES = 5;

  /**
   * A batch that an idempotent producer sent.
   *
   * @param surelyKnown whether it must be recognized when it comes again; a snapshot of producers,
   *     from which a restart begins, has but the last batch of each
   */
  private record Sent(
      int sequence, long baseOffset, List<PartitionModel.Entry> entries, boolean surelyKnown) {
    Sent perhapsForgotten() {
      return new Sent(sequence, baseOffset, entries, false);
    }

    long endOffset() {
      return baseOffset + entries.size();
    }
  }

  private final Path folder;
  private final RandomGenerator random;
  private final List<String> trace;
  private final SteppedTime time = new SteppedTime();
  private final PartitionModel model = new PartitionModel();
  private final List<List<Sent>> producers = new ArrayList<>();
  private final List<Appended> pending = new ArrayList<>();
  private FragileDisk disk = new FragileDisk();
  private DiskLogStore store;
  private DiskPartition log;
  private int lives;
  private int values;

  PartitionHistory(Path folder, RandomGenerator random, List<String> trace) {
    this.folder = folder;
    this.random = random;
    this.trace = trace;
    for (int i = 0; i < PRODUCERS; i++) {
      producers.add(new ArrayList<>());
    }
    this.store = open();
    this.log = (DiskPartition) store.create(NAME, Uuid.randomUuid(), CONFIGS);
  }

  private DiskLogStore open() {
    return DiskLogStore.open(
        folder.resolve("life" + lives), LogStoreOptions.defaults().withClock(time), disk);
  }

  void run(int steps) throws IOException {
    try {
      for (int i = 0; i < steps; i++) {
        step();
        check();
      }
      reopen();
    } finally {
      disk.resume();
      store.close();
    }
  }

  private void step() throws IOException {
    switch (Integer.valueOf(random.nextInt(100))) {
      case Integer n when n < 20 -> appendPlain();
      case Integer n when n < 44 -> appendIdempotent(random.nextInt(PRODUCERS));
      case Integer n when n < 50 -> sendAgain(random.nextInt(PRODUCERS));
      case Integer n when n < 52 -> skipSequence(random.nextInt(PRODUCERS));
      case Integer n when n < 70 -> read();
      case Integer n when n < 73 -> readOutside();
      case Integer n when n < 80 -> find();
      case Integer n when n < 83 -> deleteRecords();
      case Integer n when n < 88 -> retain();
      case Integer n when n < 91 -> disk.stall();
      case Integer n when n < 94 -> disk.resume();
      case Integer n when n < 96 -> reopen();
      case Integer n -> crash();
    }
    settle();
  }

  private void check() {
    assertEquals(model.end(), log.endOffset());
    assertEquals(model.start(), log.startOffset());
    assertTrue(log.highWatermark() <= log.endOffset());
    model.promise(log.highWatermark());
  }

  /** Takes note of what was acknowledged; waits for all of it when the disk works. */
  private void settle() {
    if (!disk.stalled() && random.nextBoolean()) {
      pending.forEach(append -> append.durable().join());
    }
    pending.removeIf(
        append -> {
          if (append.durable().isDone()) {
            model.promise(append.lastOffset() + 1);
            assertTrue(log.highWatermark() > append.lastOffset(), "acknowledged means visible");
          }
          return append.durable().isDone();
        });
  }

  private List<PartitionModel.Entry> entries() {
    List<PartitionModel.Entry> entries = new ArrayList<>();
    for (int i = random.nextInt(1, 6); i > 0; i--) {
      // Producers' clocks differ, so timestamps are out of order.
      long timestamp = time.millis() - random.nextInt(2_000);
      entries.add(new PartitionModel.Entry(timestamp, values++ + "x".repeat(random.nextInt(200))));
    }
    time.advance(random.nextInt(1_000));
    return entries;
  }

  private static SimpleRecord[] records(List<PartitionModel.Entry> entries) {
    return entries.stream()
        .map(e -> new SimpleRecord(e.timestampMs(), e.value().getBytes(StandardCharsets.UTF_8)))
        .toArray(SimpleRecord[]::new);
  }

  private Compression compression() {
    return random.nextInt(4) == 0 ? Compression.gzip().build() : Compression.NONE;
  }

  private void appendPlain() {
    List<PartitionModel.Entry> entries = entries();
    trace.add("append " + entries.size() + " at " + model.end());
    write(MemoryRecords.withRecords(compression(), records(entries)), entries);
  }

  private void write(MemoryRecords batch, List<PartitionModel.Entry> entries) {
    Appended appended = log.append(batch, AppendSource.CLIENT);
    assertEquals(model.end(), appended.baseOffset());
    entries.forEach(model::append);
    assertEquals(model.end() - 1, appended.lastOffset());
    pending.add(appended);
  }

  private void appendIdempotent(int producer) {
    List<PartitionModel.Entry> entries = entries();
    int sequence = nextSequence(producer);
    trace.add("producer " + producer + " appends " + sequence + " at " + model.end());
    List<Sent> sent = producers.get(producer);
    sent.addLast(new Sent(sequence, model.end(), entries, true));
    write(batch(producer, sequence, entries), entries);
  }

  private int nextSequence(int producer) {
    List<Sent> sent = producers.get(producer);
    return sent.isEmpty() ? 0 : sent.getLast().sequence() + sent.getLast().entries().size();
  }

  private MemoryRecords batch(int producer, int sequence, List<PartitionModel.Entry> entries) {
    return MemoryRecords.withIdempotentRecords(
        compression(), 100 + producer, (short) 0, sequence, records(entries));
  }

  private void sendAgain(int producer) {
    List<Sent> known =
        producers.get(producer).reversed().stream()
            .limit(REMEMBERED_BATCHES)
            .filter(sent -> sent.baseOffset() >= model.start())
            .toList();
    if (known.isEmpty()) {
      return;
    }
    Sent sent = known.get(random.nextInt(known.size()));
    trace.add("producer " + producer + " repeats " + sent.sequence());
    MemoryRecords batch = batch(producer, sent.sequence(), sent.entries());
    Appended again;
    try {
      again = log.append(batch, AppendSource.CLIENT);
    } catch (OutOfOrderSequenceException e) {
      assertFalse(sent.surelyKnown(), "a batch is unknown");
      return;
    }
    assertEquals(sent.baseOffset(), again.baseOffset(), "recognized");
    assertEquals(sent.endOffset() - 1, again.lastOffset());
    pending.add(again);
  }

  private void skipSequence(int producer) {
    List<Sent> sent = producers.get(producer);
    // A producer of whom no record is left may begin with any number (KIP-360).
    if (!sent.isEmpty() && sent.getLast().baseOffset() >= model.start()) {
      MemoryRecords batch = batch(producer, nextSequence(producer) + 1, entries());
      assertThrows(OutOfOrderSequenceException.class, () -> log.append(batch, AppendSource.CLIENT));
    }
  }

  private void read() {
    ReadIsolation isolation = ISOLATIONS.get(random.nextInt(ISOLATIONS.size()));
    long offset = random.nextLong(model.start(), model.end() + 1);
    long boundBefore = bound(isolation);
    Fetched fetched =
        log.read(Math.min(offset, boundBefore), 1 + random.nextInt(4_000), true, isolation);
    long boundAfter = bound(isolation);
    long next = -1;
    for (Record record : fetched.records().records()) {
      assertTrue(next == -1 || record.offset() == next, "offsets are dense");
      assertTrue(next != -1 || record.offset() <= offset, "from the batch that contains it on");
      if (record.offset() >= model.start()) {
        model.assertRecord(record);
      }
      next = record.offset() + 1;
    }
    assertTrue(next <= boundAfter, "nothing beyond the bound");
    assertTrue(offset >= boundBefore || next > offset, "something when there is something");
  }

  private long bound(ReadIsolation isolation) {
    return isolation == ReadIsolation.LOG_END ? log.endOffset() : log.highWatermark();
  }

  private void readOutside() {
    List<Long> outside = List.of(model.start() - 1, model.end() + 1);
    for (long offset : outside) {
      assertThrows(
          OffsetOutOfRangeException.class,
          () -> log.read(offset, 1_000, true, ReadIsolation.LOG_END));
    }
  }

  private void find() {
    long timestamp = time.millis() - random.nextLong(RETENTION_MS);
    Optional<Long> found =
        log.findByTimestamp(timestamp, ReadIsolation.LOG_END).map(TimestampedOffset::offset);
    assertEquals(model.firstAtOrAfter(timestamp, model.end()), found, "at " + timestamp);
    if (model.end() > model.start()) {
      TimestampedOffset newest = log.findMaxTimestamp().orElseThrow();
      // Deleted records count, as in Apache Kafka, until their segment is gone.
      long expected =
          newest.offset() < model.start() ? newest.timestampMs() : model.greatestTimestamp();
      assertTrue(newest.timestampMs() >= model.greatestTimestamp(), "the newest");
      assertEquals(expected, newest.timestampMs());
    }
  }

  private void deleteRecords() {
    long offset = random.nextLong(model.start(), log.highWatermark() + 1);
    long start = log.deleteRecordsBefore(offset);
    trace.add("delete before " + offset + ", starts at " + start);
    assertTrue(start >= offset, "deleted");
    model.deleteBefore(offset);
    retained();
  }

  private void retain() {
    time.advance(random.nextLong(RETENTION_MS / 3));
    store.applyRetention();
    trace.add("retention to " + log.startOffset());
    retained();
  }

  /** Whatever else is gone was older than the topic keeps records. */
  private void retained() {
    long young = time.millis() - RETENTION_MS;
    model
        .deleteBefore(log.startOffset())
        .forEach((offset, entry) -> assertTrue(entry.timestampMs() < young, "kept: " + offset));
  }

  private void reopen() throws IOException {
    trace.add("close and open");
    disk.resume();
    store.close();
    pending.forEach(append -> assertTrue(append.durable().isDone(), "acknowledged at the latest"));
    pending.forEach(append -> append.durable().join());
    pending.clear();
    store = open();
    resume();
    assertEquals(model.end(), log.endOffset());
  }

  private void crash() throws IOException {
    Path before = folder.resolve("life" + lives++);
    disk.crash(before, folder.resolve("life" + lives), log, random);
    pending.clear();
    store.close();
    disk = new FragileDisk();
    store = open();
    log = (DiskPartition) store.partition(NAME).orElseThrow();
    trace.add("crash: " + log.startOffset() + " to " + log.endOffset() + " are left");
    model.crash(log.endOffset());
    for (List<Sent> sent : producers) {
      sent.removeIf(batch -> batch.baseOffset() >= model.end());
    }
    resume();
  }

  /** A reopened partition is visible to its end, and whole. */
  private void resume() {
    for (List<Sent> sent : producers) {
      if (!sent.isEmpty()) {
        Sent last = sent.removeLast();
        sent.replaceAll(Sent::perhapsForgotten);
        sent.addLast(last);
      }
    }
    log = (DiskPartition) store.partition(NAME).orElseThrow();
    store.alterConfigs(NAME.topic(), CONFIGS);
    assertEquals(model.end(), log.highWatermark());
    List<Record> all = Batches.records(log, model.start(), ReadIsolation.HIGH_WATERMARK);
    assertEquals(model.end() - model.start(), all.size());
    all.forEach(model::assertRecord);
  }
}
