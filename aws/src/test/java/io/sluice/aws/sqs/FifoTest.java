package io.sluice.aws.sqs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.aws.testing.EmbeddedServices;
import io.sluice.aws.testing.Refused;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/** FIFO queues (Amazon's "Amazon SQS FIFO queues"). */
class FifoTest {

  @RegisterExtension final EmbeddedServices services = new EmbeddedServices();
  private String queue;

  @BeforeEach
  void open() {
    queue = create("orders.fifo", Map.of());
  }

  private String create(String name, Map<String, String> attributes) {
    Map<String, String> all = new java.util.HashMap<>(attributes);
    all.put("FifoQueue", "true");
    return services.sqs().createQueue(r -> r.queueName(name).attributesWithStrings(all)).queueUrl();
  }

  @Test
  void messages_carry_group_id_and_sequence() {
    SendMessageResponse first = send("a", "1", "one");
    SendMessageResponse second = send("a", "2", "two");

    assertEquals(20, first.sequenceNumber().length());
    assertTrue(first.sequenceNumber().compareTo(second.sequenceNumber()) < 0);
    List<Message> received = receive();
    assertEquals(List.of("one", "two"), received.stream().map(Message::body).toList());
    assertEquals(
        Map.of(
            "MessageGroupId", "a",
            "MessageDeduplicationId", "1",
            "SequenceNumber", first.sequenceNumber()),
        fifoAttributes(received.getFirst()));
    assertEquals(first.messageId(), received.getFirst().messageId());
  }

  private static Map<String, String> fifoAttributes(Message message) {
    Map<String, String> attributes = new java.util.TreeMap<>(message.attributesAsStrings());
    attributes
        .keySet()
        .retainAll(List.of("MessageGroupId", "MessageDeduplicationId", "SequenceNumber"));
    return attributes;
  }

  @Test
  void a_duplicate_is_answered_as_the_first_was_and_not_delivered() {
    SendMessageResponse first = send("a", "1", "one");
    SendMessageResponse again = send("a", "1", "other text");

    assertEquals(first.messageId(), again.messageId());
    assertEquals(first.sequenceNumber(), again.sequenceNumber());
    assertEquals(1, receive().size());

    services.clock().advance(Duration.ofMinutes(5));
    assertNotEquals(first.messageId(), send("a", "1", "one").messageId());
  }

  @Test
  void the_body_can_be_the_deduplication_id() {
    String byContent = create("content.fifo", Map.of("ContentBasedDeduplication", "true"));
    SendMessageResponse first = send(byContent, "a", null, "one");
    assertEquals(first.messageId(), send(byContent, "a", null, "one").messageId());
    assertNotEquals(first.messageId(), send(byContent, "a", null, "two").messageId());
    assertNotEquals(first.messageId(), send(byContent, "a", "explicit", "one").messageId());
    assertEquals(
        "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed",
        receive(byContent).getFirst().attributesAsStrings().get("MessageDeduplicationId"));
  }

  @Test
  void an_id_counts_within_its_group_when_the_queue_says_so() {
    String wide =
        create(
            "wide.fifo",
            Map.of(
                "DeduplicationScope", "messageGroup", "FifoThroughputLimit", "perMessageGroupId"));
    assertNotEquals(
        send(wide, "a", "1", "one").messageId(), send(wide, "b", "1", "one").messageId());
    assertEquals(send("a", "1", "one").messageId(), send("b", "1", "one").messageId());
  }

  @Test
  void a_batch_keeps_its_order_and_fails_entry_by_entry() {
    SendMessageBatchResponse response =
        sendBatch(
            entry("1", "one").messageGroupId("a").messageDeduplicationId("1"),
            entry("2", "two").messageGroupId("no group").messageDeduplicationId("2"),
            entry("3", "three").messageGroupId("a").messageDeduplicationId("3"));

    assertEquals(List.of("1", "3"), response.successful().stream().map(e -> e.id()).toList());
    assertFalse(response.successful().getFirst().sequenceNumber().isEmpty());
    assertEquals(
        List.of("2 InvalidParameterValue"),
        response.failed().stream().map(e -> e.id() + " " + e.code()).toList());
    assertEquals(List.of("one", "three"), receive().stream().map(Message::body).toList());
  }

  @Test
  void a_batch_without_an_id_is_refused_whole() {
    var whole = entry("1", "one").messageGroupId("a").messageDeduplicationId("1");
    Refused.with(
        "InvalidParameterValue",
        "The request must contain the parameter MessageGroupId.",
        () -> sendBatch(whole, entry("2", "two").messageDeduplicationId("2")));
    Refused.with(
        "InvalidParameterValue",
        "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId"
            + " provided explicitly",
        () -> sendBatch(whole, entry("2", "two").messageGroupId("a")));
    assertEquals(List.of(), receive());
  }

  private SendMessageBatchResponse sendBatch(SendMessageBatchRequestEntry.Builder... entries) {
    return services
        .sqs()
        .sendMessageBatch(
            r ->
                r.queueUrl(queue).entries(Stream.of(entries).map(entry -> entry.build()).toList()));
  }

  private static SendMessageBatchRequestEntry.Builder entry(String id, String body) {
    return SendMessageBatchRequestEntry.builder().id(id).messageBody(body);
  }

  @Test
  void a_receive_can_be_repeated_by_its_attempt_id() {
    send("a", "1", "one");
    send("b", "2", "two");
    List<Message> first = receiveAs("attempt", 1);
    assertEquals(List.of("one"), first.stream().map(Message::body).toList());

    services.clock().advance(Duration.ofSeconds(1));
    assertEquals(first, receiveAs("attempt", 1), "with the same receipt handle");
    assertEquals("two", receiveAs("other", 10).getFirst().body());

    services
        .sqs()
        .deleteMessage(r -> r.queueUrl(queue).receiptHandle(first.getFirst().receiptHandle()));
    send("a", "3", "three");
    assertEquals("three", receiveAs("attempt", 1).getFirst().body());
  }

  private List<Message> receiveAs(String attempt, int max) {
    return services
        .sqs()
        .receiveMessage(
            r -> r.queueUrl(queue).receiveRequestAttemptId(attempt).maxNumberOfMessages(max))
        .messages();
  }

  @Test
  void a_handle_whose_time_is_over_deletes_nothing() {
    send("a", "1", "one");
    Message late = receive().getFirst();
    services.clock().advance(Duration.ofSeconds(30));

    Refused.with(
        "InvalidParameterValue",
        "Value "
            + late.receiptHandle()
            + " for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.",
        () ->
            services
                .sqs()
                .deleteMessage(r -> r.queueUrl(queue).receiptHandle(late.receiptHandle())));

    Message again = receive().getFirst();
    services.sqs().deleteMessage(r -> r.queueUrl(queue).receiptHandle(again.receiptHandle()));
    services.sqs().deleteMessage(r -> r.queueUrl(queue).receiptHandle(again.receiptHandle()));
  }

  @Test
  void the_queue_has_one_delay_for_all_its_messages() {
    send("a", "1", "one");
    services
        .sqs()
        .setQueueAttributes(
            r -> r.queueUrl(queue).attributesWithStrings(Map.of("DelaySeconds", "10")));
    assertEquals(List.of(), receive());
    services.clock().advance(Duration.ofSeconds(10));
    assertEquals(1, receive().size());

    Refused.with(
        "InvalidParameterValue",
        "Value 5 for parameter DelaySeconds is invalid. Reason: The request include parameter that"
            + " is not valid for this queue type.",
        () ->
            services
                .sqs()
                .sendMessage(
                    r ->
                        r.queueUrl(queue)
                            .messageBody("x")
                            .messageGroupId("a")
                            .messageDeduplicationId("x")
                            .delaySeconds(5)));
  }

  @Test
  void the_owner_sees_what_makes_it_fifo() {
    Map<String, String> attributes = attributes(queue);
    assertEquals("true", attributes.get("FifoQueue"));
    assertEquals("false", attributes.get("ContentBasedDeduplication"));
    assertEquals("queue", attributes.get("DeduplicationScope"));
    assertEquals("perQueue", attributes.get("FifoThroughputLimit"));
    assertTrue(attributes.get("QueueArn").endsWith(":orders.fifo"));
    assertNull(attributes(services.queue("standard")).get("FifoQueue"));
    assertEquals(queue, create("orders.fifo", Map.of()), "creating it again");
  }

  private Map<String, String> attributes(String url) {
    return services
        .sqs()
        .getQueueAttributes(r -> r.queueUrl(url).attributeNamesWithStrings("All"))
        .attributesAsStrings();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          FifoThroughputLimit | perMessageGroupId | InvalidAttributeValue
          DeduplicationScope | group | InvalidAttributeValue
          ContentBasedDeduplication | yes | InvalidAttributeValue
          FifoQueue | false | InvalidAttributeValue
          """)
  void what_cannot_be_set_is_refused(String name, String value, String code) {
    List<String> refused = new ArrayList<>();
    try {
      services
          .sqs()
          .setQueueAttributes(r -> r.queueUrl(queue).attributesWithStrings(Map.of(name, value)));
    } catch (software.amazon.awssdk.awscore.exception.AwsServiceException e) {
      refused.add(e.awsErrorDetails().errorCode());
    }
    assertEquals(List.of(code), refused);
  }

  @Test
  void names_and_type_belong_together() {
    Refused.with(
        "InvalidParameterValue",
        "The name of a FIFO queue can only include alphanumeric characters, hyphens, or"
            + " underscores, must end with .fifo suffix and be 1 to 80 in length.",
        () -> create("orders", Map.of()));
    Refused.with(
        "InvalidParameterValue",
        "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
        () -> services.sqs().createQueue(r -> r.queueName("other.fifo")));
    Refused.with(
        "InvalidAttributeName",
        "Unknown Attribute FifoQueue.",
        () ->
            services
                .sqs()
                .createQueue(
                    r ->
                        r.queueName("standard")
                            .attributesWithStrings(Map.of("FifoQueue", "false"))));
  }

  @Test
  void what_a_message_lacks_is_named() {
    Refused.with(
        "MissingParameter",
        "The request must contain the parameter MessageGroupId.",
        () -> send(queue, null, "1", "one"));
    Refused.with(
        "InvalidParameterValue",
        "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId"
            + " provided explicitly",
        () -> send(queue, "a", null, "one"));
    Refused.with(
        "InvalidParameterValue",
        "Value a b for parameter MessageDeduplicationId is invalid. Reason: MessageDeduplicationId"
            + " can only include alphanumeric and punctuation characters. 1 to 128 in length.",
        () -> send(queue, "a", "a b", "one"));
  }

  private SendMessageResponse send(String group, String id, String body) {
    return send(queue, group, id, body);
  }

  private SendMessageResponse send(
      String url,
      @org.jspecify.annotations.Nullable String group,
      @org.jspecify.annotations.Nullable String id,
      String body) {
    return services
        .sqs()
        .sendMessage(
            r ->
                r.queueUrl(url).messageBody(body).messageGroupId(group).messageDeduplicationId(id));
  }

  private List<Message> receive() {
    return receive(queue);
  }

  private List<Message> receive(String url) {
    return services
        .sqs()
        .receiveMessage(
            r ->
                r.queueUrl(url)
                    .maxNumberOfMessages(10)
                    .messageSystemAttributeNamesWithStrings("All"))
        .messages();
  }
}
