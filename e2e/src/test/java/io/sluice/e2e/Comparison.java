package io.sluice.e2e;

import java.util.function.UnaryOperator;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * One request whose responses are compared.
 *
 * @param name what is asked, for the list of differences
 * @param request given the id of a topic by its name
 */
record Comparison(String name, ApiKeys key, int version, Request request) {

  /** Makes a request for one of the two brokers. */
  @FunctionalInterface
  interface Request {
    ApiMessage to(UnaryOperator<String> topicIds);
  }

  static Comparison of(String name, ApiKeys key, int version, ApiMessage request) {
    return new Comparison(name, key, version, ids -> request);
  }
}
