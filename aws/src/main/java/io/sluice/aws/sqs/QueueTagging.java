package io.sluice.aws.sqs;

import io.sluice.broker.Queue;
import io.sluice.broker.RewindPoint;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import software.amazon.awssdk.services.sqs.model.ListQueueTagsRequest;
import software.amazon.awssdk.services.sqs.model.ListQueueTagsResponse;
import software.amazon.awssdk.services.sqs.model.TagQueueRequest;
import software.amazon.awssdk.services.sqs.model.TagQueueResponse;
import software.amazon.awssdk.services.sqs.model.UntagQueueRequest;
import software.amazon.awssdk.services.sqs.model.UntagQueueResponse;

/**
 * TagQueue, UntagQueue and ListQueueTags. One tag acts instead of being kept, so that any SDK can
 * rewind a queue: {@value #REWIND}, with what {@link RewindPoint} reads for its value.
 */
final class QueueTagging {

  /** Moves the queue that is tagged with it. */
  static final String REWIND = "sluice:rewind";

  private final QueueDirectory queues;
  private final StoredAttributes stored;

  QueueTagging(QueueDirectory queues, StoredAttributes stored) {
    this.queues = queues;
    this.stored = stored;
  }

  TagQueueResponse tag(TagQueueRequest request) {
    Queue queue = queues.byUrl(request.queueUrl());
    if (request.tags().isEmpty()) {
      throw SqsErrors.missingParameter("Tags");
    }
    Map<String, String> tags = new TreeMap<>(request.tags());
    String rewind = tags.remove(REWIND);
    RewindPoint point = rewind == null ? null : point(rewind);
    stored.change(
        queue,
        attributes -> {
          QueueTags.add(attributes, tags, queue.name());
          return attributes;
        });
    if (point != null) {
      rewind(queue, point, String.valueOf(rewind));
    }
    return TagQueueResponse.builder().build();
  }

  private static RewindPoint point(String text) {
    try {
      return RewindPoint.parse(text);
    } catch (IllegalArgumentException _) {
      throw SqsErrors.invalidParameter(
          text, "Tag.Value", "The tag " + REWIND + " must be " + RewindPoint.FORMS + ".");
    }
  }

  private static void rewind(Queue queue, RewindPoint point, String text) {
    try {
      point.move(queue);
    } catch (UnknownTopicOrPartitionException _) {
      throw SqsErrors.invalidParameter(
          text, "Tag.Value", "The queue " + queue.name() + " does not read that partition.");
    }
  }

  UntagQueueResponse untag(UntagQueueRequest request) {
    Queue queue = queues.byUrl(request.queueUrl());
    stored.change(
        queue,
        attributes -> {
          QueueTags.remove(attributes, request.tagKeys());
          return attributes;
        });
    return UntagQueueResponse.builder().build();
  }

  ListQueueTagsResponse list(ListQueueTagsRequest request) {
    Map<String, String> tags = QueueTags.of(queues.byUrl(request.queueUrl()).attributes());
    return ListQueueTagsResponse.builder().tags(tags.isEmpty() ? null : tags).build();
  }
}
