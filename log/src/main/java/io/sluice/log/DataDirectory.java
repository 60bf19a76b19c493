package io.sluice.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.storage.internals.log.LogFileUtils;

/**
 * A data folder that belongs to this process until it is closed, laid out as Apache Kafka's log
 * directory. Safe for use by many threads.
 */
final class DataDirectory implements AutoCloseable {

  static final String LOCK_FILE = ".lock";

  /** By Kafka's name and in its words; its own class for it would set up an object mapper. */
  private static final String CLEAN_SHUTDOWN_FILE = ".kafka_cleanshutdown";

  private static final byte[] CLEAN_SHUTDOWN =
      "{\"version\":0,\"brokerEpoch\":0}".getBytes(StandardCharsets.UTF_8);

  private final Path path;
  private final FileChannel lockChannel;

  private DataDirectory(Path path, FileChannel lockChannel) {
    this.path = path;
    this.lockChannel = lockChannel;
  }

  /**
   * Creates the folder when it is missing and locks it.
   *
   * @throws DataDirectoryException it cannot be written, or another process has it
   */
  static DataDirectory lock(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    FileChannel channel;
    try {
      Files.createDirectories(absolute);
      channel =
          FileChannel.open(
              absolute.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new DataDirectoryException("data folder " + absolute + " cannot be written: " + e, e);
    }
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return new DataDirectory(absolute, channel);
      }
    } catch (OverlappingFileLockException | IOException e) {
      closeQuietly(channel);
      throw inUse(absolute, e);
    }
    closeQuietly(channel);
    throw inUse(absolute, null);
  }

  private static DataDirectoryException inUse(
      Path path, @org.jspecify.annotations.Nullable Exception cause) {
    String message = "data folder " + path + " is used by another Sluice process";
    return cause == null
        ? new DataDirectoryException(message)
        : new DataDirectoryException(message, cause);
  }

  private static void closeQuietly(FileChannel channel) {
    Utils.closeQuietly(channel, "data folder lock");
  }

  Path path() {
    return path;
  }

  /** The folders of partitions, those that wait for their deletion included. */
  List<Path> partitionFolders() throws IOException {
    try (Stream<Path> entries = Files.list(path)) {
      return entries.filter(Files::isDirectory).filter(DataDirectory::namesPartition).toList();
    }
  }

  private static boolean namesPartition(Path folder) {
    String name = folder.getFileName().toString();
    return isDeleted(folder) || name.matches(".+-[0-9]+");
  }

  /** Whether a folder is what is left of a deleted partition. */
  static boolean isDeleted(Path folder) {
    return folder.getFileName().toString().endsWith(LogFileUtils.DELETE_DIR_SUFFIX);
  }

  /** Says that nothing needs recovery, until {@link #takeCleanShutdown}; durable on return. */
  void markCleanShutdown() throws IOException {
    Path written = path.resolve(CLEAN_SHUTDOWN_FILE + ".tmp");
    Files.write(
        written,
        CLEAN_SHUTDOWN,
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE,
        StandardOpenOption.SYNC);
    Utils.atomicMoveWithFallback(written, path.resolve(CLEAN_SHUTDOWN_FILE));
  }

  /** Whether the folder was closed well, which is no longer said afterwards. */
  boolean takeCleanShutdown() throws IOException {
    boolean clean = Files.deleteIfExists(path.resolve(CLEAN_SHUTDOWN_FILE));
    // Or a power failure could bring it back, and nobody would look for torn records.
    flush();
    return clean;
  }

  /** Makes the folder's list of entries durable. */
  void flush() throws IOException {
    Utils.flushDir(path);
  }

  @Override
  public void close() {
    closeQuietly(lockChannel);
  }
}
