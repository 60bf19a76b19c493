package io.sluice.kafka;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchResponse;

/** What was read for one fetch, in its order. Owned by the thread that reads. */
final class FetchAnswer {

  /** What was read of one partition. */
  record Part(FetchTarget target, PartitionData data) {}

  private final List<Part> parts;
  private int bytes;
  private boolean failed;
  private boolean endsEarly;
  private int unknown;

  FetchAnswer(int expectedParts) {
    this.parts = new ArrayList<>(expectedParts);
  }

  List<Part> parts() {
    return parts;
  }

  /** How many bytes of records there are. */
  int bytes() {
    return bytes;
  }

  /** How many of its partitions do not exist. */
  int unknown() {
    return unknown;
  }

  void add(FetchTarget target, PartitionData data) {
    Errors error = Errors.forCode(data.errorCode());
    // As in Kafka: others do not spin because of one that was deleted.
    boolean missing =
        error == Errors.UNKNOWN_TOPIC_OR_PARTITION || error == Errors.UNKNOWN_TOPIC_ID;
    unknown += missing ? 1 : 0;
    failed |= (error != Errors.NONE && !missing) || FetchResponse.isDivergingEpoch(data);
    bytes += FetchResponse.recordsSize(data);
    parts.add(new Part(target, data));
  }

  /** Records follow that one read does not give, as at the end of a segment. */
  void endsEarly() {
    endsEarly = true;
  }

  /**
   * Whether to wait no longer: there is an error, nothing that exists was asked for, enough is
   * there, or there is more than one read gives.
   */
  boolean isDue(FetchTerms terms) {
    return failed || endsEarly || bytes >= terms.enoughBytes() || unknown == parts.size();
  }

  /** The response that tells {@code told}, which are some of its parts. */
  static FetchResponse response(int sessionId, List<Part> told) {
    FetchResponseData response = new FetchResponseData().setSessionId(sessionId);
    FetchableTopicResponse last = new FetchableTopicResponse();
    for (Part part : told) {
      FetchTarget.Key key = part.target().key();
      if (response.responses().isEmpty()
          || !last.topic().equals(key.topic())
          || !last.topicId().equals(key.topicId())) {
        last = new FetchableTopicResponse().setTopic(key.topic()).setTopicId(key.topicId());
        response.responses().add(last);
      }
      last.partitions().add(part.data());
    }
    return FetchResponse.of(response);
  }
}
