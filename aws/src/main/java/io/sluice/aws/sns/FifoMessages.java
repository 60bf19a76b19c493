package io.sluice.aws.sns;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.aws.message.DeduplicationIds;
import io.sluice.aws.message.FifoTopics;
import io.sluice.broker.Topic;
import java.util.Optional;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;

/** What a FIFO topic asks of a message that is published to it (Amazon's "Publish"). */
final class FifoMessages {

  private static final String DEDUPLICATION_ID = "MessageDeduplicationId";

  private FifoMessages() {}

  /** The deduplication id: the one given, or the message's digest; empty for a standard topic. */
  static Optional<String> deduplicationId(Topic topic, PublishBatchRequestEntry entry) {
    String given = entry.messageDeduplicationId();
    if (!FifoTopics.isFifo(topic)) {
      if (given != null) {
        throw SnsErrors.invalidParameter(
            DEDUPLICATION_ID,
            "The request includes MessageDeduplicationId parameter that is not valid for this topic"
                + " type");
      }
      return Optional.empty();
    }
    if (entry.messageGroupId() == null) {
      throw SnsErrors.invalidParameter("The MessageGroupId parameter is required for FIFO topics");
    }
    if (given != null) {
      if (!DeduplicationIds.isLegal(given)) {
        throw SnsErrors.invalidParameter(
            DEDUPLICATION_ID,
            "MessageDeduplicationId can only include alphanumeric and punctuation characters. 1 to "
                + DeduplicationIds.MAX_LENGTH
                + " in length");
      }
      return Optional.of(given);
    }
    if (!FifoTopicAttributes.isContentBased(topic.attributes())) {
      throw SnsErrors.invalidParameter(
          "The topic should either have ContentBasedDeduplication enabled or"
              + " MessageDeduplicationId provided explicitly");
    }
    return Optional.of(DeduplicationIds.ofContent(entry.message().getBytes(UTF_8)));
  }
}
