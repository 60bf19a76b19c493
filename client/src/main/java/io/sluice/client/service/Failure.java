package io.sluice.client.service;

import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.ThrottlingQuotaExceededException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * What a failure of SNS or SQS is to an application of Kafka's clients.
 *
 * @param retriable whether the same request may succeed later
 */
public record Failure(boolean retriable, KafkaException exception) {

  private static final Set<String> THROTTLED =
      Set.of(
          "throttled",
          "throttledexception",
          "throttling",
          "throttlingexception",
          "requestthrottled",
          "requestthrottledexception",
          "requestlimitexceeded",
          "toomanyrequestsexception",
          "kmsthrottling",
          "kmsthrottlingexception",
          "kmsthrottled",
          "kms.throttlingexception");

  private static final int UNAUTHORIZED_STATUS = 401;
  private static final int FORBIDDEN_STATUS = 403;
  private static final int TIMEOUT_STATUS = 408;
  private static final int THROTTLED_STATUS = 429;

  private static final Set<String> UNAUTHENTICATED =
      Set.of(
          "expiredtoken",
          "expiredtokenexception",
          "invalidclienttokenid",
          "unrecognizedclientexception",
          "invalidsecurity",
          "signaturedoesnotmatch",
          "missingauthenticationtoken",
          "incompletesignature");

  private static final Set<String> UNAUTHORIZED =
      Set.of(
          "authorizationerror",
          "authorizationerrorexception",
          "accessdenied",
          "accessdeniedexception");

  private static final Set<String> NO_QUEUE =
      Set.of(
          "aws.simplequeueservice.nonexistentqueue",
          "queuedoesnotexist",
          "com.amazonaws.sqs#queuedoesnotexist");

  /**
   * What a call gives.
   *
   * @throws KafkaException it fails; in Kafka's words
   */
  public static <T> T translated(Supplier<T> call) {
    try {
      return call.get();
    } catch (SdkException e) {
      throw of(e).exception();
    }
  }

  /** Whether the queue is no more. */
  public boolean isQueueGone() {
    return exception instanceof GroupIdNotFoundException;
  }

  /** Of a call that failed as a whole. */
  public static Failure of(RuntimeException failure) {
    if (failure instanceof AwsServiceException answer) {
      String code = answer.awsErrorDetails() == null ? null : answer.awsErrorDetails().errorCode();
      String text = String.valueOf(answer.getMessage());
      return code == null
          ? of(answer.statusCode(), text, failure)
          : of(code, text, isSenderFault(answer.statusCode()), failure);
    }
    if (failure instanceof SdkClientException local) {
      return local.retryable() || local.getCause() instanceof java.io.IOException
          ? new Failure(true, new NetworkException(local.getMessage(), local))
          : unreachable(local);
    }
    return new Failure(false, new KafkaException(failure.getMessage(), failure));
  }

  /** No credentials, or nobody listens: the SDK has one exception for all. */
  private static Failure unreachable(SdkClientException local) {
    String message = String.valueOf(local.getMessage());
    return message.contains("credentials")
        ? new Failure(false, new AuthenticationException(message, local))
        : new Failure(true, new NetworkException(message, local));
  }

  /**
   * Of one entry of a batch, of which the service may leave out anything.
   *
   * @param senderFault null: nobody says whose it was, so that it may succeed later
   */
  public static Failure of(
      @Nullable String code, @Nullable String message, @Nullable Boolean senderFault) {
    return of(
        code == null ? "" : code,
        message == null ? "" : message,
        senderFault != null && senderFault,
        null);
  }

  private static boolean isSenderFault(int status) {
    return status < 500 && status != TIMEOUT_STATUS && status != THROTTLED_STATUS;
  }

  /** Of an answer without a code, which is not the service's but of something before it. */
  private static Failure of(int status, String text, RuntimeException cause) {
    String message = "HTTP status " + status + ": " + text;
    if (status == UNAUTHORIZED_STATUS) {
      return new Failure(false, new AuthenticationException(message, cause));
    }
    if (status == FORBIDDEN_STATUS) {
      return new Failure(false, new TopicAuthorizationException(message));
    }
    if (status == THROTTLED_STATUS) {
      return new Failure(true, new ThrottlingQuotaExceededException(message));
    }
    return isSenderFault(status)
        ? new Failure(false, new InvalidRequestException(message, cause))
        : new Failure(true, new UnknownServerException(message, cause));
  }

  private static Failure of(
      String code, String text, boolean senderFault, @Nullable RuntimeException cause) {
    String message = code + ": " + text;
    String lower = code.toLowerCase(Locale.ROOT);
    if (THROTTLED.contains(lower)) {
      return new Failure(true, new ThrottlingQuotaExceededException(message));
    }
    if (UNAUTHENTICATED.contains(lower)) {
      return new Failure(false, new AuthenticationException(message, cause));
    }
    if (UNAUTHORIZED.contains(lower)) {
      return new Failure(false, new TopicAuthorizationException(message));
    }
    if (lower.equals("notfound") || lower.equals("notfoundexception")) {
      return new Failure(false, new UnknownTopicOrPartitionException(message, cause));
    }
    if (lower.endsWith("queuedeletedrecently")) {
      return new Failure(true, new CoordinatorNotAvailableException(message));
    }
    if (NO_QUEUE.contains(lower)) {
      return new Failure(false, new GroupIdNotFoundException(message));
    }
    if (!senderFault) {
      return new Failure(true, new UnknownServerException(message, cause));
    }
    if (text.contains("too long")) {
      return new Failure(false, new RecordTooLargeException(message, cause));
    }
    return new Failure(false, new InvalidRequestException(message, cause));
  }
}
