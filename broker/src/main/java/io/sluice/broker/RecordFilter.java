package io.sluice.broker;

import org.apache.kafka.common.record.internal.Record;

/** Says which records of a topic a source lets through. Immutable, safe for use by many threads. */
@FunctionalInterface
public interface RecordFilter {

  /**
   * Whether the source's queue gets the record. Must not throw: what cannot be judged does not
   * match. Called with the queue's lock held.
   */
  boolean matches(Record record);
}
