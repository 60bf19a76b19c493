package io.sluice.log;

import java.io.IOException;
import java.util.Optional;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.server.common.RequestLocal;
import org.apache.kafka.storage.internals.log.LogAppendInfo;
import org.apache.kafka.storage.internals.log.LogSegment;
import org.apache.kafka.storage.internals.log.RecordValidationException;
import org.apache.kafka.storage.internals.log.UnifiedLog;
import org.apache.kafka.storage.internals.log.VerificationGuard;

/**
 * Appends to a partition's log. An append that a full disk tears leaves nothing: what it wrote of
 * itself is cut off before anything else is appended. Safe for use by many threads.
 */
final class LogWriter {

  private final UnifiedLog log;
  private final ZerosAhead zerosAhead;
  private final PartitionFailures failures;
  private final DiskSpace space;

  LogWriter(UnifiedLog log, ZerosAhead zerosAhead, PartitionFailures failures, DiskSpace space) {
    this.log = log;
    this.zerosAhead = zerosAhead;
    this.failures = failures;
    this.space = space;
  }

  /**
   * Appends what clients bring while the disk is not full; what a coordinator writes is tried,
   * since it says what became of messages.
   *
   * @throws DiskFullException there is no room; the partition is as it was before
   * @throws IOException the disk refused for another reason
   */
  LogAppendInfo append(
      MemoryRecords records, AppendSource source, int leaderEpoch, TransactionAppend transaction)
      throws IOException {
    if (source == AppendSource.CLIENT) {
      space.check();
    }
    LogAppendInfo appended =
        change(
            () ->
                log.appendAsLeader(
                    records,
                    leaderEpoch,
                    source.origin(),
                    RequestLocal.noCaching(),
                    transaction.guard(),
                    transaction.version()));
    space.appended(records.sizeInBytes());
    return appended;
  }

  /**
   * Does what may append or begin a segment.
   *
   * @throws DiskFullException there is no room; the partition is as it was before
   */
  <T> T change(ZerosAhead.Change<T> change) throws IOException {
    try {
      return zerosAhead.change(change);
    } catch (RecordValidationException e) {
      throw RejectedRecords.of(e);
    } catch (IOException | KafkaStorageException e) {
      if (failures.isFatal() || !(failures.isTorn() || DiskSpace.isFull(e))) {
        throw e;
      }
      throw full(e);
    } catch (InternalError e) {
      // So Java says that a page of a memory-mapped index found no block on the disk (SIGBUS).
      failures.tear();
      throw full(e);
    }
  }

  private DiskFullException full(Throwable cause) throws IOException {
    space.exhausted();
    mend();
    if (failures.isFatal()) {
      throw new IOException(
          "a full disk kept what was appended to " + log.topicPartition() + " from its indexes",
          cause);
    }
    return new DiskFullException(
        "the disk of the data folder is full: nothing was appended to " + log.topicPartition(),
        cause);
  }

  /** As {@link PartitionLog#startVerification}. */
  Optional<TransactionAppend> startVerification(
      long producerId, short producerEpoch, int baseSequence, boolean endsBumpEpoch) {
    VerificationGuard guard =
        log.maybeStartTransactionVerification(
            producerId, baseSequence, producerEpoch, endsBumpEpoch);
    return guard.equals(VerificationGuard.SENTINEL)
        ? Optional.empty()
        : Optional.of(TransactionAppend.verifiedBy(guard));
  }

  /** Does something while nobody appends. */
  void alone(ZerosAhead.Repair repair) throws IOException {
    zerosAhead.alone(repair);
  }

  /**
   * Cuts off what a torn append has left; nothing happens when there is no such thing. What is in
   * the log but not in what the log knows of transactions and producers only a recovery can mend.
   */
  void mend() throws IOException {
    if (!failures.isTorn()) {
      return;
    }
    zerosAhead.alone(
        () -> {
          if (!failures.isTorn()) {
            return;
          }
          if (log.latestProducerStateEndOffset() < log.logEndOffset()) {
            failures.fatal(new IOException("an append ended before it was in all indexes"));
            return;
          }
          LogSegment newest = log.activeSegment();
          newest.truncateTo(log.logEndOffset());
          FileRecords records = newest.log();
          records.truncateTo(records.sizeInBytes());
          records.channel().position(records.sizeInBytes());
          failures.mended();
        });
  }
}
