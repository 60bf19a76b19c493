package io.sluice.log;

/**
 * Where a leader epoch ends (KIP-101).
 *
 * @param leaderEpoch the greatest known epoch that is not greater than the one asked for
 * @param endOffset one past its last offset
 */
public record EpochEnd(int leaderEpoch, long endOffset) {}
