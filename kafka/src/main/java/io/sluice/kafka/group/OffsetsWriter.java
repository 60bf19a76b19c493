package io.sluice.kafka.group;

import io.sluice.kafka.transaction.TransactionAdmission;
import io.sluice.log.AppendSource;
import io.sluice.log.PartitionLog;
import io.sluice.log.TransactionAppend;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.NotCoordinatorException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.ProducerIdAndEpoch;
import org.apache.kafka.coordinator.common.runtime.PartitionWriter;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.apache.kafka.storage.internals.log.VerificationGuard;

/**
 * Writes the coordinator's records, and tells it when they are durable: what a client asked for is
 * answered only then. Safe for use by many threads.
 */
final class OffsetsWriter implements PartitionWriter {

  private final OffsetsTopic topic;
  private final TransactionAdmission transactions;
  private final Map<Listener, Watch> watches = new ConcurrentHashMap<>();

  /** The topic's configs when last asked for, and what they mean: every write asks. */
  private volatile Map.Entry<Map<String, String>, LogConfig> known;

  OffsetsWriter(OffsetsTopic topic, TransactionAdmission transactions) {
    this.topic = topic;
    this.transactions = transactions;
    this.known = parsed(topic.configs());
  }

  @Override
  public long append(
      TopicPartition partition,
      VerificationGuard guard,
      MemoryRecords records,
      short transactionVersion) {
    TransactionAppend transaction = new TransactionAppend(guard, transactionVersion);
    return topic.log(partition).append(records, AppendSource.COORDINATOR, transaction).lastOffset()
        + 1;
  }

  @Override
  public LogConfig config(TopicPartition partition) {
    Map<String, String> now = topic.configs();
    Map.Entry<Map<String, String>, LogConfig> last = known;
    if (!last.getKey().equals(now)) {
      last = parsed(now);
      known = last;
    }
    return last.getValue();
  }

  private static Map.Entry<Map<String, String>, LogConfig> parsed(Map<String, String> configs) {
    return Map.entry(configs, new LogConfig(configs));
  }

  /** Called by the coordinator when it has loaded the partition. */
  @Override
  public void registerListener(TopicPartition partition, Listener listener) {
    PartitionLog log = topic.log(partition);
    Watch watch = new Watch(partition, log, listener);
    watches.put(listener, watch);
    log.addListener(watch);
    watch.run();
    topic.loaded(partition);
  }

  @Override
  public void deregisterListener(TopicPartition partition, Listener listener) {
    Watch watch = watches.remove(listener);
    if (watch != null) {
      topic.log(partition).removeListener(watch);
    }
  }

  @Override
  public CompletableFuture<VerificationGuard> maybeStartTransactionVerification(
      TopicPartition partition,
      String transactionalId,
      long producerId,
      short producerEpoch,
      int apiVersion) {
    try {
      TransactionAdmission.Records records =
          new TransactionAdmission.Records(topic.log(partition), RecordBatch.NO_SEQUENCE);
      return CompletableFuture.completedFuture(
          transactions
              .admit(
                  transactionalId,
                  new ProducerIdAndEpoch(producerId, producerEpoch),
                  records,
                  TransactionAdmission.ClientSupport.ofOffsetCommit(apiVersion))
              .guard());
    } catch (ApiException e) {
      return CompletableFuture.failedFuture(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return CompletableFuture.failedFuture(new CoordinatorNotAvailableException("interrupted", e));
    }
  }

  @Override
  public CompletableFuture<Void> deleteRecords(TopicPartition partition, long before) {
    topic.log(partition).deleteRecordsBefore(before);
    return CompletableFuture.completedFuture(null);
  }

  /**
   * Passes on the high watermark. Flushes end on many threads: without the lock an older value
   * could be passed on after a newer one and replace it.
   */
  private static final class Watch implements Runnable {

    private final TopicPartition partition;
    private final PartitionLog log;
    private final Listener listener;
    private final ReentrantLock lock = new ReentrantLock();

    /** Owned by {@link #lock}. */
    private long passedOn;

    Watch(TopicPartition partition, PartitionLog log, Listener listener) {
      this.partition = partition;
      this.log = log;
      this.listener = listener;
    }

    @Override
    public void run() {
      lock.lock();
      try {
        long highWatermark = log.highWatermark();
        if (highWatermark > passedOn) {
          passedOn = highWatermark;
          listener.onHighWatermarkUpdated(partition, highWatermark);
        }
      } catch (NotCoordinatorException e) {
        // The coordinator is shutting down and has answered everyone who waited.
        log.removeListener(this);
      } finally {
        lock.unlock();
      }
    }
  }
}
