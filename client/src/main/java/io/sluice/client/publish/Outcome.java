package io.sluice.client.publish;

import io.sluice.client.service.Failure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sns.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sns.model.PublishBatchResponse;
import software.amazon.awssdk.services.sns.model.PublishBatchResultEntry;

/**
 * What became of one message of a request.
 *
 * @param failure null: it is published
 * @param sequenceNumber what a FIFO topic gave it
 */
record Outcome(@Nullable Failure failure, @Nullable String sequenceNumber) {

  private static final Outcome UNMENTIONED =
      new Outcome(
          new Failure(true, new UnknownServerException("The answer says nothing of the message")),
          null);

  /** What an answer says of each of so many messages, whose ids are their places. */
  static List<Outcome> of(PublishBatchResponse response, int messages) {
    List<Outcome> outcomes = new ArrayList<>(Collections.nCopies(messages, UNMENTIONED));
    for (PublishBatchResultEntry entry : response.successful()) {
      outcomes.set(Integer.parseInt(entry.id()), new Outcome(null, entry.sequenceNumber()));
    }
    for (BatchResultErrorEntry entry : response.failed()) {
      Failure failure = Failure.of(entry.code(), entry.message(), entry.senderFault());
      outcomes.set(Integer.parseInt(entry.id()), new Outcome(failure, null));
    }
    return outcomes;
  }

  /** What a request that failed is to each of its messages. */
  static Outcome of(Throwable e) {
    Failure failure =
        e instanceof RuntimeException known
            ? Failure.of(known)
            : new Failure(false, new KafkaException(e));
    return new Outcome(failure, null);
  }
}
