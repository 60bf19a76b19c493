package io.sluice.log;

/**
 * The place of a record in time.
 *
 * @param timestampMs the record's timestamp, ms since the epoch
 * @param offset the record's offset
 * @param leaderEpoch the leader epoch of its batch
 */
public record TimestampedOffset(long timestampMs, long offset, int leaderEpoch) {}
