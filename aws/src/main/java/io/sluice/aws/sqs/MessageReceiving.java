package io.sluice.aws.sqs;

import io.sluice.aws.CallContext;
import io.sluice.aws.message.Arns;
import io.sluice.aws.message.DeduplicationIds;
import io.sluice.aws.message.Delivery;
import io.sluice.aws.message.MessageAttribute;
import io.sluice.aws.message.Notifications;
import io.sluice.aws.message.RecordMapping;
import io.sluice.aws.sqs.ReceiveAttempts.Received;
import io.sluice.broker.MessageOrigin;
import io.sluice.broker.Queue;
import io.sluice.broker.ReceivedMessage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;

/**
 * ReceiveMessage. The attribute that says that a body is not the record's value as text, {@link
 * RecordMapping#BODY}, comes whether asked for or not.
 */
final class MessageReceiving {

  private static final String ALL = "All";

  private final QueueDirectory queues;
  private final ReceiptHandles handles;
  private final Notifications notifications;
  private final InstantSource clock;
  private final ReceiveAttempts attempts;

  MessageReceiving(
      QueueDirectory queues,
      ReceiptHandles handles,
      Notifications notifications,
      InstantSource clock) {
    this.queues = queues;
    this.handles = handles;
    this.notifications = notifications;
    this.clock = clock;
    this.attempts = new ReceiveAttempts(clock);
  }

  ReceiveMessageResponse receive(ReceiveMessageRequest request) {
    Queue queue = queues.byUrl(request.queueUrl());
    Integer asked = request.maxNumberOfMessages();
    int max = asked == null ? 1 : asked;
    if (max < 1 || max > SqsLimits.BATCH_ENTRIES) {
      throw SqsErrors.invalidParameter(
          max,
          "MaxNumberOfMessages",
          "Must be between 1 and " + SqsLimits.BATCH_ENTRIES + ", if provided.");
    }
    Duration visibility =
        seconds(
            queue,
            request.visibilityTimeout(),
            QueueAttributes.VISIBILITY_TIMEOUT,
            "VisibilityTimeout",
            SqsLimits.VISIBILITY_TIMEOUT_SECONDS);
    Duration wait =
        seconds(
            queue,
            request.waitTimeSeconds(),
            QueueAttributes.WAIT_TIME,
            "WaitTimeSeconds",
            SqsLimits.WAIT_TIME_SECONDS);
    Set<String> systemAttributes = systemAttributes(request);
    List<Message> messages = new ArrayList<>();
    Received taken = take(queue, request.receiveRequestAttemptId(), max, visibility, wait);
    for (ReceivedMessage received : taken.messages()) {
      String handle = handles.write(queue.id(), received.receipt(), taken.at());
      messages.add(
          message(queue, received, handle, systemAttributes, request.messageAttributeNames()));
    }
    return ReceiveMessageResponse.builder().messages(Answers.unlessEmpty(messages)).build();
  }

  private Received take(
      Queue queue, @Nullable String attemptId, int max, Duration visibility, Duration wait) {
    if (attemptId == null) {
      return take(queue, max, visibility, wait);
    }
    FifoMessages.checkAttemptId(queue, attemptId);
    Optional<Received> again = attempts.repeat(queue, attemptId, visibility);
    Received taken = again.orElseGet(() -> take(queue, max, visibility, wait));
    attempts.note(queue, attemptId, taken);
    return taken;
  }

  /** A wait ends empty-handed when the listener closes or the caller has gone. */
  private Received take(Queue queue, int max, Duration visibility, Duration wait) {
    List<ReceivedMessage> messages = List.of();
    try {
      messages = queue.receive(max, visibility, wait, CallContext.current().abandoned());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return new Received(messages, clock.instant());
  }

  private static Duration seconds(
      Queue queue, @Nullable Integer asked, String attribute, String parameter, int max) {
    if (asked == null) {
      return Duration.ofSeconds(QueueAttributes.number(queue.attributes(), attribute));
    }
    if (asked < 0 || asked > max) {
      throw SqsErrors.invalidParameter(
          asked, parameter, "Must be >= 0 and <= " + max + ", if provided.");
    }
    return Duration.ofSeconds(asked);
  }

  /** The names asked for by either of the request's two lists, of which one is the older. */
  @SuppressWarnings("deprecation")
  private static Set<String> systemAttributes(ReceiveMessageRequest request) {
    if (!request.hasAttributeNames() && !request.hasMessageSystemAttributeNames()) {
      return Set.of();
    }
    Set<String> names = new HashSet<>(request.attributeNamesAsStrings());
    names.addAll(request.messageSystemAttributeNamesAsStrings());
    for (String name : names) {
      if (MessageSystemAttributeName.fromValue(name)
              == MessageSystemAttributeName.UNKNOWN_TO_SDK_VERSION
          && QueueAttributeName.fromValue(name) == QueueAttributeName.UNKNOWN_TO_SDK_VERSION) {
        throw SqsErrors.unknownAttribute(name);
      }
    }
    return names;
  }

  private Message message(
      Queue queue,
      ReceivedMessage received,
      String handle,
      Set<String> systemAttributes,
      List<String> attributeNames) {
    CallContext context = CallContext.current();
    Delivery.Delivered delivered =
        Delivery.of(
            received,
            notifications,
            new Notifications.Receiver(context.region(), context.accountId(), context.endpoint()));
    String body = delivered.content().body();
    Message.Builder message =
        Message.builder()
            .messageId(delivered.messageId())
            .receiptHandle(handle)
            .body(body)
            .md5OfBody(Md5.of(body));
    if (!systemAttributes.isEmpty()) {
      Map<String, String> system = systemAttributes(queue, received, delivered, context);
      if (!systemAttributes.contains(ALL)) {
        system.keySet().retainAll(systemAttributes);
      }
      if (!system.isEmpty()) {
        message.attributesWithStrings(system);
      }
    }
    SortedMap<String, MessageAttribute> attributes =
        select(delivered.content().attributes(), attributeNames);
    if (!attributes.isEmpty()) {
      message
          .messageAttributes(MessageAttributes.write(attributes))
          .md5OfMessageAttributes(Md5.of(attributes));
    }
    return message.build();
  }

  private static Map<String, String> systemAttributes(
      Queue queue, ReceivedMessage received, Delivery.Delivered delivered, CallContext context) {
    Map<String, String> system = new HashMap<>();
    if (queue.settings().fifo().isPresent()) {
      system.put("SequenceNumber", DeduplicationIds.sequenceNumber(received.record().offset()));
      // Of a dead letter it is the original message's id (Amazon's page about redrive).
      system.put(
          "MessageDeduplicationId",
          DeduplicationIds.of(received.record()).orElse(delivered.messageId()));
    }
    system.put("SenderId", context.accountId());
    system.put("SentTimestamp", Long.toString(received.sentAt().toEpochMilli()));
    system.put("ApproximateReceiveCount", Integer.toString(received.receiveCount()));
    system.put(
        "ApproximateFirstReceiveTimestamp",
        Long.toString(received.firstReceivedAt().toEpochMilli()));
    received
        .origin()
        .flatMap(MessageOrigin::deadLetter)
        .ifPresent(
            before ->
                system.put(
                    "DeadLetterQueueSourceArn",
                    Arns.queue(context.region(), context.accountId(), before.queue())));
    delivered.content().groupId().ifPresent(id -> system.put("MessageGroupId", id));
    delivered.content().traceHeader().ifPresent(header -> system.put("AWSTraceHeader", header));
    return system;
  }

  /** The attributes that a request names: each, by a prefix before {@code .*}, or all. */
  private static SortedMap<String, MessageAttribute> select(
      SortedMap<String, MessageAttribute> attributes, List<String> names) {
    if (attributes.isEmpty()) {
      return attributes;
    }
    SortedMap<String, MessageAttribute> selected = new TreeMap<>();
    MessageAttribute bodyMarker = attributes.get(RecordMapping.BODY);
    if (bodyMarker != null) {
      selected.put(RecordMapping.BODY, bodyMarker);
    }
    for (String name : names) {
      if (name.equals(ALL) || name.equals("*") || name.equals(".*")) {
        return attributes;
      }
      boolean prefix = name.endsWith(".*");
      String wanted = prefix ? name.substring(0, name.length() - 2) : name;
      attributes.forEach(
          (key, value) -> {
            if (prefix ? key.startsWith(wanted) : key.equals(wanted)) {
              selected.put(key, value);
            }
          });
    }
    return selected;
  }
}
