package io.sluice.kafka.group;

import io.sluice.log.ReadIsolation;
import java.time.Duration;

/**
 * How a share group's records are delivered.
 *
 * @param recordLock for how long an acquired record is locked: {@code
 *     share.record.lock.duration.ms}
 * @param maxDeliveries how often a record is delivered: {@code share.delivery.count.limit}
 * @param maxRecordLocks how many records of a partition may be delivered and not settled: {@code
 *     share.partition.max.record.locks}
 * @param isolation how far it reads: {@code share.isolation.level}
 * @param renewable whether locks can be renewed: {@code share.renew.acknowledge.enable}
 */
public record ShareGroupSettings(
    Duration recordLock,
    int maxDeliveries,
    int maxRecordLocks,
    ReadIsolation isolation,
    boolean renewable) {

  /**
   * For a group that takes from a queue: how often and to whom a message is delivered is then the
   * queue's business, which gives nothing up and sees what is committed.
   */
  ShareGroupSettings ofQueue() {
    return new ShareGroupSettings(
        recordLock, Integer.MAX_VALUE, Integer.MAX_VALUE, ReadIsolation.COMMITTED, renewable);
  }
}
