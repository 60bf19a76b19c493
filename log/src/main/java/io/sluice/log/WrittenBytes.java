package io.sluice.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * How much of a partition's segments is more than zeros at their ends, which {@link ZerosAhead}
 * leaves there when the process dies. Compared before and after a recovery it tells what that cut.
 */
final class WrittenBytes {

  private static final int BLOCK_BYTES = 16 * 1024;

  private WrittenBytes() {}

  /** In all segments of this folder, up to the last byte of each that is not zero. */
  static long in(Path folder) throws IOException {
    long bytes = 0;
    try (DirectoryStream<Path> segments = Files.newDirectoryStream(folder, "*.log")) {
      for (Path segment : segments) {
        try (FileChannel file = FileChannel.open(segment, StandardOpenOption.READ)) {
          bytes += withoutZeros(file);
        }
      }
    }
    return bytes;
  }

  private static long withoutZeros(FileChannel file) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
    for (long end = file.size(); end > 0; end -= BLOCK_BYTES) {
      long start = Math.max(0, end - BLOCK_BYTES);
      block.clear().limit((int) (end - start));
      while (block.hasRemaining() && file.read(block, start + block.position()) >= 0) {
        // A read may bring less than is there.
      }
      for (int i = block.position() - 1; i >= 0; i--) {
        if (block.get(i) != 0) {
          return start + i + 1;
        }
      }
    }
    return 0;
  }
}
