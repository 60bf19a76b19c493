package io.sluice.log;

import java.io.IOException;
import org.apache.kafka.common.record.internal.FileRecords;

/**
 * Makes the bytes of one segment durable; a test may put a failing, waiting or forgetful one in its
 * place.
 */
interface FlushFile {

  /** {@code fdatasync}: the records and the file's length, not its times. */
  FlushFile DATA = segment -> segment.channel().force(false);

  void flush(FileRecords segment) throws IOException;
}
