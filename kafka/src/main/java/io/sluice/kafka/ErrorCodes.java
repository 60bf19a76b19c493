package io.sluice.kafka;

import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one table from exceptions to Kafka's error codes, which is Kafka's own. */
public final class ErrorCodes {

  private static final Logger LOGGER = LoggerFactory.getLogger(ErrorCodes.class);

  private ErrorCodes() {}

  /**
   * The error code of an exception; one that Kafka has no code for is logged, as it is our fault.
   */
  public static Errors of(Throwable e) {
    if (!(e instanceof ApiException)) {
      LOGGER.error("a request failed for a reason that has no error code", e);
    }
    return Errors.forException(e);
  }
}
