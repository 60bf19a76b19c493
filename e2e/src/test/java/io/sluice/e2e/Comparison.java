package io.sluice.e2e;

import java.util.List;
import java.util.SortedMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * One request whose responses are compared.
 *
 * @param name what is asked, for the list of differences
 * @param request given the ids that the broker has given
 * @param awaited of the values of the response by their paths: it is asked again until they are so
 */
record Comparison(
    String name,
    ApiKeys key,
    int version,
    Request request,
    Predicate<SortedMap<String, String>> awaited) {

  /** Makes a request for one of the two brokers. */
  @FunctionalInterface
  interface Request {
    ApiMessage to(BrokerIds ids);
  }

  Comparison(String name, ApiKeys key, int version, Request request) {
    this(name, key, version, request, response -> true);
  }

  /** All there are, in the order in which they build on each other. */
  static Stream<Comparison> all() {
    return Stream.of(
            TopicRequests.all(),
            GroupRequests.all(),
            AdminRequests.all(),
            TransactionRequests.all(),
            ShareRequests.all(),
            ShareGroupRequests.all(),
            StreamsRequests.all())
        .flatMap(List::stream);
  }

  static Comparison of(String name, ApiKeys key, int version, ApiMessage request) {
    return new Comparison(name, key, version, ids -> request);
  }

  /** The same, of something that takes its time: the first response with that value is compared. */
  Comparison until(String path, String value) {
    return new Comparison(
        name, key, version, request, response -> value.equals(response.get(path)));
  }
}
