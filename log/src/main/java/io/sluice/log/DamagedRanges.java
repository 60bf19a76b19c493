package io.sluice.log;

import static io.sluice.log.BatchHead.ATTRIBUTES;
import static io.sluice.log.BatchHead.BEFORE_LENGTH;
import static io.sluice.log.BatchHead.CRC;
import static io.sluice.log.BatchHead.LENGTH;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.Crc32C;
import org.apache.kafka.common.utils.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What of a partition's records is damaged, kept in a file of its folder. In the segment an empty
 * batch takes the place of what was damaged, so that everything around it can be read, indexed,
 * recovered and compacted; the bytes that were there are kept beside it. Nobody passes over it
 * without being told: reads ask here first. Safe for use by many threads.
 */
final class DamagedRanges {

  private static final Logger LOGGER = LoggerFactory.getLogger(DamagedRanges.class);

  static final String FILE = "damaged-ranges";

  private static final String VERSION = "1";

  private final Path folder;
  private volatile List<DamagedRange> ranges;

  private DamagedRanges(Path folder, List<DamagedRange> ranges) {
    this.folder = folder;
    this.ranges = ranges;
  }

  /** As they were written last. */
  static DamagedRanges of(Path folder) throws IOException {
    return new DamagedRanges(folder, read(folder));
  }

  /**
   * What the file of this folder says.
   *
   * @throws DataDirectoryException a newer version wrote it
   */
  static List<DamagedRange> read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return List.of();
    }
    List<DamagedRange> ranges = new ArrayList<>();
    List<String> lines = Files.readString(file, StandardCharsets.ISO_8859_1).lines().toList();
    if (!lines.isEmpty() && lines.getFirst().matches("[0-9]{1,9}")) {
      FormatVersions.check(file, Integer.parseInt(lines.getFirst()), Integer.parseInt(VERSION));
    }
    for (String line : lines) {
      if (line.matches("[0-9]{1,18} [0-9]{1,18}")) {
        String[] bounds = line.split(" ", -1);
        ranges.add(new DamagedRange(Long.parseLong(bounds[0]), Long.parseLong(bounds[1])));
      }
    }
    return List.copyOf(ranges);
  }

  List<DamagedRange> ranges() {
    return ranges;
  }

  /** The damage that an offset lies in. */
  Optional<DamagedRange> at(long offset) {
    for (DamagedRange range : ranges) {
      if (range.contains(offset)) {
        return Optional.of(range);
      }
    }
    return Optional.empty();
  }

  /** The first damage that begins behind an offset. */
  Optional<DamagedRange> behind(long offset) {
    return ranges.stream()
        .filter(range -> range.firstOffset() >= offset)
        .min(Comparator.comparingLong(DamagedRange::firstOffset));
  }

  /**
   * Puts an empty batch in the place of what is damaged; durable on return.
   *
   * @param segment whose name the saved bytes get
   */
  synchronized void quarantine(Path segment, FileChannel file, SegmentScan.Damage damage)
      throws IOException {
    int size = damage.to() - damage.from();
    DamagedRange range = new DamagedRange(damage.firstOffset(), damage.nextOffset());
    List<DamagedRange> all = new ArrayList<>(ranges);
    // Somebody who was killed before the batch was written has noted it, and saved the bytes.
    if (at(damage.firstOffset()).isEmpty()) {
      ByteBuffer damaged = ByteBuffer.allocate(size);
      // The file may be shorter than its log knows.
      Utils.readFully(file, damaged, damage.from());
      DurableFile.write(
          folder.resolve(segment.getFileName() + "." + damage.from() + ".damaged"), damaged.flip());
      all.add(range);
      writeList(all);
    }
    ByteBuffer empty = emptyBatch(range, Math.max(size, SegmentScan.MIN_BATCH_BYTES));
    for (int position = damage.from(); empty.hasRemaining(); ) {
      position += file.write(empty, position);
    }
    file.force(true);
    ranges = List.copyOf(all);
    LOGGER.error(
        "records {} in {} are damaged: whoever reads them gets an error, queues pass over them",
        range,
        segment);
  }

  /** Of exactly so many bytes. */
  private static ByteBuffer emptyBatch(DamagedRange range, int size) {
    ByteBuffer batch = ByteBuffer.allocate(size);
    DefaultRecordBatch.writeEmptyHeader(
        batch,
        RecordBatch.MAGIC_VALUE_V2,
        RecordBatch.NO_PRODUCER_ID,
        RecordBatch.NO_PRODUCER_EPOCH,
        RecordBatch.NO_SEQUENCE,
        range.firstOffset(),
        range.nextOffset() - 1,
        0,
        TimestampType.CREATE_TIME,
        RecordBatch.NO_TIMESTAMP,
        false,
        false);
    batch.putInt(LENGTH, size - BEFORE_LENGTH);
    batch.position(0);
    batch.putInt(CRC, (int) Crc32C.compute(batch, ATTRIBUTES, size - ATTRIBUTES));
    return batch.clear();
  }

  private void writeList(List<DamagedRange> all) throws IOException {
    StringBuilder text = new StringBuilder(VERSION + "\n");
    all.forEach(range -> text.append(range.firstOffset() + " " + range.nextOffset() + "\n"));
    DurableFile.replace(folder.resolve(FILE), text.toString());
  }
}
