package io.sluice.log;

import java.io.IOException;
import java.nio.channels.FileChannel;

/** Makes the bytes of one segment durable; a test may put a failing or waiting one in its place. */
interface FlushFile {

  /** {@code fdatasync}: the records and the file's length, not its times. */
  FlushFile DATA = channel -> channel.force(false);

  void flush(FileChannel channel) throws IOException;
}
