package io.sluice.aws.sns;

import io.sluice.aws.AwsErrors;
import io.sluice.aws.message.Arns;
import io.sluice.broker.FilterLimitExceededException;
import io.sluice.broker.LimitExceededException;
import io.sluice.broker.deduplication.TooManyRecentIdsException;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.sns.model.AuthorizationErrorException;
import software.amazon.awssdk.services.sns.model.BatchEntryIdsNotDistinctException;
import software.amazon.awssdk.services.sns.model.BatchRequestTooLongException;
import software.amazon.awssdk.services.sns.model.EmptyBatchRequestException;
import software.amazon.awssdk.services.sns.model.FilterPolicyLimitExceededException;
import software.amazon.awssdk.services.sns.model.InvalidBatchEntryIdException;
import software.amazon.awssdk.services.sns.model.InvalidParameterException;
import software.amazon.awssdk.services.sns.model.InvalidParameterValueException;
import software.amazon.awssdk.services.sns.model.InvalidStateException;
import software.amazon.awssdk.services.sns.model.NotFoundException;
import software.amazon.awssdk.services.sns.model.ResourceNotFoundException;
import software.amazon.awssdk.services.sns.model.SnsException;
import software.amazon.awssdk.services.sns.model.SubscriptionLimitExceededException;
import software.amazon.awssdk.services.sns.model.TagLimitExceededException;
import software.amazon.awssdk.services.sns.model.TooManyEntriesInBatchRequestException;
import software.amazon.awssdk.services.sns.model.TopicLimitExceededException;

/**
 * SNS's errors: class, code, status and Amazon's own sentence. Also the one table that translates
 * the broker's exceptions.
 */
final class SnsErrors {

  private static final Logger LOG = LoggerFactory.getLogger(SnsErrors.class);

  private SnsErrors() {}

  /** What an exception of the broker means to a client; itself when it means nothing to one. */
  static RuntimeException translate(RuntimeException e) {
    Throwable meant = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
    return switch (meant) {
      case AwsServiceException known -> known;
      case UnknownTopicOrPartitionException _ -> topicNotFound();
      case InvalidTopicException invalid ->
          invalidParameter("Topic Name", String.valueOf(invalid.getMessage()));
      case TopicExistsException exists ->
          invalidParameter("Topic Name", String.valueOf(exists.getMessage()));
      case PolicyViolationException limit ->
          AwsErrors.sender(
              TopicLimitExceededException.builder(),
              "TopicLimitExceeded",
              403,
              String.valueOf(limit.getMessage()));
      case LimitExceededException limit ->
          AwsErrors.sender(
              SubscriptionLimitExceededException.builder(),
              "SubscriptionLimitExceeded",
              403,
              String.valueOf(limit.getMessage()));
      case FilterLimitExceededException limit ->
          AwsErrors.sender(
              FilterPolicyLimitExceededException.builder(),
              "FilterPolicyLimitExceeded",
              403,
              String.valueOf(limit.getMessage()));
      case RecordTooLargeException _ -> messageTooLong();
      case TooManyRecentIdsException _ ->
          AwsErrors.sender(SnsException.builder(), "Throttling", 400, "Rate exceeded");
      case KafkaStorageException _ -> unavailable();
      default -> e;
    };
  }

  /** The disk is full, or has failed: SDKs try again. By "Common Error Types". */
  private static AwsServiceException unavailable() {
    return AwsErrors.sender(
        SnsException.builder(),
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
    return AwsErrors.sender(SnsException.builder(), "InternalError", 500, "Internal error.");
  }

  static AwsServiceException topicNotFound() {
    return notFound("Topic does not exist");
  }

  static AwsServiceException subscriptionNotFound() {
    return notFound("Subscription does not exist");
  }

  private static AwsServiceException notFound(String message) {
    return AwsErrors.sender(NotFoundException.builder(), "NotFound", 404, message);
  }

  static AwsServiceException unauthorized() {
    return AwsErrors.sender(
        AuthorizationErrorException.builder(),
        "AuthorizationError",
        403,
        "The subscription can be ended by a signed request only");
  }

  static AwsServiceException resourceNotFound() {
    return AwsErrors.sender(
        ResourceNotFoundException.builder(), "ResourceNotFound", 404, "Resource does not exist");
  }

  /** A member that is longer than it may be. */
  static AwsServiceException tooLong(String path, String value, int limit) {
    return AwsErrors.sender(
        SnsException.builder(),
        "ValidationError",
        400,
        "1 validation error detected: Value '"
            + value
            + "' at '"
            + path
            + "' failed to satisfy constraint: Member must have length less than or equal to "
            + limit);
  }

  /** "Invalid parameter: " and what is wrong. */
  static AwsServiceException invalidParameter(String what) {
    return AwsErrors.sender(
        InvalidParameterException.builder(), "InvalidParameter", 400, "Invalid parameter: " + what);
  }

  static AwsServiceException invalidParameter(String name, String reason) {
    return invalidParameter(name + " Reason: " + reason);
  }

  static AwsServiceException missingParameter(String name) {
    return invalidParameter(name, "no value for required parameter");
  }

  static AwsServiceException malformedArn(String name, String arn) {
    int elements = Arns.elements(arn);
    return elements < Arns.ELEMENTS
        ? invalidParameter(
            name, "An ARN must have at least " + Arns.ELEMENTS + " elements, not " + elements)
        : invalidParameter(name);
  }

  static AwsServiceException invalidState(String what) {
    return AwsErrors.sender(
        InvalidStateException.builder(), "InvalidState", 400, "Invalid state: " + what);
  }

  static AwsServiceException messageTooLong() {
    return invalidParameter("Message too long");
  }

  static AwsServiceException tagLimitExceeded() {
    return AwsErrors.sender(
        TagLimitExceededException.builder(),
        "TagLimitExceeded",
        400,
        "Could not complete request: tag quota of per resource exceeded");
  }

  static AwsServiceException invalidAttribute(String message) {
    return AwsErrors.sender(
        InvalidParameterValueException.builder(), "ParameterValueInvalid", 400, message);
  }

  static AwsServiceException missingMember(String path) {
    return AwsErrors.sender(
        SnsException.builder(),
        "ValidationError",
        400,
        "1 validation error detected: Value null at '"
            + path
            + "' failed to satisfy constraint: Member must not be null");
  }

  static AwsServiceException emptyBatch() {
    return AwsErrors.sender(
        EmptyBatchRequestException.builder(),
        "EmptyBatchRequest",
        400,
        "The batch request doesn't contain any entries.");
  }

  static AwsServiceException tooManyEntries() {
    return AwsErrors.sender(
        TooManyEntriesInBatchRequestException.builder(),
        "TooManyEntriesInBatchRequest",
        400,
        "The batch request contains more entries than permissible.");
  }

  static AwsServiceException entryIdsNotDistinct() {
    return AwsErrors.sender(
        BatchEntryIdsNotDistinctException.builder(),
        "BatchEntryIdsNotDistinct",
        400,
        "Two or more batch entries in the request have the same Id.");
  }

  static AwsServiceException entryIdTooLong(String id) {
    return invalidEntryId("is too long: " + id);
  }

  static AwsServiceException illegalEntryId(String id) {
    return invalidEntryId("contains an impermissible character: " + id);
  }

  private static AwsServiceException invalidEntryId(String why) {
    return AwsErrors.sender(
        InvalidBatchEntryIdException.builder(),
        "InvalidBatchEntryId",
        400,
        "The Id of a batch entry in the batch request " + why);
  }

  static AwsServiceException batchTooLong() {
    return AwsErrors.sender(
        BatchRequestTooLongException.builder(),
        "BatchRequestTooLong",
        400,
        "The length of all the messages put together is more than the limit.");
  }
}
