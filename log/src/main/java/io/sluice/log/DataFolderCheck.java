package io.sluice.log;

import static io.sluice.log.BatchHead.LAST_OFFSET_DELTA;
import static io.sluice.log.BatchHead.MAGIC;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * Looks at every partition of a data folder that nobody uses, batch by batch, and changes nothing.
 * Holds no state.
 */
public final class DataFolderCheck {

  private static final int INDEX_ENTRY_BYTES = 8;

  private DataFolderCheck() {}

  /**
   * What was found of a partition.
   *
   * @param name of its folder
   * @param firstOffset of its segments
   * @param nextOffset one past its last whole record
   * @param damage what is not whole, a sentence each
   * @param notes what the next start puts right, a sentence each
   */
  public record Partition(
      String name, long firstOffset, long nextOffset, List<String> damage, List<String> notes) {}

  /**
   * Every partition, by name.
   *
   * @throws DataDirectoryException there is no such folder, a running process has it, or a newer
   *     Sluice wrote it
   */
  public static List<Partition> of(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new DataDirectoryException("there is no data folder " + directory);
    }
    try (FileChannel lock = lockChannel(directory);
        FileLock held = lock.tryLock()) {
      if (held == null) {
        throw new DataDirectoryException("data folder " + directory + " is in use: stop it first");
      }
      new PointsFile(directory).read();
      List<Partition> found = new ArrayList<>();
      for (Path folder : partitions(directory)) {
        found.add(check(folder));
      }
      return found;
    } catch (OverlappingFileLockException e) {
      throw new DataDirectoryException("data folder " + directory + " is in use: stop it first", e);
    } catch (IOException e) {
      throw new DataDirectoryException("data folder " + directory + " cannot be read: " + e, e);
    }
  }

  private static FileChannel lockChannel(Path directory) throws IOException {
    Path lock = directory.resolve(DataDirectory.LOCK_FILE);
    if (!Files.exists(lock)) {
      throw new DataDirectoryException(directory + " is no data folder: it has no " + lock);
    }
    return FileChannel.open(lock, StandardOpenOption.WRITE);
  }

  private static Iterable<Path> partitions(Path directory) throws IOException {
    TreeSet<Path> folders = new TreeSet<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        if (Files.isDirectory(entry) && entry.getFileName().toString().matches(".+-[0-9]+")) {
          folders.add(entry);
        }
      }
    }
    return folders;
  }

  private static Partition check(Path folder) throws IOException {
    List<String> damage = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    List<DamagedRange> known = DamagedRanges.read(folder);
    for (DamagedRange range : known) {
      damage.add("records " + range + " are damaged, as a server has found before");
    }
    List<Path> segments = SegmentRepair.segments(folder);
    long next = segments.isEmpty() ? 0 : SegmentRepair.baseOffset(segments.getFirst());
    long first = next;
    for (int i = 0; i < segments.size(); i++) {
      Path segment = segments.get(i);
      boolean isLast = i == segments.size() - 1;
      long behind = isLast ? Long.MAX_VALUE : SegmentRepair.baseOffset(segments.get(i + 1));
      try (FileChannel file = FileChannel.open(segment, StandardOpenOption.READ)) {
        int size = (int) Math.min(file.size(), Integer.MAX_VALUE);
        SegmentScan.Found found =
            SegmentScan.scan(file, size, SegmentRepair.baseOffset(segment), behind);
        next = found.nextOffset();
        for (SegmentScan.Damage part : found.damages()) {
          damage.add(
              "records %d to %d are damaged, in bytes %d to %d of %s"
                  .formatted(
                      part.firstOffset(), part.nextOffset() - 1, part.from(), part.to(), segment));
        }
        if (found.torn() > 0 && isLast) {
          notes.add(found.torn() + " bytes behind record " + (next - 1) + " of " + segment);
        } else if (found.torn() > 0 && next < behind) {
          damage.add(
              "records %d to %d are damaged, %s ends so".formatted(next, behind - 1, segment));
        }
        checkIndex(segment, file, size, damage);
      }
    }
    return new Partition(folder.getFileName().toString(), first, next, damage, notes);
  }

  /** Every entry must lead to a batch that ends with its offset. */
  private static void checkIndex(Path segment, FileChannel file, int size, List<String> damage)
      throws IOException {
    Path path = segment.resolveSibling(segment.getFileName().toString().replace(".log", ".index"));
    if (!Files.exists(path)) {
      return;
    }
    long base = SegmentRepair.baseOffset(segment);
    ByteBuffer head = ByteBuffer.allocate(SegmentScan.MIN_BATCH_BYTES);
    ByteBuffer entries = ByteBuffer.wrap(Files.readAllBytes(path));
    while (entries.remaining() >= INDEX_ENTRY_BYTES) {
      int offset = entries.getInt();
      int position = entries.getInt();
      if (offset == 0 && position == 0) {
        return;
      }
      boolean isInside = position >= 0 && position <= size - head.capacity();
      if (!isInside
          || file.read(head.clear(), position) < head.capacity()
          || head.get(MAGIC) != RecordBatch.MAGIC_VALUE_V2
          || head.getLong(0) + head.getInt(LAST_OFFSET_DELTA) != base + offset) {
        damage.add(path + " is damaged; it holds nothing that the records do not");
        return;
      }
    }
  }
}
