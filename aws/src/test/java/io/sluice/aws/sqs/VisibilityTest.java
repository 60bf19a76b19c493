package io.sluice.aws.sqs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.aws.testing.EmbeddedServices;
import io.sluice.aws.testing.Refused;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sqs.model.BatchEntryIdsNotDistinctException;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResponse;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.EmptyBatchRequestException;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.ReceiptHandleIsInvalidException;
import software.amazon.awssdk.services.sqs.model.SqsException;
import software.amazon.awssdk.services.sqs.model.TooManyEntriesInBatchRequestException;

/** ChangeMessageVisibility and ChangeMessageVisibilityBatch. */
class VisibilityTest {

  @RegisterExtension final EmbeddedServices services = new EmbeddedServices();
  private String queue;

  @BeforeEach
  void open() {
    queue = services.queue("orders");
  }

  @Test
  void a_message_can_be_hidden_for_longer() {
    Message message = sent("a");

    change(message.receiptHandle(), 100);
    services.clock().advance(Duration.ofSeconds(99));
    assertEquals(List.of(), services.peek(queue));
    services.clock().advance(Duration.ofSeconds(2));

    assertEquals(message.messageId(), services.receiveOne(queue).messageId());
  }

  @Test
  void a_message_can_be_given_back_at_once() {
    Message message = sent("a");

    change(message.receiptHandle(), 0);

    assertEquals(message.messageId(), services.receiveOne(queue).messageId());
  }

  @Test
  void nothing_comes_of_a_change_when_the_time_is_over() {
    Message message = sent("a");
    change(message.receiptHandle(), 0);
    change(message.receiptHandle(), 0);
    change(message.receiptHandle(), 100);

    Message again = services.receiveOne(queue);
    assertEquals(message.messageId(), again.messageId());

    change(message.receiptHandle(), 0);
    assertEquals(List.of(), services.receive(queue), "it is in flight under its new handle");
  }

  @Test
  void a_message_that_is_gone_cannot_be_changed() {
    Message deleted = sent("b");
    services.sqs().deleteMessage(r -> r.queueUrl(queue).receiptHandle(deleted.receiptHandle()));

    Refused.with(
        "InvalidParameterValue",
        "Value "
            + deleted.receiptHandle()
            + " for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not"
            + " available for visibility timeout change.",
        () -> change(deleted.receiptHandle(), 10));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 43_201})
  void twelve_hours_are_the_longest(int seconds) {
    String handle = sent("a").receiptHandle();

    Refused.with(
        SqsException.class,
        "InvalidParameterValue",
        400,
        "Value "
            + seconds
            + " for parameter VisibilityTimeout is invalid. Reason: VisibilityTimeout must be an"
            + " integer between 0 and 43200.",
        () -> change(handle, seconds));
  }

  @Test
  void extensions_do_not_reset_the_twelve_hours() {
    String handle = sent("a").receiptHandle();
    change(handle, 43_200);
    services.clock().advance(Duration.ofHours(11));
    change(handle, 3_600);

    services.clock().advance(Duration.ofSeconds(1));
    Refused.with(
        SqsException.class,
        "InvalidParameterValue",
        400,
        "Value 3600 for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for"
            + " the message is beyond the limit [43200 seconds]",
        () -> change(handle, 3_600));
    change(handle, 3_599);
    change(handle, 0);
    String again = services.receiveOne(queue).receiptHandle();
    change(again, 43_200);
  }

  @Test
  void a_missing_parameter_is_named() {
    Refused.with(
        "MissingParameter",
        "The request must contain the parameter ReceiptHandle.",
        () -> services.sqs().changeMessageVisibility(r -> r.queueUrl(queue).visibilityTimeout(1)));
    Refused.with(
        "MissingParameter",
        "The request must contain the parameter VisibilityTimeout.",
        () -> services.sqs().changeMessageVisibility(r -> r.queueUrl(queue).receiptHandle("x")));
  }

  @Test
  void a_forged_handle_is_invalid() {
    Refused.with(
        ReceiptHandleIsInvalidException.class,
        "ReceiptHandleIsInvalid",
        404,
        "The input receipt handle \"forged\" is not a valid receipt handle.",
        () -> change("forged", 1));
  }

  @Test
  void an_unknown_queue_does_not_exist() {
    Refused.with(
        QueueDoesNotExistException.class,
        "AWS.SimpleQueueService.NonExistentQueue",
        400,
        "The specified queue does not exist.",
        () ->
            services
                .sqs()
                .changeMessageVisibility(
                    r -> r.queueUrl("nothing").receiptHandle("x").visibilityTimeout(1)));
  }

  @Test
  void a_batch_changes_what_it_can() {
    Message first = sent("a");
    Message deleted = sent("b");
    services.sqs().deleteMessage(r -> r.queueUrl(queue).receiptHandle(deleted.receiptHandle()));

    ChangeMessageVisibilityBatchResponse response =
        changeBatch(
            entry("good", first.receiptHandle(), 0),
            entry("gone", deleted.receiptHandle(), 0),
            entry("long", first.receiptHandle(), 50_000),
            entry("forged", "x", 0));

    assertEquals(
        List.of("good"),
        response.successful().stream().map(ChangeMessageVisibilityBatchResultEntry::id).toList());
    assertEquals(
        List.of(
            "gone InvalidParameterValue",
            "long InvalidParameterValue",
            "forged ReceiptHandleIsInvalid"),
        response.failed().stream().map(failed -> failed.id() + " " + failed.code()).toList());
    assertTrue(response.failed().stream().allMatch(BatchResultErrorEntry::senderFault));
    assertEquals(first.messageId(), services.receiveOne(queue).messageId());
  }

  @Test
  void a_batch_has_one_to_ten_entries_with_ids_of_their_own() {
    Refused.with(
        EmptyBatchRequestException.class,
        "AWS.SimpleQueueService.EmptyBatchRequest",
        400,
        "There should be at least one ChangeMessageVisibilityBatchRequestEntry in the request.",
        this::changeBatch);
    Refused.with(
        TooManyEntriesInBatchRequestException.class,
        "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
        400,
        "Maximum number of entries per request are 10. You have sent 20.",
        () ->
            changeBatch(
                IntStream.range(0, 20)
                    .mapToObj(i -> entry("id" + i, "x", 0))
                    .toArray(ChangeMessageVisibilityBatchRequestEntry[]::new)));
    Refused.with(
        BatchEntryIdsNotDistinctException.class,
        "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
        400,
        "Id 1 repeated.",
        () -> changeBatch(entry("1", "x", 0), entry("1", "y", 0)));
  }

  private Message sent(String body) {
    services.sqs().sendMessage(r -> r.queueUrl(queue).messageBody(body));
    return services.receiveOne(queue);
  }

  private void change(String handle, int seconds) {
    services
        .sqs()
        .changeMessageVisibility(
            r -> r.queueUrl(queue).receiptHandle(handle).visibilityTimeout(seconds));
  }

  private ChangeMessageVisibilityBatchResponse changeBatch(
      ChangeMessageVisibilityBatchRequestEntry... entries) {
    return services.sqs().changeMessageVisibilityBatch(r -> r.queueUrl(queue).entries(entries));
  }

  private static ChangeMessageVisibilityBatchRequestEntry entry(
      String id, String handle, int seconds) {
    return ChangeMessageVisibilityBatchRequestEntry.builder()
        .id(id)
        .receiptHandle(handle)
        .visibilityTimeout(seconds)
        .build();
  }
}
