package io.sluice.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Bytes of a data folder that are not what was written: nothing is passed over silently, and what
 * is whole can be read.
 */
class DamageTest {

  private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
  private static final TopicPartition OTHER = new TopicPartition("other", 0);
  private static final int RECORDS = 60;
  private static final int SEEDS = Integer.getInteger("sluice.seeds", 60);

  /** A segment holds some ten batches, an index entry comes with every second. */
  private static final Map<String, String> CONFIGS =
      Map.of("internal.segment.bytes", "1500", "index.interval.bytes", "200");

  @TempDir Path folder;

  /** Single records of two partitions, by their offsets. */
  private Map<Long, String> written(Path into) {
    Map<Long, String> values = new TreeMap<>();
    try (DiskLogStore store = DiskLogStoreTest.open(into)) {
      PartitionLog log = store.create(ORDERS, Uuid.randomUuid(), CONFIGS);
      PartitionLog other = store.create(OTHER, Uuid.randomUuid(), CONFIGS);
      for (int i = 0; i < RECORDS; i++) {
        String value = "value " + i + " " + "x".repeat(i % 100);
        log.append(Batches.of(value), AppendSource.CLIENT).durable().join();
        other.append(Batches.idempotent(7, (short) 0, i, value), AppendSource.CLIENT);
        values.put((long) i, value);
      }
    }
    return values;
  }

  /** What can be read, by offset; passes over what is damaged as a client would. */
  private static Map<Long, String> readable(PartitionLog log, List<DamagedRange> refused) {
    Map<Long, String> values = new LinkedHashMap<>();
    long offset = log.startOffset();
    while (offset < log.highWatermark()) {
      try {
        Fetched fetched = log.readChecked(offset, 400, ReadIsolation.HIGH_WATERMARK);
        for (RecordBatch batch : fetched.records().batches()) {
          for (Record record : batch) {
            if (record.offset() >= offset) {
              values.put(record.offset(), Utils.utf8(record.value()));
            }
          }
          offset = Math.max(offset, batch.nextOffset());
        }
      } catch (DamagedRecordsException e) {
        assertTrue(e.nextOffset() > offset, e.getMessage());
        refused.add(new DamagedRange(offset, e.nextOffset()));
        offset = e.nextOffset();
      }
    }
    return values;
  }

  private static Path segmentOf(Path partition, int index) throws IOException {
    return SegmentRepair.segments(partition).get(index);
  }

  private static void spoil(Path file, long position) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(position);
      int was = bytes.read();
      bytes.seek(position);
      bytes.write(was ^ 0x41);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {3, 11, 16, 20, 65})
  void records_around_damage_can_be_read_and_it_is_named(long position) throws IOException {
    Map<Long, String> written = written(folder);
    Path segment = segmentOf(folder.resolve("orders-0"), 1);
    long first = SegmentRepair.baseOffset(segment);
    spoil(segment, position);

    for (int i = 0; i < 2; i++) {
      try (DiskLogStore store = DiskLogStoreTest.open(folder)) {
        PartitionLog log = store.partition(ORDERS).orElseThrow();
        List<DamagedRange> refused = new ArrayList<>();
        Map<Long, String> read = readable(log, refused);
        assertEquals(List.of(new DamagedRange(first, first + 1)), refused);
        Map<Long, String> expected = new LinkedHashMap<>(written);
        expected.remove(first);
        assertEquals(expected, read);
        assertEquals(Map.of(ORDERS, refused), store.damagedRanges());
        DamagedRecordsException damaged =
            assertThrows(
                DamagedRecordsException.class,
                () -> log.read(first, 1_000, true, ReadIsolation.HIGH_WATERMARK));
        assertEquals(
            "records %d to %d of orders-0 are damaged".formatted(first, first),
            damaged.getMessage());
        assertEquals(List.of(), store.faults());
      }
    }
    assertEquals(
        1,
        files(folder.resolve("orders-0")).filter(f -> f.toString().endsWith(".damaged")).count());
  }

  @Test
  void damage_to_what_was_durable_is_no_torn_end_after_a_crash() throws IOException {
    Map<Long, String> written = written(folder);
    Path segment = segmentOf(folder.resolve("orders-0"), 0);
    crashBeforeFlushOfSegment();
    spoil(segment, 65);
    assertOnlyTheFirstIsDamaged(written);
  }

  @Test
  void damage_that_was_noted_before_a_crash_is_mended_after_it() throws IOException {
    Map<Long, String> written = written(folder);
    Path segment = segmentOf(folder.resolve("orders-0"), 0);
    spoil(segment, 65);
    Path spoiled = folder.resolve("spoiled");
    Files.copy(segment, spoiled);
    for (int i = 0; i < 2; i++) {
      crashBeforeFlushOfSegment();
      // The second time as if the crash had come when the damage was noted and nothing else done.
      Files.copy(spoiled, segment, StandardCopyOption.REPLACE_EXISTING);
      assertOnlyTheFirstIsDamaged(written);
    }
  }

  @Test
  void what_was_durable_is_known_of_a_partition_that_could_not_be_opened() throws IOException {
    Map<Long, String> written = written(folder);
    crashBeforeFlushOfSegment();
    Path segment = segmentOf(folder.resolve("orders-0"), 0);
    DiskLogStoreTest.obstruct(segment);
    try (DiskLogStore store = DiskLogStoreTest.open(folder)) {
      assertEquals(1, store.faults().size());
    }
    assertFalse(Files.exists(folder.resolve(".kafka_cleanshutdown")), "it was not recovered");

    DiskLogStoreTest.clear(segment);
    spoil(segment, 65);
    assertOnlyTheFirstIsDamaged(written);
  }

  private void assertOnlyTheFirstIsDamaged(Map<Long, String> written) {
    Map<Long, String> others = new LinkedHashMap<>(written);
    others.remove(0L);
    try (DiskLogStore store = DiskLogStoreTest.open(folder)) {
      List<DamagedRange> refused = new ArrayList<>();
      Map<Long, String> read = readable(store.partition(ORDERS).orElseThrow(), refused);
      assertEquals(others, read);
      assertEquals(List.of(new DamagedRange(0, 1)), refused);
    }
  }

  /** As if the broker had been killed before Kafka's flush of the first segment. */
  private void crashBeforeFlushOfSegment() throws IOException {
    Files.delete(folder.resolve(".kafka_cleanshutdown"));
    PointsFile file = new PointsFile(folder);
    Map<TopicPartition, Checkpoints.Point> points = new LinkedHashMap<>(file.read().orElseThrow());
    points.replaceAll(
        (name, point) -> new Checkpoints.Point(0, point.startOffset(), point.durableTo()));
    file.write(points);
  }

  @Test
  void a_newer_checkpoint_is_refused_by_name() throws IOException {
    written(folder);
    Path file = folder.resolve(PointsFile.NAME);
    String body = "2\norders 0 0 0 0\n";
    byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
    Files.writeString(
        file,
        body
            + "crc32c %08x\n"
                .formatted(org.apache.kafka.common.utils.Crc32C.compute(bytes, 0, bytes.length)));
    DataDirectoryException refused =
        assertThrows(DataDirectoryException.class, () -> DiskLogStoreTest.open(folder));
    assertTrue(
        refused.getMessage().startsWith(file + " has format version 2"), refused.getMessage());
    assertArrayEquals(
        body.getBytes(StandardCharsets.ISO_8859_1),
        java.util.Arrays.copyOf(Files.readAllBytes(file), bytes.length));
  }

  /** Any file, any byte: it starts, and what is missing was named. */
  @Test
  void no_spoiled_byte_stops_the_start_or_hides_a_record() throws IOException {
    Path whole = folder.resolve("whole");
    Map<Long, String> written = written(whole);
    long first = Long.getLong("sluice.seed", 0);
    int seeds = Long.getLong("sluice.seed") == null ? SEEDS : 1;
    for (long seed = first; seed < first + seeds; seed++) {
      RandomGenerator random = new SplittableRandom(seed);
      Path copy = folder.resolve("seed" + seed);
      copy(whole, copy);
      String what = "-Dsluice.seed=" + seed + ": " + spoilSomething(copy, random);
      for (int start = 0; start < 2; start++) {
        try (DiskLogStore store = DiskLogStoreTest.open(copy)) {
          for (TopicPartition name : List.of(ORDERS, OTHER)) {
            check(store.partition(name).orElseThrow(), written, what);
          }
          assertEquals(List.of(), store.faults(), what);
        } catch (RuntimeException e) {
          throw new AssertionError(what, e);
        }
      }
      Utils.delete(copy.toFile());
    }
  }

  private static void check(PartitionLog log, Map<Long, String> written, String what) {
    List<DamagedRange> refused = new ArrayList<>();
    Map<Long, String> read = readable(log, refused);
    for (Map.Entry<Long, String> each : written.entrySet()) {
      String value = read.remove(each.getKey());
      if (value == null) {
        boolean named = refused.stream().anyMatch(range -> range.contains(each.getKey()));
        boolean cut = each.getKey() >= log.endOffset();
        assertTrue(named || cut, () -> what + ": " + log + " lacks " + each + " silently");
      } else {
        assertEquals(each.getValue(), value, what);
      }
    }
    assertEquals(Map.of(), read, what);
  }

  private static String spoilSomething(Path copy, RandomGenerator random) throws IOException {
    if (random.nextBoolean()) {
      Files.delete(copy.resolve(".kafka_cleanshutdown"));
    }
    List<Path> files = files(copy).filter(file -> file.toFile().length() > 0).sorted().toList();
    Path file = files.get(random.nextInt(files.size()));
    long length = file.toFile().length();
    long position = random.nextLong(length);
    String done = file + " at " + position;
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      switch (random.nextInt(3)) {
        case 0 -> {
          bytes.setLength(position);
          return done + " truncated";
        }
        case 1 -> {
          bytes.seek(position);
          bytes.write(new byte[(int) Math.min(512, length - position)]);
          return done + " zeroed";
        }
        default -> {
          bytes.seek(position);
          int was = bytes.read();
          bytes.seek(position);
          bytes.write(was ^ (1 << random.nextInt(8)));
          return done + " flipped";
        }
      }
    }
  }

  private static Stream<Path> files(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> entries = Files.walk(folder)) {
      entries.filter(Files::isRegularFile).forEach(files::add);
    }
    return files.stream();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> entries = Files.walk(from)) {
      for (Path entry : entries.toList()) {
        Path target = to.resolve(from.relativize(entry));
        if (Files.isDirectory(entry)) {
          Files.createDirectories(target);
        } else {
          Files.copy(entry, target);
        }
      }
    }
  }
}
