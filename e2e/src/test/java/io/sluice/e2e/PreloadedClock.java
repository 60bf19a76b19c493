package io.sluice.e2e;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;

/** A clock on the wall under a real process, which a test sets while that runs. */
final class PreloadedClock {

  private final Path library;
  private final Path ahead;

  /** Right at first; without Linux and gcc, the test is skipped. */
  PreloadedClock(Path folder) throws IOException, InterruptedException {
    this.library = PreloadedLibrary.compile("clock", folder);
    this.ahead = folder.resolve("ahead");
    setAhead(Duration.ZERO);
  }

  /** Sets it ahead of the right time, or back. */
  void setAhead(Duration by) throws IOException {
    byte[] seconds =
        ByteBuffer.allocate(Long.BYTES)
            .order(ByteOrder.nativeOrder())
            .putLong(0, by.toSeconds())
            .array();
    // In place: the server has mapped the file, and dies when it is empty for a moment.
    Files.write(ahead, seconds, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  /** A server that looks at it. */
  SluiceProcess start(Path folder, String... options) {
    List<String> environment = List.of("env", "LD_PRELOAD=" + library, "CLOCK_FILE=" + ahead);
    return SluiceProcess.under(environment, folder, options);
  }
}
