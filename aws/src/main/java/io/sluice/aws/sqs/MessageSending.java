package io.sluice.aws.sqs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.aws.message.DeduplicationIds;
import io.sluice.aws.message.MessageAttribute;
import io.sluice.aws.message.MessageContent;
import io.sluice.aws.message.MessageIds;
import io.sluice.aws.message.MessageText;
import io.sluice.aws.message.RecordMapping;
import io.sluice.broker.NewMessage;
import io.sluice.broker.Queue;
import io.sluice.broker.RecordPosition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/** SendMessage and SendMessageBatch. */
final class MessageSending {

  private static final String TRACE_HEADER = "AWSTraceHeader";

  private final QueueDirectory queues;

  MessageSending(QueueDirectory queues) {
    this.queues = queues;
  }

  /**
   * A message as it came.
   *
   * @param body the message's, in UTF-8: encoded once, for it may be most of the work
   */
  @SuppressWarnings("ArrayRecordComponent") // payload, never compared
  private record Given(SendMessageBatchRequestEntry entry, byte[] body) {

    static Given of(SendMessageBatchRequestEntry entry) {
      String body = entry.messageBody();
      return new Given(entry, body == null ? new byte[0] : body.getBytes(UTF_8));
    }

    /** The size that Amazon measures: body and attributes. */
    long size() {
      long size = body.length;
      for (var attribute : entry.messageAttributes().entrySet()) {
        size += MessageAttributes.size(attribute.getKey(), attribute.getValue());
      }
      return size;
    }
  }

  /** A message that passed the checks. */
  @SuppressWarnings("ArrayRecordComponent") // payload, never compared
  private record Checked(
      MessageContent content,
      byte[] body,
      SortedMap<String, MessageAttribute> system,
      Duration delay,
      Optional<String> deduplicationId) {

    NewMessage message() {
      return new NewMessage(RecordMapping.toRecord(content, body), delay, deduplicationId);
    }

    /** Messages of standard queues have none. */
    @Nullable String sequenceNumber(RecordPosition position) {
      return deduplicationId.isEmpty() ? null : DeduplicationIds.sequenceNumber(position.offset());
    }

    String bodyMd5() {
      return Md5.of(body);
    }

    @Nullable String attributesMd5() {
      return content.attributes().isEmpty() ? null : Md5.of(content.attributes());
    }

    @Nullable String systemAttributesMd5() {
      return system.isEmpty() ? null : Md5.of(system);
    }
  }

  SendMessageResponse send(SendMessageRequest request) {
    Queue queue = queues.byUrl(request.queueUrl());
    MessageAttributes.checkNoLists("SendMessage", request.messageAttributes());
    Given given =
        Given.of(
            SendMessageBatchRequestEntry.builder()
                .messageBody(request.messageBody())
                .delaySeconds(request.delaySeconds())
                .messageAttributes(
                    request.hasMessageAttributes() ? request.messageAttributes() : null)
                .messageSystemAttributesWithStrings(
                    request.hasMessageSystemAttributes()
                        ? request.messageSystemAttributesAsStrings()
                        : null)
                .messageDeduplicationId(request.messageDeduplicationId())
                .messageGroupId(request.messageGroupId())
                .build());
    int maxBytes = maxBytes(queue);
    if (given.size() > maxBytes) {
      throw SqsErrors.messageTooLong(maxBytes);
    }
    Checked checked = check(queue, given);
    RecordPosition position = queue.send(List.of(checked.message())).getFirst().join();
    return SendMessageResponse.builder()
        .messageId(MessageIds.of(position))
        .sequenceNumber(checked.sequenceNumber(position))
        .md5OfMessageBody(checked.bodyMd5())
        .md5OfMessageAttributes(checked.attributesMd5())
        .md5OfMessageSystemAttributes(checked.systemAttributesMd5())
        .build();
  }

  SendMessageBatchResponse sendBatch(SendMessageBatchRequest request) {
    Queue queue = queues.byUrl(request.queueUrl());
    List<SendMessageBatchRequestEntry> entries = request.entries();
    Batches.check("SendMessageBatchRequestEntry", entries, SendMessageBatchRequestEntry::id);
    for (SendMessageBatchRequestEntry entry : entries) {
      // These fail the whole batch at Amazon, where most rules fail their entry.
      MessageAttributes.checkNoLists("SendMessageBatch", entry.messageAttributes());
      FifoMessages.checkIds(queue, entry);
    }
    List<Given> given = entries.stream().map(Given::of).toList();
    long bytes = given.stream().mapToLong(Given::size).sum();
    if (bytes > SqsLimits.MESSAGE_BYTES) {
      throw SqsErrors.batchTooLong(bytes);
    }
    List<BatchResultErrorEntry> failed = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    List<Checked> messages = new ArrayList<>();
    int maxBytes = maxBytes(queue);
    for (Given each : given) {
      String id = each.entry().id();
      try {
        if (each.size() > maxBytes) {
          throw SqsErrors.batchMessageTooLong(maxBytes);
        }
        messages.add(check(queue, each));
        ids.add(id);
      } catch (AwsServiceException e) {
        failed.add(Batches.failure(id, e));
      }
    }
    return SendMessageBatchResponse.builder()
        .successful(Answers.unlessEmpty(sendAll(queue, ids, messages, failed)))
        .failed(Answers.unlessEmpty(failed))
        .build();
  }

  private static List<SendMessageBatchResultEntry> sendAll(
      Queue queue, List<String> ids, List<Checked> messages, List<BatchResultErrorEntry> failed) {
    if (messages.isEmpty()) {
      return List.of();
    }
    List<CompletableFuture<RecordPosition>> sent =
        queue.send(messages.stream().map(Checked::message).toList());
    List<SendMessageBatchResultEntry> successful = new ArrayList<>(messages.size());
    for (int i = 0; i < messages.size(); i++) {
      Checked message = messages.get(i);
      try {
        RecordPosition position = sent.get(i).join();
        successful.add(
            SendMessageBatchResultEntry.builder()
                .id(ids.get(i))
                .messageId(MessageIds.of(position))
                .sequenceNumber(message.sequenceNumber(position))
                .md5OfMessageBody(message.bodyMd5())
                .md5OfMessageAttributes(message.attributesMd5())
                .md5OfMessageSystemAttributes(message.systemAttributesMd5())
                .build());
      } catch (RuntimeException e) {
        failed.add(Batches.failure(ids.get(i), SqsErrors.ofEntry(e)));
      }
    }
    return successful;
  }

  private static Checked check(Queue queue, Given given) {
    SendMessageBatchRequestEntry entry = given.entry();
    String body = entry.messageBody();
    if (body == null || body.isEmpty()) {
      throw SqsErrors.missingParameter("MessageBody");
    }
    if (!MessageText.isLegal(body, given.body())) {
      throw SqsErrors.invalidMessageContents();
    }
    Optional<String> deduplicationId = FifoMessages.deduplicationId(queue, entry);
    SortedMap<String, MessageAttribute> system = systemAttributes(entry);
    MessageContent content =
        new MessageContent(
            body,
            groupId(entry.messageGroupId()),
            MessageAttributes.read(entry.messageAttributes()),
            Optional.empty(),
            Optional.ofNullable(system.get(TRACE_HEADER))
                .map(header -> ((MessageAttribute.Text) header).value()));
    return new Checked(
        content, given.body(), system, delay(queue, entry.delaySeconds()), deduplicationId);
  }

  private static Optional<String> groupId(@Nullable String groupId) {
    if (groupId == null) {
      return Optional.empty();
    }
    if (groupId.isEmpty()
        || groupId.length() > SqsLimits.GROUP_ID_LENGTH
        || groupId.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      throw SqsErrors.invalidParameter(
          groupId,
          "MessageGroupId",
          "MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in"
              + " length.");
    }
    return Optional.of(groupId);
  }

  private static Duration delay(Queue queue, @Nullable Integer seconds) {
    if (seconds == null) {
      return Duration.ofSeconds(QueueAttributes.number(queue.attributes(), QueueAttributes.DELAY));
    }
    FifoMessages.checkDelay(queue, seconds);
    if (seconds < 0 || seconds > SqsLimits.DELAY_SECONDS) {
      throw SqsErrors.invalidParameter(
          seconds,
          "DelaySeconds",
          "DelaySeconds must be >= 0 and <= " + SqsLimits.DELAY_SECONDS + ".");
    }
    return Duration.ofSeconds(seconds);
  }

  private static SortedMap<String, MessageAttribute> systemAttributes(
      SendMessageBatchRequestEntry entry) {
    Map<String, MessageSystemAttributeValue> given = entry.messageSystemAttributesAsStrings();
    if (given.isEmpty()) {
      return Collections.emptySortedMap();
    }
    SortedMap<String, MessageAttribute> attributes = new TreeMap<>();
    given.forEach(
        (name, value) -> {
          String text = value.stringValue();
          if (!name.equals(TRACE_HEADER)
              || !MessageAttribute.STRING.equals(value.dataType())
              || text == null
              || text.isEmpty()
              || text.length() > SqsLimits.TRACE_HEADER_LENGTH
              || !MessageText.isLegal(text)) {
            throw SqsErrors.invalidParameterValue(
                "Message system attribute '"
                    + name
                    + "' is invalid. Currently, the only supported message system attribute is"
                    + " AWSTraceHeader, a String.");
          }
          attributes.put(name, MessageAttribute.string(text));
        });
    return attributes;
  }

  private static int maxBytes(Queue queue) {
    return QueueAttributes.number(queue.attributes(), QueueAttributes.MAXIMUM_MESSAGE_SIZE);
  }
}
