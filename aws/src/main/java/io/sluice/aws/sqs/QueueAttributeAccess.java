package io.sluice.aws.sqs;

import io.sluice.aws.CallContext;
import io.sluice.aws.message.Arns;
import io.sluice.broker.Queue;
import io.sluice.broker.QueueDepth;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.SetQueueAttributesResponse;

/**
 * GetQueueAttributes and SetQueueAttributes. A lock orders the changes, so that of two at once both
 * take effect.
 */
final class QueueAttributeAccess {

  private final QueueDirectory queues;
  private final Lock changes = new ReentrantLock();

  QueueAttributeAccess(QueueDirectory queues) {
    this.queues = queues;
  }

  GetQueueAttributesResponse get(GetQueueAttributesRequest request) {
    Queue queue = queues.byUrl(request.queueUrl());
    var asked = request.attributeNamesAsStrings();
    for (String name : asked) {
      if (QueueAttributeName.fromValue(name) == QueueAttributeName.UNKNOWN_TO_SDK_VERSION) {
        throw SqsErrors.unknownAttribute(name);
      }
    }
    if (asked.isEmpty()) {
      return GetQueueAttributesResponse.builder().build();
    }
    Map<String, String> attributes = all(queue);
    if (!asked.contains("All")) {
      attributes.keySet().retainAll(asked);
    }
    return GetQueueAttributesResponse.builder()
        .attributesWithStrings(attributes.isEmpty() ? null : attributes)
        .build();
  }

  SetQueueAttributesResponse set(SetQueueAttributesRequest request) {
    Queue queue = queues.byUrl(request.queueUrl());
    Map<String, String> given = request.attributesAsStrings();
    if (given.isEmpty()) {
      throw SqsErrors.missingParameter("Attribute.Name");
    }
    changes.lock();
    try {
      SortedMap<String, String> stored = QueueAttributes.with(queue.attributes(), given);
      queue.alter(stored, QueueAttributes.settings(stored));
    } finally {
      changes.unlock();
    }
    return SetQueueAttributesResponse.builder().build();
  }

  private static Map<String, String> all(Queue queue) {
    CallContext context = CallContext.current();
    Map<String, String> attributes = new TreeMap<>(QueueAttributes.visible(queue.attributes()));
    attributes.put("QueueArn", Arns.queue(context.region(), context.accountId(), queue.name()));
    attributes.put("CreatedTimestamp", Long.toString(queue.createdAt().getEpochSecond()));
    attributes.put("LastModifiedTimestamp", Long.toString(queue.modifiedAt().getEpochSecond()));
    QueueDepth depth = queue.depth();
    attributes.put("ApproximateNumberOfMessages", Long.toString(depth.available()));
    attributes.put("ApproximateNumberOfMessagesNotVisible", Long.toString(depth.inFlight()));
    attributes.put("ApproximateNumberOfMessagesDelayed", Long.toString(depth.delayed()));
    return attributes;
  }
}
