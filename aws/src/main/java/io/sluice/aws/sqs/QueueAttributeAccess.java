package io.sluice.aws.sqs;

import io.sluice.aws.CallContext;
import io.sluice.aws.message.Arns;
import io.sluice.broker.Queue;
import io.sluice.broker.QueueDepth;
import io.sluice.broker.Queues;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.SetQueueAttributesResponse;

/** GetQueueAttributes and SetQueueAttributes. */
final class QueueAttributeAccess {

  private final QueueDirectory queues;
  private final Queues all;
  private final StoredAttributes stored;

  QueueAttributeAccess(QueueDirectory queues, Queues all, StoredAttributes stored) {
    this.queues = queues;
    this.all = all;
    this.stored = stored;
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
    stored.change(
        queue,
        attributes -> {
          SortedMap<String, String> changed = QueueAttributes.with(attributes, given);
          if (given.containsKey(RedrivePolicies.REDRIVE)) {
            RedrivePolicies.checkTarget(all, queue.name(), changed);
          }
          return changed;
        });
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
