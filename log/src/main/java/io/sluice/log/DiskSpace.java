package io.sluice.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much room the disk of a data folder has. While it is full, what clients bring is refused, and
 * what frees space, or says what was done with messages, goes on: for that a reserve is kept, a
 * file that is given up when the disk is full and made again when there is room. Nobody has to
 * restart anything. Safe for use by many threads; the reserve is guarded by the monitor.
 */
final class DiskSpace {

  private static final Logger LOGGER = LoggerFactory.getLogger(DiskSpace.class);

  static final String RESERVE_FILE = "reserve";

  /** Written and deleted to see whether there is room. */
  private static final String TRIED_FILE = "room";

  /** How much is appended between two looks at the disk. */
  private static final long LOOK_EVERY_BYTES = 1 << 20;

  /** What a recovery may write, of which most is a snapshot for each partition. */
  private static final long RECOVERY_BYTES = 1 << 20;

  private static final long RECOVERY_BYTES_PER_PARTITION = 16 << 10;

  private static final int BLOCK_BYTES = 1 << 20;

  /** Without a reserve: with how much room writes are accepted again. */
  private static final long MIN_ROOM_BYTES = 1 << 20;

  private final Path reserve;
  private final long reserveBytes;
  private final LongSupplier usableBytes;
  private final AtomicLong appendedBytes = new AtomicLong();
  private volatile boolean full;

  /**
   * Nothing is reserved before {@link #look}.
   *
   * @param usableBytes how much the disk still takes
   */
  DiskSpace(Path directory, long reserveBytes, LongSupplier usableBytes) {
    this.reserve = directory.resolve(RESERVE_FILE);
    this.reserveBytes = reserveBytes;
    this.usableBytes = usableBytes;
  }

  static DiskSpace of(Path directory, long reserveBytes) {
    return new DiskSpace(directory, reserveBytes, () -> directory.toFile().getUsableSpace());
  }

  /** Whether an exception says that the disk, or the quota of it, is full, in Linux's words. */
  static boolean isFull(Throwable e) {
    String message = String.valueOf(e.getMessage());
    boolean says =
        e instanceof IOException
            && (message.contains("No space left on device")
                || message.contains("Disk quota exceeded"));
    Throwable cause = e.getCause();
    return says || (cause != null && cause != e && isFull(cause));
  }

  /**
   * To be called before something that clients want stored.
   *
   * @throws DiskFullException it is full
   */
  void check() {
    if (full) {
      throw new DiskFullException("the disk of the data folder is full");
    }
  }

  boolean isFull() {
    return full;
  }

  /** So much was appended. */
  void appended(int bytes) {
    if (appendedBytes.addAndGet(bytes) > LOOK_EVERY_BYTES) {
      appendedBytes.set(0);
      look();
    }
  }

  /** A write has failed for want of space. */
  synchronized void exhausted() {
    fill();
    release();
  }

  /**
   * Makes sure that partitions can be recovered, if need be by giving up the reserve: Kafka's
   * recovery takes a segment of which it cannot write a snapshot for damaged.
   *
   * @throws DataDirectoryException they cannot
   */
  synchronized void requireForRecovery(int partitions) {
    long bytes = RECOVERY_BYTES + partitions * RECOVERY_BYTES_PER_PARTITION;
    try {
      tryOut(bytes);
      return;
    } catch (IOException e) {
      LOGGER.warn("the disk of {} has no room for a recovery", reserve.getParent(), e);
    }
    release();
    try {
      tryOut(bytes);
    } catch (IOException e) {
      throw new DataDirectoryException(
          "data folder "
              + reserve.getParent()
              + " was not closed, and its disk has no room to recover it: "
              + bytes
              + " bytes must be free",
          e);
    }
  }

  /** By writing, since what a file system says does not know of quotas. */
  private void tryOut(long bytes) throws IOException {
    Path tried = reserve.resolveSibling(TRIED_FILE);
    try {
      writeRandom(tried, bytes);
    } finally {
      Files.deleteIfExists(tried);
    }
  }

  /** Looks at the disk, keeps the reserve, and notes whether it is full; called now and then. */
  synchronized void look() {
    long usable = usableBytes.getAsLong();
    if (!full) {
      if (usable < roomBytes() / 2) {
        fill();
      } else if (!reserves()) {
        restore(usable);
      }
    }
    if (full) {
      if (usable < roomBytes() / 4) {
        release();
      } else if (usable >= roomBytes() + (reserves() ? 0 : reserveBytes) && restore(usable)) {
        full = false;
        LOGGER.info("the disk of {} has room again: writes are accepted", reserve.getParent());
      }
    }
  }

  /** Beside the reserve: for what journals and indexes write before anybody has looked again. */
  private long roomBytes() {
    return Math.max(MIN_ROOM_BYTES, reserveBytes / 2);
  }

  private void fill() {
    if (!full) {
      full = true;
      LOGGER.error(
          "the disk of {} is full: writes are refused until it has room", reserve.getParent());
    }
  }

  private boolean reserves() {
    return reserveBytes == 0 || Files.exists(reserve);
  }

  private void release() {
    try {
      Files.deleteIfExists(reserve);
    } catch (IOException e) {
      LOGGER.warn("the reserve {} cannot be given up", reserve, e);
    }
  }

  /** Writes the reserve. */
  private boolean restore(long usable) {
    if (reserves()) {
      return true;
    }
    if (usable < reserveBytes + roomBytes()) {
      return false;
    }
    try {
      writeRandom(reserve, reserveBytes);
      return true;
    } catch (IOException e) {
      LOGGER.debug("the reserve {} cannot be made", reserve, e);
      release();
      return false;
    }
  }

  /** Random bytes, since a file system may store zeros as nothing. */
  private static void writeRandom(Path path, long bytes) throws IOException {
    ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
    byte[] random = new byte[BLOCK_BYTES];
    new Random().nextBytes(random);
    block.put(random);
    try (FileChannel file =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (long left = bytes; left > 0; ) {
        left -= file.write(block.rewind().limit((int) Math.min(left, BLOCK_BYTES)));
      }
    }
  }
}
