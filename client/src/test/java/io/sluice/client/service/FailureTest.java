package io.sluice.client.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.ThrottlingQuotaExceededException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sns.model.SnsException;

class FailureTest {

  private static AwsServiceException answer(
      int status, @Nullable String code, @Nullable String text) {
    return SnsException.builder()
        .statusCode(status)
        .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).errorMessage(text).build())
        .build();
  }

  private static void assertIs(
      Class<? extends KafkaException> expected, boolean retriable, Failure failure) {
    assertEquals(expected, failure.exception().getClass());
    assertEquals(retriable, failure.retriable(), failure.exception().toString());
  }

  private static void assertAnswer(
      int status, String code, Class<? extends KafkaException> expected, boolean retriable) {
    assertIs(expected, retriable, Failure.of(answer(status, code, "a reason")));
  }

  @Test
  void an_answer_with_a_code_is_what_the_code_says() {
    assertAnswer(429, "Throttled", ThrottlingQuotaExceededException.class, true);
    assertAnswer(400, "ThrottlingException", ThrottlingQuotaExceededException.class, true);
    assertAnswer(400, "KMSThrottling", ThrottlingQuotaExceededException.class, true);
    assertAnswer(400, "KmsThrottled", ThrottlingQuotaExceededException.class, true);
    assertAnswer(400, "KMSThrottlingException", ThrottlingQuotaExceededException.class, true);
    assertAnswer(403, "InvalidClientTokenId", AuthenticationException.class, false);
    assertAnswer(403, "SignatureDoesNotMatch", AuthenticationException.class, false);
    assertAnswer(403, "AuthorizationError", TopicAuthorizationException.class, false);
    assertAnswer(404, "NotFound", UnknownTopicOrPartitionException.class, false);
    assertAnswer(500, "InternalError", UnknownServerException.class, true);
    assertAnswer(503, "SomethingNew", UnknownServerException.class, true);
    assertAnswer(429, "SomethingNew", UnknownServerException.class, true);
    assertAnswer(400, "InvalidParameter", InvalidRequestException.class, false);
  }

  @Test
  void an_answer_without_a_code_is_what_its_status_says() {
    assertIs(UnknownServerException.class, true, Failure.of(answer(502, null, null)));
    assertIs(UnknownServerException.class, true, Failure.of(answer(503, null, "<html>")));
    assertIs(UnknownServerException.class, true, Failure.of(answer(408, null, null)));
    assertIs(ThrottlingQuotaExceededException.class, true, Failure.of(answer(429, null, null)));
    assertIs(AuthenticationException.class, false, Failure.of(answer(401, null, null)));
    assertIs(TopicAuthorizationException.class, false, Failure.of(answer(403, null, null)));
    assertIs(InvalidRequestException.class, false, Failure.of(answer(400, null, null)));
    assertIs(
        UnknownServerException.class,
        true,
        Failure.of(SnsException.builder().statusCode(503).build()));
    assertTrue(
        Failure.of(answer(502, null, null)).exception().getMessage().startsWith("HTTP status 502"));
  }

  @Test
  void an_entry_of_a_batch_may_leave_out_anything() {
    assertIs(ThrottlingQuotaExceededException.class, true, Failure.of("Throttled", null, true));
    assertIs(UnknownServerException.class, true, Failure.of("InternalError", null, null));
    assertIs(UnknownServerException.class, true, Failure.of(null, null, null));
    assertIs(InvalidRequestException.class, false, Failure.of("InvalidParameter", null, true));
    assertIs(InvalidRequestException.class, false, Failure.of(null, null, true));
    assertIs(
        RecordTooLargeException.class,
        false,
        Failure.of("InvalidParameter", "Invalid parameter: Message too long", true));
  }

  @Test
  void what_got_no_answer_may_succeed_later_but_not_without_credentials() {
    assertIs(NetworkException.class, true, Failure.of(SdkClientException.create("refused")));
    assertIs(
        AuthenticationException.class,
        false,
        Failure.of(SdkClientException.create("Unable to load credentials from any provider")));
    assertIs(KafkaException.class, false, Failure.of(new IllegalStateException("a bug")));
  }
}
