package io.sluice.aws.sqs;

import io.sluice.aws.AwsErrors;
import io.sluice.broker.LimitExceededException;
import io.sluice.broker.TooManyInFlightException;
import io.sluice.broker.deduplication.TooManyRecentIdsException;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.sqs.model.BatchEntryIdsNotDistinctException;
import software.amazon.awssdk.services.sqs.model.BatchRequestTooLongException;
import software.amazon.awssdk.services.sqs.model.EmptyBatchRequestException;
import software.amazon.awssdk.services.sqs.model.InvalidAddressException;
import software.amazon.awssdk.services.sqs.model.InvalidAttributeNameException;
import software.amazon.awssdk.services.sqs.model.InvalidAttributeValueException;
import software.amazon.awssdk.services.sqs.model.InvalidBatchEntryIdException;
import software.amazon.awssdk.services.sqs.model.InvalidMessageContentsException;
import software.amazon.awssdk.services.sqs.model.OverLimitException;
import software.amazon.awssdk.services.sqs.model.PurgeQueueInProgressException;
import software.amazon.awssdk.services.sqs.model.QueueDeletedRecentlyException;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.QueueNameExistsException;
import software.amazon.awssdk.services.sqs.model.ReceiptHandleIsInvalidException;
import software.amazon.awssdk.services.sqs.model.RequestThrottledException;
import software.amazon.awssdk.services.sqs.model.ResourceNotFoundException;
import software.amazon.awssdk.services.sqs.model.SqsException;
import software.amazon.awssdk.services.sqs.model.TooManyEntriesInBatchRequestException;
import software.amazon.awssdk.services.sqs.model.UnsupportedOperationException;

/**
 * SQS's errors: class, code (as the Query protocol and the SDK's {@code errorCode()} name it),
 * status and Amazon's own sentence. Also the one table that translates the broker's exceptions.
 */
final class SqsErrors {

  private static final Logger LOG = LoggerFactory.getLogger(SqsErrors.class);

  private static final String PREFIX = "AWS.SimpleQueueService.";

  private static final String ILLEGAL_CHARACTERS =
      "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF |"
          + " #xE000 to #xFFFD | #x10000 to #x10FFFF";

  private SqsErrors() {}

  /** What an exception of the broker means to a client; itself when it means nothing to one. */
  static RuntimeException translate(RuntimeException e) {
    Throwable meant = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
    return switch (meant) {
      case AwsServiceException known -> known;
      case io.sluice.broker.QueueDoesNotExistException _ -> queueDoesNotExist();
      case UnknownTopicOrPartitionException _ -> queueDoesNotExist(); // its inbox went just now
      case TooManyInFlightException over -> overLimit(String.valueOf(over.getMessage()));
      case TooManyRecentIdsException _ -> throttled();
      case LimitExceededException over -> overLimit(String.valueOf(over.getMessage()));
      case RecordTooLargeException _ -> messageTooLong(SqsLimits.MESSAGE_BYTES);
      case KafkaStorageException _ -> unavailable();
      default -> e;
    };
  }

  /** The disk is full, or has failed: SDKs try again. By "Common Error Types". */
  private static AwsServiceException unavailable() {
    return AwsErrors.sender(
        SqsException.builder(),
        "ServiceUnavailable",
        503,
        "The request has failed due to a temporary failure of the server.");
  }

  /** What {@link #translate} says, for an entry of a batch whose other entries may succeed. */
  static AwsServiceException ofEntry(RuntimeException e) {
    if (translate(e) instanceof AwsServiceException known) {
      return known;
    }
    LOG.error("an entry of a batch failed", e);
    return AwsErrors.sender(
        SqsException.builder(), "InternalError", 500, "We encountered an internal error.");
  }

  private static AwsServiceException throttled() {
    return AwsErrors.sender(
        RequestThrottledException.builder(),
        "RequestThrottled",
        403,
        "The request was denied due to request throttling.");
  }

  static AwsServiceException queueDoesNotExist() {
    return AwsErrors.sender(
        QueueDoesNotExistException.builder(),
        PREFIX + "NonExistentQueue",
        400,
        "The specified queue does not exist.");
  }

  static AwsServiceException queueNameExists(String attribute) {
    return AwsErrors.sender(
        QueueNameExistsException.builder(),
        "QueueAlreadyExists",
        400,
        "A queue already exists with the same name and a different value for attribute "
            + attribute);
  }

  static AwsServiceException queueDeletedRecently() {
    return AwsErrors.sender(
        QueueDeletedRecentlyException.builder(),
        PREFIX + "QueueDeletedRecently",
        400,
        "You must wait "
            + SqsLimits.NAME_REST.toSeconds()
            + " seconds after deleting a queue before you can create another with the same name.");
  }

  static AwsServiceException resourceNotFound(String message) {
    return AwsErrors.sender(
        ResourceNotFoundException.builder(), "ResourceNotFoundException", 404, message);
  }

  static AwsServiceException invalidAddress(String url) {
    return AwsErrors.sender(
        InvalidAddressException.builder(),
        "InvalidAddress",
        404,
        "The address " + url + " is not valid for this endpoint.");
  }

  static AwsServiceException unknownAttribute(String name) {
    return invalidAttributeName("Unknown Attribute " + name + ".");
  }

  static AwsServiceException invalidAttributeName(String message) {
    return AwsErrors.sender(
        InvalidAttributeNameException.builder(), "InvalidAttributeName", 400, message);
  }

  static AwsServiceException invalidAttributeValue(String name) {
    return invalidAttributeValue(name, "");
  }

  static AwsServiceException invalidAttributeValue(String name, String reason) {
    return AwsErrors.sender(
        InvalidAttributeValueException.builder(),
        "InvalidAttributeValue",
        400,
        "Invalid value for the parameter " + name + "." + reason);
  }

  static AwsServiceException unsupportedOperation(String message) {
    return AwsErrors.sender(
        UnsupportedOperationException.builder(), PREFIX + "UnsupportedOperation", 400, message);
  }

  static AwsServiceException missingParameter(String name) {
    return AwsErrors.sender(
        SqsException.builder(),
        "MissingParameter",
        400,
        "The request must contain the parameter " + name + ".");
  }

  static AwsServiceException invalidParameterValue(String message) {
    return AwsErrors.sender(SqsException.builder(), "InvalidParameterValue", 400, message);
  }

  static AwsServiceException invalidParameter(Object value, String name, String reason) {
    return invalidParameterValue(
        "Value " + value + " for parameter " + name + " is invalid. Reason: " + reason);
  }

  static AwsServiceException messageTooLong(int maxBytes) {
    return invalidParameterValue(
        "One or more parameters are invalid. Reason: Message must be shorter than "
            + maxBytes
            + " bytes.");
  }

  /** The same in a batch, where Amazon words it differently. */
  static AwsServiceException batchMessageTooLong(int maxBytes) {
    return invalidParameterValue(
        "One or more parameters cannot be validated. Reason: Message must be shorter than "
            + maxBytes
            + " bytes.");
  }

  static AwsServiceException invalidMessageContents() {
    return AwsErrors.sender(
        InvalidMessageContentsException.builder(),
        "InvalidMessageContents",
        400,
        ILLEGAL_CHARACTERS);
  }

  /** The same in an attribute. */
  static AwsServiceException illegalCharacters() {
    return invalidParameterValue(ILLEGAL_CHARACTERS);
  }

  static AwsServiceException malformedReceiptHandle(String handle) {
    return AwsErrors.sender(
        ReceiptHandleIsInvalidException.builder(),
        "ReceiptHandleIsInvalid",
        404,
        "The input receipt handle \"" + handle + "\" is not a valid receipt handle.");
  }

  static AwsServiceException receiptHandleOfAnotherQueue(String handle) {
    return AwsErrors.sender(
        ReceiptHandleIsInvalidException.builder(),
        "ReceiptHandleIsInvalid",
        404,
        "The receipt handle \"" + handle + "\" is not valid for this queue.");
  }

  /** What is said today; nobody has seen the documented {@code MessageNotInflight} for years. */
  static AwsServiceException messageGone(String handle) {
    return invalidParameter(
        handle,
        "ReceiptHandle",
        "Message does not exist or is not available for visibility timeout change.");
  }

  static AwsServiceException purgeQueueInProgress(String queue) {
    return AwsErrors.sender(
        PurgeQueueInProgressException.builder(),
        PREFIX + "PurgeQueueInProgress",
        403,
        "Only one PurgeQueue operation on "
            + queue
            + " is allowed every "
            + SqsLimits.PURGE_INTERVAL.toSeconds()
            + " seconds.");
  }

  static AwsServiceException overLimit(String message) {
    return AwsErrors.sender(OverLimitException.builder(), "OverLimit", 403, message);
  }

  static AwsServiceException emptyBatch(String entry) {
    return AwsErrors.sender(
        EmptyBatchRequestException.builder(),
        PREFIX + "EmptyBatchRequest",
        400,
        "There should be at least one " + entry + " in the request.");
  }

  static AwsServiceException tooManyEntries(int entries) {
    return AwsErrors.sender(
        TooManyEntriesInBatchRequestException.builder(),
        PREFIX + "TooManyEntriesInBatchRequest",
        400,
        "Maximum number of entries per request are "
            + SqsLimits.BATCH_ENTRIES
            + ". You have sent "
            + entries
            + ".");
  }

  static AwsServiceException invalidBatchEntryId() {
    return AwsErrors.sender(
        InvalidBatchEntryIdException.builder(),
        PREFIX + "InvalidBatchEntryId",
        400,
        "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can"
            + " be at most 80 letters long.");
  }

  static AwsServiceException entryIdsNotDistinct(String id) {
    return AwsErrors.sender(
        BatchEntryIdsNotDistinctException.builder(),
        PREFIX + "BatchEntryIdsNotDistinct",
        400,
        "Id " + id + " repeated.");
  }

  static AwsServiceException batchTooLong(long bytes) {
    return AwsErrors.sender(
        BatchRequestTooLongException.builder(),
        PREFIX + "BatchRequestTooLong",
        400,
        "Batch requests cannot be longer than "
            + SqsLimits.MESSAGE_BYTES
            + " bytes. You have sent "
            + bytes
            + " bytes.");
  }
}
