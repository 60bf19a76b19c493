package io.sluice.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.apache.kafka.common.utils.Utils;

/** Small files that are written as a whole, and are on the disk when a call returns. */
final class DurableFile {

  private DurableFile() {}

  /** Writes a file, whose name may be lost with the power until its folder is flushed. */
  static void write(Path path, ByteBuffer bytes) throws IOException {
    try (FileChannel file =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      Utils.writeFully(file, bytes);
      file.force(true);
    }
  }

  /** Puts a text in the place of what the file says: whoever reads it has the one or the other. */
  static void replace(Path path, String latin1) throws IOException {
    Path fresh = path.resolveSibling(path.getFileName() + ".tmp");
    write(fresh, ByteBuffer.wrap(latin1.getBytes(StandardCharsets.ISO_8859_1)));
    Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Utils.flushDir(path.toAbsolutePath().getParent());
  }
}
