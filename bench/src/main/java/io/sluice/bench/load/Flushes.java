package io.sluice.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.HdrHistogram.Histogram;

/**
 * Appends to files and flushes each append ({@code fdatasync}), with no broker between: what a disk
 * allows whoever acknowledges what is durable.
 *
 * @param bytes of each append
 * @param files at once, each with a thread of its own
 * @param zerosAhead whether the file has been written there before, as Sluice sees to
 */
public record Flushes(int bytes, int files, boolean zerosAhead) {

  /** As Sluice. */
  private static final int ZEROS_BYTES = 256 * 1024;

  private static final long HIGHEST_NANOS = Duration.ofSeconds(60).toNanos();

  /** So many appends to each file, in {@code folder}. */
  public Load drive(Path folder, int appends)
      throws IOException, InterruptedException, ExecutionException {
    long start = System.nanoTime();
    Histogram all = new Histogram(HIGHEST_NANOS, 3);
    try (ExecutorService threads = Executors.newFixedThreadPool(files)) {
      List<Future<Histogram>> each = new ArrayList<>();
      for (int file = 0; file < files; file++) {
        Path path = folder.resolve("flushes-" + file);
        each.add(threads.submit(() -> append(path, appends)));
      }
      for (Future<Histogram> one : each) {
        all.add(one.get());
      }
    }
    Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
    return new Load((long) appends * files, elapsed, Optional.of(Latencies.ofNanos(all)));
  }

  private Histogram append(Path path, int appends) throws IOException {
    Histogram histogram = new Histogram(HIGHEST_NANOS, 3);
    ByteBuffer buffer = ByteBuffer.allocateDirect(bytes);
    ByteBuffer zeros = ByteBuffer.allocateDirect(ZEROS_BYTES);
    long end = 0;
    long zerosTo = 0;
    try (FileChannel file =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (int i = 0; i < appends; i++) {
        long begun = System.nanoTime();
        write(file, buffer.clear(), end);
        end += bytes;
        file.force(false);
        histogram.recordValue(Math.min(HIGHEST_NANOS, System.nanoTime() - begun));
        if (zerosAhead && zerosTo - end < bytes) {
          long from = Math.max(zerosTo, end);
          write(file, zeros.clear(), from);
          zerosTo = from + ZEROS_BYTES;
        }
      }
    }
    Files.delete(path);
    return histogram;
  }

  private static void write(FileChannel file, ByteBuffer bytes, long position) throws IOException {
    long at = position;
    while (bytes.hasRemaining()) {
      at += file.write(bytes, at);
    }
  }
}
