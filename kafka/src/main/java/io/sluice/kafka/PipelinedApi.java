package io.sluice.kafka;

import java.util.Optional;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestContext;

/**
 * An API whose requests are begun in the order in which they arrive and answered in that order
 * later, so that waiting for the disk does not cap a connection.
 */
interface PipelinedApi {

  /**
   * An answer to come; by default one that is complete. Somebody must have its records flushed:
   * {@link #start} or {@link #flush}.
   */
  interface Pending {
    /** Whether {@link #await} returns at once. */
    default boolean isDone() {
      return true;
    }

    /** Has others do what is left to do, and returns at once. */
    default void start() {
      // Nothing is left.
    }

    /**
     * Does what is left to do on this thread, a platform thread, which then has nothing to wait for
     * but what others do already.
     */
    default void flush() {
      // Nothing is left.
    }

    /** This answer, which also tells its client to pause (KIP-219). */
    default Pending throttled(int throttleMs) {
      return new ThrottledAnswer(this, throttleMs);
    }

    /** Waits for the answer; empty when the client asked for none. */
    Optional<AbstractResponse> await() throws InterruptedException;
  }

  ApiKeys key();

  /**
   * Does what must happen in order, and returns at once, except that the first records of a
   * transaction wait for its coordinator; nothing is flushed yet.
   */
  Pending begin(RequestContext context, AbstractRequest request) throws InterruptedException;
}
