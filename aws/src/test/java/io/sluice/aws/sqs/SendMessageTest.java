package io.sluice.aws.sqs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.aws.testing.EmbeddedServices;
import io.sluice.aws.testing.Refused;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sqs.model.BatchEntryIdsNotDistinctException;
import software.amazon.awssdk.services.sqs.model.BatchRequestTooLongException;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.EmptyBatchRequestException;
import software.amazon.awssdk.services.sqs.model.InvalidMessageContentsException;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeNameForSends;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;
import software.amazon.awssdk.services.sqs.model.SqsException;
import software.amazon.awssdk.services.sqs.model.TooManyEntriesInBatchRequestException;
import software.amazon.awssdk.services.sqs.model.UnsupportedOperationException;

class SendMessageTest {

  private static final String ILLEGAL_TEXT =
      "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF |"
          + " #xE000 to #xFFFD | #x10000 to #x10FFFF";

  @RegisterExtension final EmbeddedServices services = new EmbeddedServices();
  private String queue;

  @BeforeEach
  void open() {
    queue = services.queue("orders");
  }

  @Test
  void a_message_arrives_as_it_was_sent() {
    Map<String, MessageAttributeValue> attributes =
        Map.of(
            "text", string("hällo"),
            "custom", value("String.colour").stringValue("red").build(),
            "number", value("Number").stringValue("-1.5e3").build(),
            "int", value("Number.int").stringValue("42").build(),
            "bytes", binary(new byte[] {0, 1, (byte) 0xFF}),
            "readable", binary("text".getBytes(UTF_8)),
            "umläut", string("x"));
    SendMessageResponse sent =
        send(
            request ->
                request
                    .messageBody("body \uD83D\uDE00")
                    .messageAttributes(attributes)
                    .messageGroupId("group-1")
                    .messageSystemAttributes(
                        Map.of(
                            MessageSystemAttributeNameForSends.AWS_TRACE_HEADER,
                            MessageSystemAttributeValue.builder()
                                .dataType("String")
                                .stringValue("Root=1-5759e988-bd862e3fe1be46a994272793")
                                .build())));
    Message received = services.receiveOne(queue);

    assertEquals("body \uD83D\uDE00", received.body());
    assertEquals(sent.messageId(), received.messageId());
    assertEquals(8, UUID.fromString(sent.messageId()).version());
    assertEquals(sent.md5OfMessageBody(), received.md5OfBody());
    assertEquals(sent.md5OfMessageAttributes(), received.md5OfMessageAttributes());
    assertNull(sent.sequenceNumber());
    assertEquals("62a56dd927315f2b2e12832b84617ea5", sent.md5OfMessageSystemAttributes());
    assertEquals(attributes, received.messageAttributes());
    assertEquals(
        Map.of(
            "SenderId", "000000000000",
            "SentTimestamp", Long.toString(services.clock().instant().toEpochMilli()),
            "ApproximateReceiveCount", "1",
            "ApproximateFirstReceiveTimestamp",
                Long.toString(services.clock().instant().toEpochMilli()),
            "MessageGroupId", "group-1",
            "AWSTraceHeader", "Root=1-5759e988-bd862e3fe1be46a994272793"),
        received.attributesAsStrings());
  }

  @Test
  void a_message_without_attributes_has_no_digest_of_them() {
    SendMessageResponse sent = send(request -> request.messageBody("x"));
    Message received = services.receiveOne(queue);

    assertNull(sent.md5OfMessageAttributes());
    assertNull(sent.md5OfMessageSystemAttributes());
    assertNull(received.md5OfMessageAttributes());
    assertTrue(received.messageAttributes().isEmpty());
  }

  @Test
  void a_delayed_message_comes_later_and_shows_no_trace_of_it() {
    send(request -> request.messageBody("late").delaySeconds(10));
    assertEquals(List.of(), services.peek(queue));

    services.clock().advance(Duration.ofSeconds(11));
    Message received = services.receiveOne(queue);

    assertEquals("late", received.body());
    assertTrue(received.messageAttributes().isEmpty());
  }

  @Test
  void a_queue_s_delay_counts_for_messages_that_name_none() {
    services
        .sqs()
        .setQueueAttributes(
            request ->
                request.queueUrl(queue).attributes(Map.of(QueueAttributeName.DELAY_SECONDS, "10")));
    send(request -> request.messageBody("late"));
    send(request -> request.messageBody("now").delaySeconds(0));

    assertEquals("now", services.receiveOne(queue).body());
    services.clock().advance(Duration.ofSeconds(11));
    assertEquals("late", services.receiveOne(queue).body());
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 901})
  void a_delay_is_at_most_fifteen_minutes(int seconds) {
    refused(
        "InvalidParameterValue",
        "Value "
            + seconds
            + " for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <="
            + " 900.",
        request -> request.messageBody("x").delaySeconds(seconds));
  }

  @Test
  void a_body_is_required() {
    String message = "The request must contain the parameter MessageBody.";

    refused("MissingParameter", message, request -> {});
    refused("MissingParameter", message, request -> request.messageBody(""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\u0000", "\u0008", "\u000b", "\uffff", "\ufffe", "\ud800", "\udc00x"})
  void a_body_is_legal_text(String body) {
    Refused.with(
        InvalidMessageContentsException.class,
        "InvalidMessageContents",
        400,
        ILLEGAL_TEXT,
        () -> send(request -> request.messageBody(body)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\t\n\r ", "\u007f", "\ud7ff\ue000\ufffd", "\ud83d\ude00"})
  void whatever_amazon_allows_is_legal(String body) {
    send(request -> request.messageBody(body));

    assertEquals(body, services.receiveOne(queue).body());
  }

  @Test
  void body_and_attributes_fit_into_a_mebibyte() {
    String body = "a".repeat(1_048_576 - "k".length() - "String".length() - "x".length());
    send(request -> request.messageBody(body).messageAttributes(Map.of("k", string("x"))));
    assertEquals(body, services.receiveOne(queue).body());

    refused(
        "InvalidParameterValue",
        "One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.",
        request -> request.messageBody(body + "a").messageAttributes(Map.of("k", string("x"))));
  }

  @Test
  void a_queue_may_allow_less() {
    services
        .sqs()
        .setQueueAttributes(
            request ->
                request
                    .queueUrl(queue)
                    .attributes(Map.of(QueueAttributeName.MAXIMUM_MESSAGE_SIZE, "1024")));
    send(request -> request.messageBody("ä".repeat(512)));

    refused(
        "InvalidParameterValue",
        "One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.",
        request -> request.messageBody("ä".repeat(512) + "a"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "group 123", "grüppe"})
  void a_group_id_is_printable(String groupId) {
    refused(
        "InvalidParameterValue",
        "Value "
            + groupId
            + " for parameter MessageGroupId is invalid. Reason: MessageGroupId can only include"
            + " alphanumeric and punctuation characters. 1 to 128 in length.",
        request -> request.messageBody("x").messageGroupId(groupId));
  }

  @Test
  void a_group_id_has_at_most_128_characters() {
    send(request -> request.messageBody("x").messageGroupId("a".repeat(128)));

    Refused.with(
        "InvalidParameterValue",
        "Value "
            + "a".repeat(129)
            + " for parameter MessageGroupId is invalid. Reason: MessageGroupId can only include"
            + " alphanumeric and punctuation characters. 1 to 128 in length.",
        () -> send(request -> request.messageBody("x").messageGroupId("a".repeat(129))));
  }

  @Test
  void deduplication_is_for_fifo_queues() {
    refused(
        "InvalidParameterValue",
        "Value 1 for parameter MessageDeduplicationId is invalid. Reason: The request includes a"
            + " parameter that is not valid for this queue type.",
        request -> request.messageBody("x").messageDeduplicationId("1"));
  }

  @Test
  void ten_attributes_are_the_most() {
    Map<String, MessageAttributeValue> attributes = new HashMap<>();
    IntStream.range(0, 10).forEach(i -> attributes.put("a" + i, string("x")));
    send(request -> request.messageBody("x").messageAttributes(attributes));
    assertEquals(attributes, services.receiveOne(queue).messageAttributes());

    attributes.put("one more", string("x"));
    refused(
        "InvalidParameterValue",
        "Number of message attributes [11] exceeds the allowed maximum [10].",
        request -> request.messageBody("x").messageAttributes(attributes));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "aWs.x", "AMAZON.x", ".x", "x.", "x..y", "a!b", "a b", "a§b", "a\nb"})
  void an_attribute_s_name_is_legal(String name) {
    refused(
        "InvalidParameterValue",
        "The message attribute name '"
            + name
            + "' is invalid. Attribute name can contain A-Z, a-z, 0-9, underscore (_), hyphen (-),"
            + " and period (.) characters.",
        withAttribute(name, string("x")));
  }

  @Test
  void an_attribute_s_name_has_at_most_256_characters() {
    send(withAttribute("L".repeat(256), string("x")));

    Refused.with(
        "InvalidParameterValue",
        "The message attribute name '"
            + "L".repeat(257)
            + "' is invalid. Attribute name can contain A-Z, a-z, 0-9, underscore (_), hyphen (-),"
            + " and period (.) characters.",
        () -> send(withAttribute("L".repeat(257), string("x"))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Invalid", "string", "Strings", "String.", "Number\u0001", ".String"})
  void an_attribute_s_type_is_one_of_three(String type) {
    refused(
        "InvalidParameterValue",
        "The type of message (user) attribute 'a' is invalid. You must use only the following"
            + " supported type prefixes: Binary, Number, String.",
        withAttribute("a", value(type).stringValue("x").build()));
  }

  @Test
  void an_attribute_has_a_type_and_a_value_that_fits() {
    refused(
        "InvalidParameterValue",
        "The message attribute 'a' must contain non-empty message attribute type.",
        withAttribute("a", MessageAttributeValue.builder().stringValue("x").build()));
    refused(
        "InvalidParameterValue",
        "Message (user) attribute 'a' must contain a non-empty value of type 'String'.",
        withAttribute("a", string("")));
    refused(
        "InvalidParameterValue",
        "Message (user) attribute 'a' must contain a non-empty value of type 'String'.",
        withAttribute("a", value("String").binaryValue(SdkBytes.fromUtf8String("x")).build()));
    refused(
        "InvalidParameterValue",
        "Message (user) attribute 'a' must contain a non-empty value of type 'Binary'.",
        withAttribute("a", value("Binary").stringValue("x").build()));
    refused(
        "InvalidParameterValue",
        "Message (user) attribute 'a' must contain a non-empty value of type 'Binary'.",
        withAttribute("a", binary(new byte[0])));
    Refused.with(
        UnsupportedOperationException.class,
        "AWS.SimpleQueueService.UnsupportedOperation",
        400,
        "Message attribute list values in SendMessage operation are not supported.",
        () -> send(withAttribute("a", value("String").stringListValues("x").build())));
    refused("InvalidParameterValue", ILLEGAL_TEXT, withAttribute("a", string("\u0008")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "1,5",
        "NaN",
        "0x1F",
        "1e127",
        "1e-129",
        "123456789012345678901234567890123456789"
      })
  void a_number_is_a_number(String number) {
    refused(
        "InvalidParameterValue",
        "Can't cast the value of message (user) attribute 'n' to a number.",
        withAttribute("n", value("Number").stringValue(number).build()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0", "-0.5", "+1", "1e126", "1e-128", "12345678901234567890123456789012345678"})
  void a_number_has_38_digits_and_a_wide_exponent(String number) {
    send(withAttribute("n", value("Number").stringValue(number).build()));

    assertEquals(number, services.receiveOne(queue).messageAttributes().get("n").stringValue());
  }

  @Test
  void an_entry_with_an_illegal_trace_header_fails_alone() {
    SendMessageBatchResponse response =
        services
            .sqs()
            .sendMessageBatch(
                r ->
                    r.queueUrl(queue)
                        .entries(traced("good", "String", "Root=1"), traced("bad", "Number", "1")));

    assertEquals("good", response.successful().getFirst().id());
    assertEquals("bad", response.failed().getFirst().id());
    assertEquals("InvalidParameterValue", response.failed().getFirst().code());
    assertTrue(response.failed().getFirst().senderFault());
    assertEquals(
        "Root=1",
        services.receiveOne(queue).attributes().get(MessageSystemAttributeName.AWS_TRACE_HEADER));
  }

  private static SendMessageBatchRequestEntry traced(String id, String type, String header) {
    return SendMessageBatchRequestEntry.builder()
        .id(id)
        .messageBody(id)
        .messageSystemAttributes(
            Map.of(
                MessageSystemAttributeNameForSends.AWS_TRACE_HEADER,
                MessageSystemAttributeValue.builder().dataType(type).stringValue(header).build()))
        .build();
  }

  @Test
  void the_trace_header_is_the_only_system_attribute() {
    String message =
        "Message system attribute 'AWSTraceHeader' is invalid. Currently, the only supported"
            + " message system attribute is AWSTraceHeader, a String.";
    for (MessageSystemAttributeValue value :
        List.of(
            MessageSystemAttributeValue.builder().dataType("Number").stringValue("1").build(),
            MessageSystemAttributeValue.builder().dataType("String").build(),
            MessageSystemAttributeValue.builder()
                .dataType("String")
                .stringValue("x".repeat(2049))
                .build())) {
      refused(
          "InvalidParameterValue",
          message,
          request ->
              request
                  .messageBody("x")
                  .messageSystemAttributes(
                      Map.of(MessageSystemAttributeNameForSends.AWS_TRACE_HEADER, value)));
    }
    refused(
        "InvalidParameterValue",
        message.replace("'AWSTraceHeader'", "'Other'"),
        request ->
            request
                .messageBody("x")
                .messageSystemAttributesWithStrings(
                    Map.of(
                        "Other",
                        MessageSystemAttributeValue.builder()
                            .dataType("String")
                            .stringValue("x")
                            .build())));
  }

  @Test
  void an_unknown_queue_does_not_exist() {
    Refused.with(
        QueueDoesNotExistException.class,
        "AWS.SimpleQueueService.NonExistentQueue",
        400,
        "The specified queue does not exist.",
        () -> services.sqs().sendMessage(r -> r.queueUrl(queue + "-not").messageBody("x")));
  }

  @Test
  void a_batch_sends_what_it_can() {
    services
        .sqs()
        .setQueueAttributes(
            request ->
                request
                    .queueUrl(queue)
                    .attributes(Map.of(QueueAttributeName.MAXIMUM_MESSAGE_SIZE, "1024")));
    SendMessageBatchResponse response =
        sendBatch(
            entry("a").messageBody("A").messageAttributes(Map.of("k", string("v"))).build(),
            entry("long").messageBody("x".repeat(1025)).build(),
            entry("illegal").messageBody("\u0000").build(),
            entry("attribute").messageBody("x").messageAttributes(Map.of("k", string(""))).build(),
            entry("b").messageBody("B").messageGroupId("g").build());

    assertEquals(
        List.of("a", "b"),
        response.successful().stream().map(SendMessageBatchResultEntry::id).toList());
    assertEquals(
        List.of(
            failure(
                "long",
                "InvalidParameterValue",
                "One or more parameters cannot be validated. Reason: Message must be shorter than"
                    + " 1024 bytes."),
            failure("illegal", "InvalidMessageContents", ILLEGAL_TEXT),
            failure(
                "attribute",
                "InvalidParameterValue",
                "Message (user) attribute 'k' must contain a non-empty value of type 'String'.")),
        response.failed());
    Map<String, Message> received =
        services.receive(queue).stream().collect(Collectors.toMap(Message::body, m -> m));
    assertEquals(Set.of("A", "B"), received.keySet());
    SendMessageBatchResultEntry first = response.successful().getFirst();
    assertEquals(first.messageId(), received.get("A").messageId());
    assertEquals(first.md5OfMessageBody(), received.get("A").md5OfBody());
    assertEquals(first.md5OfMessageAttributes(), received.get("A").md5OfMessageAttributes());
    assertEquals("g", received.get("B").attributesAsStrings().get("MessageGroupId"));
  }

  @Test
  void a_batch_of_ten_is_received_as_ten() {
    SendMessageBatchResponse response =
        sendBatch(
            IntStream.range(0, 10)
                .mapToObj(i -> entry("id-" + i).messageBody("m" + i).build())
                .toArray(SendMessageBatchRequestEntry[]::new));

    assertEquals(10, response.successful().size());
    assertEquals(10, services.receive(queue).stream().map(Message::messageId).distinct().count());
  }

  @Test
  void a_batch_fits_into_a_mebibyte() {
    SendMessageBatchRequestEntry large = entry("1").messageBody("a".repeat(1_048_576)).build();

    Refused.with(
        BatchRequestTooLongException.class,
        "AWS.SimpleQueueService.BatchRequestTooLong",
        400,
        "Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.",
        () -> sendBatch(large, entry("2").messageBody("a").build()));
  }

  @Test
  void a_batch_has_one_to_ten_entries_with_ids_of_their_own() {
    Refused.with(
        EmptyBatchRequestException.class,
        "AWS.SimpleQueueService.EmptyBatchRequest",
        400,
        "There should be at least one SendMessageBatchRequestEntry in the request.",
        this::sendBatch);
    Refused.with(
        TooManyEntriesInBatchRequestException.class,
        "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
        400,
        "Maximum number of entries per request are 10. You have sent 11.",
        () ->
            sendBatch(
                IntStream.range(0, 11)
                    .mapToObj(i -> entry("id-" + i).messageBody("m" + i).build())
                    .toArray(SendMessageBatchRequestEntry[]::new)));
    Refused.with(
        BatchEntryIdsNotDistinctException.class,
        "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
        400,
        "Id 1 repeated.",
        () -> sendBatch(entry("1").messageBody("a").build(), entry("1").messageBody("b").build()));
    assertEquals(List.of(), services.peek(queue), "nothing of a refused batch is sent");
  }

  private SendMessageResponse send(Consumer<SendMessageRequest.Builder> message) {
    return services.sqs().sendMessage(request -> message.accept(request.queueUrl(queue)));
  }

  private SendMessageBatchResponse sendBatch(SendMessageBatchRequestEntry... entries) {
    return services.sqs().sendMessageBatch(request -> request.queueUrl(queue).entries(entries));
  }

  private void refused(String code, String text, Consumer<SendMessageRequest.Builder> message) {
    Refused.with(SqsException.class, code, 400, text, () -> send(message));
  }

  private static Consumer<SendMessageRequest.Builder> withAttribute(
      String name, MessageAttributeValue value) {
    return request -> request.messageBody("x").messageAttributes(Map.of(name, value));
  }

  private static SendMessageBatchRequestEntry.Builder entry(String id) {
    return SendMessageBatchRequestEntry.builder().id(id);
  }

  private static BatchResultErrorEntry failure(String id, String code, String message) {
    return BatchResultErrorEntry.builder()
        .id(id)
        .code(code)
        .message(message)
        .senderFault(true)
        .build();
  }

  private static MessageAttributeValue string(String text) {
    return value("String").stringValue(text).build();
  }

  private static MessageAttributeValue binary(byte[] bytes) {
    return value("Binary").binaryValue(SdkBytes.fromByteArray(bytes)).build();
  }

  private static MessageAttributeValue.Builder value(String type) {
    return MessageAttributeValue.builder().dataType(type);
  }
}
