package io.sluice.aws.sqs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.aws.testing.EmbeddedServices;
import io.sluice.aws.testing.Refused;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.sqs.model.BatchEntryIdsNotDistinctException;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.EmptyBatchRequestException;
import software.amazon.awssdk.services.sqs.model.InvalidBatchEntryIdException;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.ReceiptHandleIsInvalidException;
import software.amazon.awssdk.services.sqs.model.SqsException;
import software.amazon.awssdk.services.sqs.model.TooManyEntriesInBatchRequestException;

/** DeleteMessage and DeleteMessageBatch, from the client's interface to the disk. */
class DeleteMessageTest {

  private static final Duration VISIBILITY_TIMEOUT = Duration.ofSeconds(30);

  @RegisterExtension final EmbeddedServices services = new EmbeddedServices();
  private String queue;

  @BeforeEach
  void open() {
    queue = services.queue("orders");
  }

  @Test
  void a_deleted_message_never_comes_back() {
    send("a", "b");
    Message first = services.receive(queue).getFirst();

    delete(first.receiptHandle());
    services.clock().advance(VISIBILITY_TIMEOUT.plusSeconds(1));

    assertEquals(
        List.of(first.body().equals("a") ? "b" : "a"),
        services.receive(queue).stream().map(Message::body).toList());
  }

  @Test
  void a_message_that_is_not_deleted_comes_back() {
    send("a");
    Message first = services.receiveOne(queue);

    services.clock().advance(VISIBILITY_TIMEOUT.plusSeconds(1));
    Message again = services.receiveOne(queue);

    assertEquals(first.messageId(), again.messageId());
    assertNotEquals(first.receiptHandle(), again.receiptHandle());
    assertEquals("2", again.attributesAsStrings().get("ApproximateReceiveCount"));
  }

  @Test
  void a_deletion_survives_a_restart() {
    send("a", "b", "c");
    for (Message message : services.receive(queue)) {
      if (message.body().equals("b")) {
        delete(message.receiptHandle());
      }
    }

    services.restart();
    services.clock().advance(VISIBILITY_TIMEOUT.plusSeconds(1));

    assertEquals(
        List.of("a", "c"), services.receive(queue).stream().map(Message::body).sorted().toList());
  }

  @Test
  void a_handle_from_before_a_restart_still_deletes_or_changes_nothing() {
    send("a");
    String handle = services.receiveOne(queue).receiptHandle();

    services.restart();

    delete(handle);
  }

  @Test
  void deleting_twice_is_no_error() {
    send("a");
    String handle = services.receiveOne(queue).receiptHandle();

    delete(handle);
    delete(handle);
  }

  @Test
  void an_earlier_handle_deletes_nothing() {
    send("a");
    String earlier = services.receiveOne(queue).receiptHandle();
    services.clock().advance(VISIBILITY_TIMEOUT.plusSeconds(1));
    services.receiveOne(queue);

    delete(earlier);
    services.clock().advance(VISIBILITY_TIMEOUT.plusSeconds(1));

    assertEquals("a", services.receiveOne(queue).body());
  }

  @Test
  void a_forged_handle_is_invalid() {
    send("a");
    String handle = services.receiveOne(queue).receiptHandle();
    String forged = (handle.charAt(0) == 'A' ? 'B' : 'A') + handle.substring(1);

    Refused.with(
        ReceiptHandleIsInvalidException.class,
        "ReceiptHandleIsInvalid",
        404,
        "The input receipt handle \"" + forged + "\" is not a valid receipt handle.",
        () -> delete(forged));
    Refused.with(
        "ReceiptHandleIsInvalid",
        "The input receipt handle \"garbage\" is not a valid receipt handle.",
        () -> delete("garbage"));
  }

  @Test
  void another_queue_s_handle_is_invalid() {
    String other = services.queue("other");
    send("a");
    String handle = services.receiveOne(queue).receiptHandle();

    Refused.with(
        ReceiptHandleIsInvalidException.class,
        "ReceiptHandleIsInvalid",
        404,
        "The receipt handle \"" + handle + "\" is not valid for this queue.",
        () ->
            services.sqs().deleteMessage(request -> request.queueUrl(other).receiptHandle(handle)));
  }

  @Test
  void a_missing_parameter_is_named() {
    Refused.with(
        SqsException.class,
        "MissingParameter",
        400,
        "The request must contain the parameter ReceiptHandle.",
        () -> services.sqs().deleteMessage(request -> request.queueUrl(queue)));
    Refused.with(
        "MissingParameter",
        "The request must contain the parameter QueueUrl.",
        () -> services.sqs().deleteMessage(request -> request.receiptHandle("x")));
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
                .deleteMessage(request -> request.queueUrl(queue + "-not").receiptHandle("x")));
  }

  @Test
  void a_batch_deletes_what_it_can() {
    send("a", "b", "c");
    List<Message> messages = services.receive(queue);

    DeleteMessageBatchResponse response =
        deleteBatch(
            entry("one", messages.get(0).receiptHandle()),
            entry("bad", "garbage"),
            entry("two", messages.get(1).receiptHandle()));
    services.clock().advance(VISIBILITY_TIMEOUT.plusSeconds(1));

    assertEquals(
        List.of("one", "two"),
        response.successful().stream().map(DeleteMessageBatchResultEntry::id).toList());
    assertEquals(
        List.of(
            BatchResultErrorEntry.builder()
                .id("bad")
                .code("ReceiptHandleIsInvalid")
                .message("The input receipt handle \"garbage\" is not a valid receipt handle.")
                .senderFault(true)
                .build()),
        response.failed());
    assertEquals(messages.get(2).messageId(), services.receiveOne(queue).messageId());
  }

  @Test
  void a_batch_of_nothing_but_bad_handles_fails_entry_by_entry() {
    DeleteMessageBatchResponse response = deleteBatch(entry("1", "x"), entry("2", "y"));

    assertTrue(response.successful().isEmpty());
    assertEquals(2, response.failed().size());
  }

  @Test
  void a_batch_has_one_to_ten_entries() {
    Refused.with(
        EmptyBatchRequestException.class,
        "AWS.SimpleQueueService.EmptyBatchRequest",
        400,
        "There should be at least one DeleteMessageBatchRequestEntry in the request.",
        this::deleteBatch);
    Refused.with(
        TooManyEntriesInBatchRequestException.class,
        "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
        400,
        "Maximum number of entries per request are 10. You have sent 11.",
        () ->
            deleteBatch(
                IntStream.range(0, 11)
                    .mapToObj(i -> entry("id" + i, "x"))
                    .toArray(DeleteMessageBatchRequestEntry[]::new)));
  }

  @Test
  void the_ids_of_a_batch_are_legal_and_distinct() {
    Refused.with(
        BatchEntryIdsNotDistinctException.class,
        "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
        400,
        "Id same repeated.",
        () -> deleteBatch(entry("same", "x"), entry("same", "y")));
    for (String id : List.of("", "in:valid", "a b", "x".repeat(81))) {
      Refused.with(
          InvalidBatchEntryIdException.class,
          "AWS.SimpleQueueService.InvalidBatchEntryId",
          400,
          "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It"
              + " can be at most 80 letters long.",
          () -> deleteBatch(entry(id, "x")));
    }
  }

  private void send(String... bodies) {
    for (String body : bodies) {
      services.sqs().sendMessage(request -> request.queueUrl(queue).messageBody(body));
    }
  }

  private void delete(String handle) {
    services.sqs().deleteMessage(request -> request.queueUrl(queue).receiptHandle(handle));
  }

  private DeleteMessageBatchResponse deleteBatch(DeleteMessageBatchRequestEntry... entries) {
    return services.sqs().deleteMessageBatch(request -> request.queueUrl(queue).entries(entries));
  }

  private static DeleteMessageBatchRequestEntry entry(String id, String handle) {
    return DeleteMessageBatchRequestEntry.builder().id(id).receiptHandle(handle).build();
  }
}
