package io.sluice.kafka;

import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestContext;

/**
 * One API of Kafka's protocol, in every stable version that kafka-clients knows. What is registered
 * in {@link KafkaApis} is what ApiVersions announces. Called by many connections at once, each on a
 * virtual thread that may block; a connection calls one API at a time.
 */
public interface KafkaApi {

  /** Which API this is. */
  ApiKeys key();

  /**
   * Answers a request.
   *
   * @throws org.apache.kafka.common.errors.ApiException becomes the request's own error response
   * @throws InterruptedException never by this module: see {@link Answers}
   */
  AbstractResponse handle(RequestContext context, AbstractRequest request)
      throws InterruptedException;
}
