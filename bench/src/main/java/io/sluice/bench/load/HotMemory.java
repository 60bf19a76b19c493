package io.sluice.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Memory that the machine has. A virtual machine's free memory may have gone back to its host, who
 * gives it again page by page at ten times the cost of using it: whoever writes to the page cache
 * next would pay.
 */
public final class HotMemory {

  private static final int BLOCK_BYTES = 1 << 20;

  private HotMemory() {}

  /** Has at least so many free bytes used a moment ago, by a file that comes and goes. */
  public static void make(long bytes) throws IOException {
    Path file = Files.createTempFile("sluice-bench-memory-", "");
    ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
    try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (long written = 0; written < bytes; ) {
        written += out.write(block.clear());
      }
    } finally {
      Files.delete(file);
    }
  }
}
