package io.sluice.aws.sns;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.aws.message.DeduplicationIds;
import io.sluice.aws.message.FifoTopics;
import io.sluice.aws.message.MessageContent;
import io.sluice.aws.message.MessageIds;
import io.sluice.aws.message.MessageText;
import io.sluice.aws.message.RecordMapping;
import io.sluice.broker.NewRecord;
import io.sluice.broker.Publisher;
import io.sluice.broker.RecordPosition;
import io.sluice.broker.Topic;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.sns.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sns.model.PublishBatchRequest;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sns.model.PublishBatchResponse;
import software.amazon.awssdk.services.sns.model.PublishBatchResultEntry;
import software.amazon.awssdk.services.sns.model.PublishRequest;
import software.amazon.awssdk.services.sns.model.PublishResponse;

/**
 * Publish and PublishBatch: one append each, however many queues are subscribed. They answer when
 * the message is durable. As at Amazon, one entry that breaks a rule refuses its whole batch; what
 * can fail alone is the append.
 */
final class Publishing {

  private final Publisher publisher;
  private final TopicDirectory topics;

  Publishing(Publisher publisher, TopicDirectory topics) {
    this.publisher = publisher;
    this.topics = topics;
  }

  PublishResponse publish(PublishRequest request) {
    PublishBatchRequestEntry entry =
        PublishBatchRequestEntry.builder()
            .message(request.message())
            .subject(request.subject())
            .messageStructure(request.messageStructure())
            .messageAttributes(request.messageAttributes())
            .messageDeduplicationId(request.messageDeduplicationId())
            .messageGroupId(request.messageGroupId())
            .build();
    if (size(entry) > SnsLimits.MESSAGE_BYTES) {
      throw SnsErrors.messageTooLong();
    }
    NewRecord record = record("messageAttributes", entry);
    Topic topic = target(request);
    List<String> ids = FifoMessages.deduplicationId(topic, entry).stream().toList();
    RecordPosition position = append(topic, List.of(record), ids).getFirst().join();
    return PublishResponse.builder()
        .messageId(MessageIds.of(position))
        .sequenceNumber(sequenceNumber(topic, position))
        .build();
  }

  /** A FIFO topic answers a duplicate as it answered the first. */
  private List<CompletableFuture<RecordPosition>> append(
      Topic topic, List<NewRecord> records, List<String> deduplicationIds) {
    return FifoTopics.isFifo(topic)
        ? publisher.publishOnce(
            topic.name(),
            records,
            deduplicationIds,
            FifoTopicAttributes.isByGroup(topic.attributes()))
        : publisher.publish(topic.name(), records);
  }

  /** Messages of standard topics have none. */
  private static @Nullable String sequenceNumber(Topic topic, RecordPosition position) {
    return FifoTopics.isFifo(topic) ? DeduplicationIds.sequenceNumber(position.offset()) : null;
  }

  PublishBatchResponse publishBatch(PublishBatchRequest request) {
    List<PublishBatchRequestEntry> entries = request.publishBatchRequestEntries();
    checkNumber(entries);
    Topic topic = topics.require("TopicArn", request.topicArn());
    checkIds(entries);
    List<NewRecord> records = new ArrayList<>(entries.size());
    List<String> deduplicationIds = new ArrayList<>();
    long bytes = 0;
    for (PublishBatchRequestEntry entry : entries) {
      String path =
          "publishBatchRequestEntries." + (records.size() + 1) + ".member.messageAttributes";
      records.add(record(path, entry));
      FifoMessages.deduplicationId(topic, entry).ifPresent(deduplicationIds::add);
      bytes += size(entry);
    }
    if (bytes > SnsLimits.MESSAGE_BYTES) {
      throw SnsErrors.batchTooLong();
    }
    return results(topic, entries, append(topic, records, deduplicationIds));
  }

  private static PublishBatchResponse results(
      Topic topic,
      List<PublishBatchRequestEntry> entries,
      List<CompletableFuture<RecordPosition>> published) {
    List<PublishBatchResultEntry> successful = new ArrayList<>(entries.size());
    List<BatchResultErrorEntry> failed = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      String id = entries.get(i).id();
      try {
        RecordPosition position = published.get(i).join();
        successful.add(
            PublishBatchResultEntry.builder()
                .id(id)
                .messageId(MessageIds.of(position))
                .sequenceNumber(sequenceNumber(topic, position))
                .build());
      } catch (RuntimeException e) {
        AwsServiceException error = SnsErrors.ofEntry(e);
        failed.add(
            BatchResultErrorEntry.builder()
                .id(id)
                .code(error.awsErrorDetails().errorCode())
                .message(error.awsErrorDetails().errorMessage())
                .senderFault(error.statusCode() < 500)
                .build());
      }
    }
    return PublishBatchResponse.builder().successful(successful).failed(failed).build();
  }

  private Topic target(PublishRequest request) {
    if (request.phoneNumber() != null) {
      throw SnsErrors.invalidParameter(
          "PhoneNumber", "Sluice delivers to queues only, not to phones");
    }
    if (request.topicArn() != null) {
      return topics.require("TopicArn", request.topicArn());
    }
    if (request.targetArn() == null) {
      throw SnsErrors.missingParameter("TopicArn or TargetArn");
    }
    if (request.targetArn().contains(":endpoint/")) {
      throw SnsErrors.invalidParameter(
          "TargetArn", "No endpoint found for the target arn specified");
    }
    return topics.require("TargetArn", request.targetArn());
  }

  private static void checkNumber(List<PublishBatchRequestEntry> entries) {
    if (entries.isEmpty()) {
      throw SnsErrors.emptyBatch();
    }
    if (entries.size() > SnsLimits.BATCH_ENTRIES) {
      throw SnsErrors.tooManyEntries();
    }
  }

  private static void checkIds(List<PublishBatchRequestEntry> entries) {
    Set<String> ids = new HashSet<>();
    for (PublishBatchRequestEntry entry : entries) {
      String id = entry.id() == null ? "" : entry.id();
      if (!ids.add(id)) {
        throw SnsErrors.entryIdsNotDistinct();
      }
      if (id.length() > SnsLimits.BATCH_ENTRY_ID_LENGTH) {
        throw SnsErrors.entryIdTooLong(id);
      }
      if (!id.matches("[a-zA-Z0-9_-]+")) {
        throw SnsErrors.illegalEntryId(id);
      }
    }
  }

  private static NewRecord record(String path, PublishBatchRequestEntry entry) {
    if (entry.subject() != null && !isSubject(entry.subject())) {
      throw SnsErrors.invalidParameter("Subject");
    }
    if (entry.message() == null || entry.message().isEmpty()) {
      throw SnsErrors.invalidParameter("Empty message");
    }
    MessageBodies bodies = MessageBodies.of(entry.message(), entry.messageStructure());
    if (!bodies.areLegal()) {
      throw SnsErrors.invalidParameter(
          "Message",
          "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF"
              + " | #xE000 to #xFFFD | #x10000 to #x10FFFF");
    }
    return bodies.withOthers(
        RecordMapping.toRecord(
            new MessageContent(
                bodies.sqs(),
                groupId(entry.messageGroupId()),
                SnsMessageAttributes.read(path, entry.messageAttributes()),
                Optional.ofNullable(entry.subject()),
                Optional.empty())));
  }

  private static boolean isSubject(String subject) {
    return !subject.isEmpty()
        && subject.length() <= SnsLimits.SUBJECT_LENGTH
        && MessageText.isLegal(subject)
        && subject.chars().noneMatch(Character::isISOControl);
  }

  private static Optional<String> groupId(@Nullable String groupId) {
    if (groupId != null
        && (groupId.isEmpty()
            || groupId.length() > SnsLimits.GROUP_ID_LENGTH
            || groupId.chars().anyMatch(c -> c <= ' ' || c > '~'))) {
      throw SnsErrors.invalidParameter(
          "MessageGroupId",
          "MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in"
              + " length");
    }
    return Optional.ofNullable(groupId);
  }

  /** The size that Amazon measures: message and attributes. */
  private static long size(PublishBatchRequestEntry entry) {
    long message = entry.message() == null ? 0 : entry.message().getBytes(UTF_8).length;
    return message + SnsMessageAttributes.size(entry.messageAttributes());
  }
}
