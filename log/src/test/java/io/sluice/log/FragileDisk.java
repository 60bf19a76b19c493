package io.sluice.log;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.apache.kafka.common.record.internal.FileRecords;

/**
 * A disk that remembers how much of each segment was flushed, that can be stalled, and that shows
 * what is left of a folder after the power failed. Flushing threads share the lock's read side, a
 * stall holds its write side; the rest is owned by the test's thread.
 */
final class FragileDisk implements FlushFile {

  private static final int JUNK_BYTES = 300;

  /**
   * What a flush made durable of a segment, in bytes.
   *
   * @param records of it were written
   * @param length of the file, which has zeros after its records
   */
  private record Flushed(long records, long length) {
    static final Flushed NOTHING = new Flushed(0, 0);
  }

  private final ConcurrentMap<String, Flushed> flushed = new ConcurrentHashMap<>();
  private final ReentrantReadWriteLock stall = new ReentrantReadWriteLock();

  @Override
  public void flush(FileRecords segment) throws IOException {
    stall.readLock().lock();
    try {
      // In this order: what is appended meanwhile may be lost.
      flushed.put(
          segment.file().getName(), new Flushed(segment.sizeInBytes(), segment.channel().size()));
    } finally {
      stall.readLock().unlock();
    }
  }

  /** No flush ends until {@link #resume}. */
  void stall() {
    if (!stalled()) {
      stall.writeLock().lock();
    }
  }

  void resume() {
    if (stalled()) {
      stall.writeLock().unlock();
    }
  }

  boolean stalled() {
    return stall.isWriteLockedByCurrentThread();
  }

  /**
   * Copies {@code from} to {@code to} as a power failure would leave it: of what was not flushed,
   * any part is missing, zero or junk.
   *
   * @param log the partition, whose own flushes the disk has not seen
   */
  void crash(Path from, Path to, DiskPartition log, RandomGenerator random) throws IOException {
    stall();
    copy(from, to);
    long flushedTo = log.log().recoveryPoint();
    Path folder = to.resolve(log.topicPartition().toString());
    for (Path segment : segments(folder)) {
      String name = segment.getFileName().toString();
      if (Long.parseLong(name.substring(0, name.indexOf('.'))) >= flushedTo) {
        spoil(segment, flushed.getOrDefault(name, Flushed.NOTHING), random);
      }
    }
    resume();
  }

  private static void spoil(Path segment, Flushed flushed, RandomGenerator random)
      throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
      if (file.length() < flushed.length() && random.nextBoolean()) {
        // It was cut since, and the power failed before the disk knew.
        file.setLength(flushed.length());
      }
      long length = file.length();
      long kept = random.nextLong(flushed.records(), length + 1);
      byte[] lost = new byte[(int) (length - kept)];
      if (lost.length == 0) {
        // A file that was flushed to its end is not made longer by a power failure.
        return;
      }
      switch (random.nextInt(4)) {
        case 0 -> file.setLength(kept);
        case 1 -> write(file, kept, lost);
        case 2 -> {
          byte[] junk = new byte[lost.length + random.nextInt(JUNK_BYTES)];
          random.nextBytes(junk);
          write(file, kept, junk);
        }
        default -> {
          // Killed, but the operating system lived on: nothing is lost.
        }
      }
    }
  }

  private static void write(RandomAccessFile file, long from, byte[] bytes) throws IOException {
    file.seek(from);
    file.write(bytes);
  }

  private static List<Path> segments(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".log")).sorted().toList();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    for (String name : requireNonNull(from.toFile().list())) {
      Path file = from.resolve(name);
      if (Files.isDirectory(file)) {
        copy(file, to.resolve(name));
      } else if (!name.endsWith(".tmp")) {
        // A checkpoint is written beside the old one and takes its place while we copy.
        Files.copy(file, to.resolve(name));
      }
    }
  }
}
