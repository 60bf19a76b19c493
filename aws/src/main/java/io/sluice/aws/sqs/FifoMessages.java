package io.sluice.aws.sqs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.aws.message.DeduplicationIds;
import io.sluice.broker.Queue;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/** What a FIFO queue asks of a message that is sent to it (Amazon's "SendMessage"). */
final class FifoMessages {

  private static final String NOT_FOR_TYPE =
      "The request includes a parameter that is not valid for this queue type.";

  private static final String NO_DEDUPLICATION_ID =
      "The queue should either have ContentBasedDeduplication enabled or"
          + " MessageDeduplicationId provided explicitly";

  private FifoMessages() {}

  /** Whether an entry of a batch for a FIFO queue has the ids that it needs. */
  static void checkIds(Queue queue, SendMessageBatchRequestEntry entry) {
    if (queue.settings().fifo().isEmpty()) {
      return;
    }
    if (entry.messageGroupId() == null) {
      // Not MissingParameter, as for a single message.
      throw SqsErrors.invalidParameterValue(
          "The request must contain the parameter MessageGroupId.");
    }
    if (entry.messageDeduplicationId() == null
        && !FifoAttributes.isContentBased(queue.attributes())) {
      throw SqsErrors.invalidParameterValue(NO_DEDUPLICATION_ID);
    }
  }

  /** The deduplication id: the one given, or the body's digest; empty for a standard queue. */
  static Optional<String> deduplicationId(Queue queue, SendMessageBatchRequestEntry entry) {
    String given = entry.messageDeduplicationId();
    if (queue.settings().fifo().isEmpty()) {
      if (given != null) {
        throw SqsErrors.invalidParameter(given, "MessageDeduplicationId", NOT_FOR_TYPE);
      }
      return Optional.empty();
    }
    if (entry.messageGroupId() == null) {
      throw SqsErrors.missingParameter("MessageGroupId");
    }
    if (given != null) {
      checkId("MessageDeduplicationId", given);
      return Optional.of(given);
    }
    if (!FifoAttributes.isContentBased(queue.attributes())) {
      throw SqsErrors.invalidParameterValue(NO_DEDUPLICATION_ID);
    }
    return Optional.of(DeduplicationIds.ofContent(entry.messageBody().getBytes(UTF_8)));
  }

  /** A FIFO queue has one delay for all its messages. */
  static void checkDelay(Queue queue, @Nullable Integer seconds) {
    if (seconds != null && seconds != 0 && queue.settings().fifo().isPresent()) {
      throw SqsErrors.invalidParameter(
          seconds,
          "DelaySeconds",
          "The request include parameter that is not valid for this queue type.");
    }
  }

  /** The id of a receive, which only FIFO queues heed. */
  static void checkAttemptId(Queue queue, String id) {
    if (queue.settings().fifo().isEmpty()) {
      throw SqsErrors.invalidParameter(id, "ReceiveRequestAttemptId", NOT_FOR_TYPE);
    }
    checkId("ReceiveRequestAttemptId", id);
  }

  private static void checkId(String name, String id) {
    if (!DeduplicationIds.isLegal(id)) {
      throw SqsErrors.invalidParameter(
          id,
          name,
          name
              + " can only include alphanumeric and punctuation characters. 1 to "
              + DeduplicationIds.MAX_LENGTH
              + " in length.");
    }
  }
}
