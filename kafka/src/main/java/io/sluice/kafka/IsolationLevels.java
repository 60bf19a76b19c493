package io.sluice.kafka;

import io.sluice.log.ReadIsolation;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.errors.InvalidRequestException;

/** Kafka's isolation levels as the log knows them. */
final class IsolationLevels {

  private IsolationLevels() {}

  /**
   * What a consumer may read that asks for the level of this id.
   *
   * @throws InvalidRequestException there is no such level
   */
  static ReadIsolation of(byte id) {
    if (id == IsolationLevel.READ_COMMITTED.id()) {
      return ReadIsolation.COMMITTED;
    }
    if (id == IsolationLevel.READ_UNCOMMITTED.id()) {
      return ReadIsolation.HIGH_WATERMARK;
    }
    throw new InvalidRequestException("unknown isolation level " + id);
  }
}
