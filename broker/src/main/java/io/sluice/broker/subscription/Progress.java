package io.sluice.broker.subscription;

/**
 * How far a partition has been settled.
 *
 * @param start the first offset that is not settled: KIP-932's share-partition start offset
 * @param settledBeyond how many offsets beyond that are
 */
public record Progress(long start, long settledBeyond) {}
