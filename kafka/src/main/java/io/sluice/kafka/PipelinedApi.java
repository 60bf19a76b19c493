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

  /** An answer to come. */
  interface Pending {
    /** Whether {@link #await} returns at once. */
    boolean isDone();

    /** Waits for the answer; empty when the client asked for none. */
    Optional<AbstractResponse> await() throws InterruptedException;
  }

  ApiKeys key();

  /** Does what must happen in order, and returns at once. */
  Pending begin(RequestContext context, AbstractRequest request);
}
