package io.sluice.log;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.storage.internals.log.LogDirFailureChannel;
import org.jspecify.annotations.Nullable;

/**
 * What Kafka's log reports when the disk refuses something, of one partition. Kafka takes the whole
 * folder offline for any of it; here only a failure after which the disk's contents are unknown
 * does that to the partition. A full disk tears an append, which is mended, and a read that fails
 * concerns its reader. Kafka logs nothing of it: whoever handles it does. Safe for use by many
 * threads.
 */
final class PartitionFailures extends LogDirFailureChannel {

  /** By which Kafka's message of a failed {@code UnifiedLog.flush} begins. */
  private static final String FLUSHING = "Error while flushing";

  /** By which Kafka's message of a failed {@code LocalLog.read} begins. */
  private static final String READING = "Exception while reading";

  private final AtomicReference<@Nullable IOException> fatal = new AtomicReference<>();
  private volatile boolean torn;

  PartitionFailures() {
    super(1);
  }

  @Override
  public boolean hasOfflineLogDir(String logDir) {
    // What Kafka asks before each step: nothing may be appended after what is torn.
    return torn || isFatal();
  }

  @Override
  public void maybeAddOfflineLogDir(String logDir, String message, IOException cause) {
    if (message.startsWith(FLUSHING)) {
      fatal.compareAndSet(null, cause);
    } else if (DiskSpace.isFull(cause)) {
      torn = true;
    } else if (!message.startsWith(READING) || cause instanceof ClosedChannelException) {
      fatal.compareAndSet(null, cause);
    }
  }

  /** A restart must look. */
  void fatal(IOException cause) {
    fatal.compareAndSet(null, cause);
  }

  /** Whether the contents of the disk are unknown, or its files are closed: a restart must look. */
  boolean isFatal() {
    return fatal.get() != null;
  }

  /** What made it fatal; null while it is not. */
  @Nullable IOException cause() {
    return fatal.get();
  }

  /** Whether an append may have left a part of itself. */
  boolean isTorn() {
    return torn;
  }

  /** Refuses what comes until {@link #mended}. */
  void tear() {
    torn = true;
  }

  /** What was torn is cut off. */
  void mended() {
    torn = false;
  }
}
