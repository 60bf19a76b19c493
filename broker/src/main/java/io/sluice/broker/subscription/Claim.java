package io.sluice.broker.subscription;

import io.sluice.log.ReadIsolation;
import java.time.Duration;

/**
 * What one share fetch may take of a partition (KIP-932).
 *
 * @param owner who takes, not 0; only they may settle what they took
 * @param maxRecords how many records at most, but for {@code wholeBatches}
 * @param batchSize a range of more records than that ends where a batch does
 * @param maxBytes how many bytes of batches are read, the records of others in them included
 * @param oneBatch whether the first batch is read whatever its size
 * @param wholeBatches whether a batch that was begun is taken to its end
 * @param lock for how long what is taken is in flight
 * @param maxLocks how many records of the partition may be delivered and not settled
 * @param maxDeliveries how often a record is delivered before it is given up
 * @param isolation how far it may read; the log's end is not for readers
 */
public record Claim(
    long owner,
    int maxRecords,
    int batchSize,
    int maxBytes,
    boolean oneBatch,
    boolean wholeBatches,
    Duration lock,
    int maxLocks,
    int maxDeliveries,
    ReadIsolation isolation) {

  /** This claim on what is left of its records and bytes. */
  public Claim rest(int records, int bytes, boolean first) {
    return new Claim(
        owner,
        records,
        batchSize,
        bytes,
        first,
        wholeBatches,
        lock,
        maxLocks,
        maxDeliveries,
        isolation);
  }
}
