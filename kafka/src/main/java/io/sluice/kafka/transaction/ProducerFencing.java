package io.sluice.kafka.transaction;

import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.protocol.Errors;

/** How a producer hears that another one has taken over. */
final class ProducerFencing {

  private ProducerFencing() {}

  /** Clients older than the error (KIP-588) know it by another, with which they do the same. */
  static ApiException of(ProducerFencedException fenced, short version, int firstThatKnows) {
    return version < firstThatKnows ? Errors.INVALID_PRODUCER_EPOCH.exception() : fenced;
  }
}
