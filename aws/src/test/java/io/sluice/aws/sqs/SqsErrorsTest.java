package io.sluice.aws.sqs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.sluice.broker.LimitExceededException;
import io.sluice.broker.QueueDoesNotExistException;
import io.sluice.broker.TooManyInFlightException;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** What the broker's exceptions mean to a client of SQS. */
class SqsErrorsTest {

  static Stream<Arguments> exceptions() {
    return Stream.of(
        Arguments.of(
            new QueueDoesNotExistException("no queue q"),
            "AWS.SimpleQueueService.NonExistentQueue",
            400,
            "The specified queue does not exist."),
        Arguments.of(
            new UnknownTopicOrPartitionException("no topic queue.q"),
            "AWS.SimpleQueueService.NonExistentQueue",
            400,
            "The specified queue does not exist."),
        Arguments.of(new TooManyInFlightException("too many"), "OverLimit", 403, "too many"),
        Arguments.of(new LimitExceededException("too many"), "OverLimit", 403, "too many"),
        Arguments.of(
            new RecordTooLargeException("too large"),
            "InvalidParameterValue",
            400,
            "One or more parameters are invalid. Reason: Message must be shorter than 1048576"
                + " bytes."));
  }

  @ParameterizedTest
  @MethodSource("exceptions")
  void an_operating_error_has_a_code(RuntimeException e, String code, int status, String message) {
    for (RuntimeException thrown : new RuntimeException[] {e, new CompletionException(e)}) {
      AwsServiceException error =
          assertInstanceOf(AwsServiceException.class, SqsErrors.translate(thrown));
      assertEquals(code, error.awsErrorDetails().errorCode());
      assertEquals(status, error.statusCode());
      assertEquals(message, error.awsErrorDetails().errorMessage());
    }
  }

  @Test
  void a_disk_that_is_full_or_has_failed_is_something_to_try_again() {
    KafkaStorageException full = new KafkaStorageException("the disk is full");
    for (RuntimeException thrown : new RuntimeException[] {full, new CompletionException(full)}) {
      AwsServiceException error =
          assertInstanceOf(AwsServiceException.class, SqsErrors.translate(thrown));
      assertEquals("ServiceUnavailable", error.awsErrorDetails().errorCode());
      assertEquals(503, error.statusCode());
      assertEquals(error.statusCode(), SqsErrors.ofEntry(thrown).statusCode());
    }
  }

  @Test
  void a_fault_of_ours_stays_what_it_is() {
    RuntimeException fault = new IllegalStateException("a defect");

    assertSame(fault, SqsErrors.translate(fault));
  }

  @Test
  void in_a_batch_a_fault_of_ours_is_an_internal_error() {
    AwsServiceException error =
        SqsErrors.ofEntry(new CompletionException(new IllegalStateException("a defect")));

    assertEquals("InternalError", error.awsErrorDetails().errorCode());
    assertEquals(false, Batches.failure("1", error).senderFault());
  }
}
