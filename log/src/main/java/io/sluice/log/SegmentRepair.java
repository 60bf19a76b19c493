package io.sluice.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.kafka.common.record.internal.FileLogInputStream;
import org.apache.kafka.storage.internals.checkpoint.PartitionMetadataFile;
import org.apache.kafka.storage.internals.log.LogDirFailureChannel;
import org.apache.kafka.storage.internals.log.LogSegment;
import org.apache.kafka.storage.internals.log.OffsetIndex;
import org.apache.kafka.storage.internals.log.UnifiedLog;

/**
 * Finds what is damaged in the segments of a partition and has it put into quarantine. What lies
 * behind the last whole batch is left to Kafka's recovery, which cuts it off. Holds no state.
 */
final class SegmentRepair {

  /** What recovery makes anew of the records. */
  private static final List<String> REBUILT =
      List.of(".index", ".timeindex", ".txnindex", ".snapshot", "leader-epoch-checkpoint");

  private SegmentRepair() {}

  /**
   * Before a partition is opened that was not closed: damage to what was durable must not be taken
   * for a torn end, of which everything behind is cut off.
   *
   * @param from where recovery begins
   * @param acknowledgedTo what is known to have been durable, which must not end before
   * @param durableTo what is damaged behind may never have been whole
   */
  static void beforeRecovery(
      Path folder, DamagedRanges damaged, long from, long acknowledgedTo, long durableTo)
      throws IOException {
    List<Path> segments = segments(folder);
    for (int i = 0; i < segments.size(); i++) {
      Path segment = segments.get(i);
      boolean isLast = i == segments.size() - 1;
      long behind = isLast ? Long.MAX_VALUE : baseOffset(segments.get(i + 1));
      if (behind > from && baseOffset(segment) < durableTo) {
        try (FileChannel file =
            FileChannel.open(segment, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
          int size = (int) Math.min(file.size(), Integer.MAX_VALUE);
          SegmentScan.Found found = repair(segment, file, size, damaged, behind, durableTo);
          if (isLast && found.nextOffset() < acknowledgedTo) {
            damaged.quarantine(
                segment,
                file,
                new SegmentScan.Damage(found.end(), size, found.nextOffset(), acknowledgedTo));
          }
        }
      }
    }
  }

  /** Deletes what recovery can make anew, where Kafka could not open the partition. */
  static void deleteRebuilt(Path folder) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        if (REBUILT.stream().anyMatch(file.getFileName().toString()::endsWith)) {
          Files.delete(file);
        }
      }
    }
    PartitionMetadataFile metadata =
        new PartitionMetadataFile(
            PartitionMetadataFile.newFile(folder.toFile()), new LogDirFailureChannel(1));
    try {
      metadata.read();
    } catch (RuntimeException e) {
      // The metadata journal knows the topic's id too.
      Files.deleteIfExists(PartitionMetadataFile.newFile(folder.toFile()).toPath());
    }
  }

  /**
   * Where a read of an open log came upon damage; nobody may append meanwhile.
   *
   * @param offset that was to be read
   * @param isGapless whether every offset has a record
   */
  static void whileOpen(UnifiedLog log, DamagedRanges damaged, long offset, boolean isGapless)
      throws IOException {
    List<LogSegment> segments = new ArrayList<>(log.logSegments());
    for (int i = 0; i < segments.size(); i++) {
      boolean isLast = i == segments.size() - 1;
      long behind = isLast ? log.logEndOffset() : segments.get(i + 1).baseOffset();
      LogSegment segment = segments.get(i);
      if (behind > offset && segment.baseOffset() <= offset) {
        whileOpen(segment, damaged, behind, isGapless);
        makeIndex(segment, log.config().indexInterval, isLast);
      }
    }
  }

  private static void whileOpen(
      LogSegment segment, DamagedRanges damaged, long behind, boolean isGapless)
      throws IOException {
    Path path = segment.log().file().toPath();
    FileChannel file = segment.log().channel();
    SegmentScan.Found found = repair(path, file, segment.size(), damaged, behind, Long.MAX_VALUE);
    if (isGapless && found.end() == segment.size() && found.nextOffset() < behind) {
      // The file is shorter than it was.
      damaged.quarantine(
          path, file, new SegmentScan.Damage(found.end(), found.end(), found.nextOffset(), behind));
    }
  }

  /** Where the records are whole, the index has led astray. */
  private static void makeIndex(LogSegment segment, int interval, boolean isLast)
      throws IOException {
    OffsetIndex index = segment.offsetIndex();
    index.reset();
    int bytes = 0;
    for (FileLogInputStream.FileChannelRecordBatch batch : segment.log().batches()) {
      if (bytes > interval) {
        index.append(batch.lastOffset(), batch.position());
        bytes = 0;
      }
      bytes += batch.sizeInBytes();
    }
    if (!isLast) {
      index.trimToValidSize();
    }
  }

  /** Of which so many bytes are looked at, and no record reaches {@code behind}. */
  private static SegmentScan.Found repair(
      Path segment, FileChannel file, int size, DamagedRanges damaged, long behind, long durableTo)
      throws IOException {
    SegmentScan.Found found = SegmentScan.scan(file, size, baseOffset(segment), behind);
    for (SegmentScan.Damage damage : found.damages()) {
      if (damage.firstOffset() < durableTo) {
        damaged.quarantine(segment, file, damage);
      }
    }
    boolean isInside = behind < Long.MAX_VALUE && found.nextOffset() < Math.min(behind, durableTo);
    if (found.end() < size && isInside) {
      damaged.quarantine(
          segment, file, new SegmentScan.Damage(found.end(), size, found.nextOffset(), behind));
    }
    return found;
  }

  /** In the order of their offsets. */
  static List<Path> segments(Path folder) throws IOException {
    List<Path> segments = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.log")) {
      for (Path file : files) {
        if (file.getFileName().toString().matches("[0-9]{20}\\.log")) {
          segments.add(file);
        }
      }
    }
    Collections.sort(segments);
    return segments;
  }

  static long baseOffset(Path segment) {
    String name = segment.getFileName().toString();
    return Long.parseLong(name.substring(0, name.indexOf('.')));
  }
}
