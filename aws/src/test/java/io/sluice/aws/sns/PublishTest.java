package io.sluice.aws.sns;

import static io.sluice.aws.testing.Refused.invalidParameter;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.aws.message.Json;
import io.sluice.aws.testing.EmbeddedServices;
import io.sluice.aws.testing.Refused;
import io.sluice.broker.NewTopic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sns.model.BatchEntryIdsNotDistinctException;
import software.amazon.awssdk.services.sns.model.BatchRequestTooLongException;
import software.amazon.awssdk.services.sns.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sns.model.EmptyBatchRequestException;
import software.amazon.awssdk.services.sns.model.InvalidBatchEntryIdException;
import software.amazon.awssdk.services.sns.model.InvalidParameterValueException;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.NotFoundException;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sns.model.PublishBatchResponse;
import software.amazon.awssdk.services.sns.model.PublishBatchResultEntry;
import software.amazon.awssdk.services.sns.model.PublishRequest;
import software.amazon.awssdk.services.sns.model.PublishResponse;
import software.amazon.awssdk.services.sns.model.SnsException;
import software.amazon.awssdk.services.sns.model.TooManyEntriesInBatchRequestException;
import software.amazon.awssdk.services.sqs.model.Message;

/** Publish and PublishBatch, and what arrives in a queue. */
class PublishTest {

  @RegisterExtension final EmbeddedServices services = new EmbeddedServices();
  private String topic;
  private String raw;
  private String wrapped;

  @BeforeEach
  void open() {
    topic = services.topic("orders");
    raw = services.queue("raw");
    wrapped = services.queue("wrapped");
    subscribe("raw", Map.of("RawMessageDelivery", "true"));
    subscribe("wrapped", Map.of());
  }

  @Test
  void raw_delivery_brings_the_message_itself() {
    PublishResponse published =
        publish(
            r ->
                r.message("hällo \"you\"")
                    .subject("news")
                    .messageGroupId("order-17")
                    .messageAttributes(
                        Map.of(
                            "text", string("v"),
                            "list", value("String.Array").stringValue("[\"a\",1]").build(),
                            "number", value("Number").stringValue("99.12").build(),
                            "bytes",
                                value("Binary")
                                    .binaryValue(SdkBytes.fromByteArray(new byte[] {2, 3, 4}))
                                    .build())));
    Message message = services.receiveOne(raw);

    assertNull(published.sequenceNumber());
    assertEquals("hällo \"you\"", message.body());
    assertEquals(published.messageId(), message.messageId());
    assertEquals("order-17", message.attributesAsStrings().get("MessageGroupId"));
    assertEquals(
        Map.of(
            "text", "String v",
            "list", "String.Array [\"a\",1]",
            "number", "Number 99.12",
            "bytes", "Binary AgME"),
        describe(message));
  }

  @Test
  void otherwise_it_comes_in_a_notification() throws Json.NotJsonException {
    PublishResponse published =
        publish(
            r ->
                r.message("hällo \"you\"")
                    .subject("news")
                    .messageGroupId("order-17")
                    .messageAttributes(Map.of("text", string("v"))));
    Message message = services.receiveOne(wrapped);
    Map<String, ?> notification = Json.object(message.body());

    assertEquals(
        List.of(
            "Type",
            "MessageId",
            "TopicArn",
            "Subject",
            "Message",
            "Timestamp",
            "UnsubscribeURL",
            "MessageAttributes"),
        List.copyOf(notification.keySet()));
    assertEquals("Notification", notification.get("Type"));
    assertEquals(published.messageId(), notification.get("MessageId"));
    assertEquals(topic, notification.get("TopicArn"));
    assertEquals("news", notification.get("Subject"));
    assertEquals("hällo \"you\"", notification.get("Message"));
    assertEquals(
        services.clock().instant().toEpochMilli(),
        java.time.Instant.parse((String) notification.get("Timestamp")).toEpochMilli());
    assertEquals(
        Map.of("text", Map.of("Type", "String", "Value", "v")),
        notification.get("MessageAttributes"));
    String unsubscribe = (String) notification.get("UnsubscribeURL");
    assertTrue(
        unsubscribe.startsWith(
            "http://localhost:4566/?Action=Unsubscribe&SubscriptionArn=" + topic + ":"),
        unsubscribe);
    assertTrue(message.messageAttributes().isEmpty());
    assertEquals("order-17", message.attributesAsStrings().get("MessageGroupId"));
  }

  @Test
  void the_unsubscribe_url_names_the_subscription() throws Json.NotJsonException {
    publish(r -> r.message("x"));
    String url = (String) Json.object(services.receiveOne(wrapped).body()).get("UnsubscribeURL");
    services.sns().unsubscribe(r -> r.subscriptionArn(url.substring(url.indexOf("arn:"))));

    assertEquals(1, services.sns().listSubscriptions().subscriptions().size());
  }

  @Test
  void a_kafka_record_reaches_queues_too() throws Json.NotJsonException {
    services.publishRecord(
        "orders",
        "key".getBytes(UTF_8),
        "value".getBytes(UTF_8),
        new RecordHeader("h", "v".getBytes(UTF_8)));

    Message message = services.receiveOne(raw);
    assertEquals("value", message.body());
    assertEquals("key", message.attributesAsStrings().get("MessageGroupId"));
    assertEquals(Map.of("h", "String v"), describe(message));
    Map<String, ?> notification = Json.object(services.receiveOne(wrapped).body());
    assertEquals("value", notification.get("Message"));
    assertEquals(message.messageId(), notification.get("MessageId"));
    assertFalse(notification.containsKey("Subject"));
  }

  @Test
  void bytes_reach_queues_as_base64_and_say_so() throws Json.NotJsonException {
    services.publishRecord("orders", null, new byte[] {(byte) 0xC3, 0x28});

    Message message =
        services
            .sqs()
            .receiveMessage(r -> r.queueUrl(raw).waitTimeSeconds(1))
            .messages()
            .getFirst();
    assertEquals("wyg=", message.body());
    assertEquals(
        Map.of("sluice.body", "String base64"),
        describe(message),
        "even to a receiver who asks for no attributes");
    Map<String, ?> notification = Json.object(services.receiveOne(wrapped).body());
    assertEquals("wyg=", notification.get("Message"));
    assertEquals(
        Map.of("sluice.body", Map.of("Type", "String", "Value", "base64")),
        notification.get("MessageAttributes"));
  }

  @Test
  void one_group_is_one_partition_and_keeps_its_order() {
    services.broker().topics().create(NewTopic.named("wide").withPartitions(6));
    String wide = services.topic("wide");
    services
        .sns()
        .subscribe(
            r ->
                r.topicArn(wide)
                    .protocol("sqs")
                    .endpoint(EmbeddedServices.queueArn("raw"))
                    .attributes(Map.of("RawMessageDelivery", "true")));
    for (int i = 0; i < 10; i++) {
      String message = Integer.toString(i);
      services.sns().publish(r -> r.topicArn(wide).message(message).messageGroupId("g"));
    }

    assertEquals(
        IntStream.range(0, 10).mapToObj(Integer::toString).toList(),
        services.receive(raw).stream().map(Message::body).toList());
  }

  @Test
  void a_target_may_be_a_topic() {
    services.sns().publish(r -> r.targetArn(topic).message("x"));

    assertEquals("x", services.receiveOne(raw).body());
  }

  @Test
  void a_message_may_have_a_body_for_queues() {
    publish(r -> r.messageStructure("json").message("{\"default\":\"d\",\"sqs\":\"s\",\"x\":1}"));
    publish(r -> r.messageStructure("json").message("{\"default\":\"d\",\"sqs\":1}"));

    assertEquals(
        List.of("d", "s"), services.receive(raw).stream().map(Message::body).sorted().toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'{\"sqs\":\"s\"}'|Message Structure - No default entry in JSON message body",
        "'{\"default\":1}'|Message Structure - No default entry in JSON message body",
        "'{'|Message Structure - JSON message body failed to parse",
        "'[]'|Message Structure - JSON message body failed to parse",
        "'{\"default\":\"\"}'|Empty message"
      })
  void a_structured_message_has_a_default(String message, String what) {
    invalidParameter(what, () -> publish(r -> r.messageStructure("json").message(message)));
  }

  @Test
  void the_only_structure_is_json() {
    invalidParameter(
        "MessageStructure", () -> publish(r -> r.messageStructure("xml").message("<default/>")));
  }

  @Test
  void a_message_is_required() {
    invalidParameter("Empty message", () -> publish(r -> {}));
    invalidParameter("Empty message", () -> publish(r -> r.message("")));
  }

  @Test
  void a_message_is_legal_text() {
    invalidParameter(
        "Message Reason: Invalid characters found. Valid unicode characters are #x9 | #xA | #xD |"
            + " #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF",
        () -> publish(r -> r.message("a\u0000")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two\nlines", "tab\t", "\u0000"})
  void a_subject_is_one_line(String subject) {
    invalidParameter("Subject", () -> publish(r -> r.message("x").subject(subject)));
  }

  @Test
  void a_subject_has_at_most_a_hundred_characters() {
    publish(r -> r.message("x").subject("s".repeat(100)));

    invalidParameter("Subject", () -> publish(r -> r.message("x").subject("s".repeat(101))));
  }

  @Test
  void message_and_attributes_fit_into_256_kib() {
    String message = "m".repeat(262_144 - "k".length() - "String".length() - "v".length());
    publish(r -> r.message(message).messageAttributes(Map.of("k", string("v"))));
    assertEquals(message, services.receiveOne(raw).body());

    invalidParameter(
        "Message too long",
        () -> publish(r -> r.message(message + "m").messageAttributes(Map.of("k", string("v")))));
  }

  @Test
  void a_topic_may_take_less() {
    services.broker().topics().alterConfigs("orders", Map.of("max.message.bytes", "2000"));

    invalidParameter("Message too long", () -> publish(r -> r.message("m".repeat(3000))));
  }

  @Test
  void somebody_must_be_told() {
    invalidParameter(
        "TopicArn or TargetArn Reason: no value for required parameter",
        () -> services.sns().publish(r -> r.message("x")));
    invalidParameter(
        "TargetArn Reason: No endpoint found for the target arn specified",
        () ->
            services
                .sns()
                .publish(
                    r ->
                        r.targetArn("arn:aws:sns:us-east-1:000000000000:endpoint/APNS/app/id")
                            .message("x")));
    invalidParameter(
        "PhoneNumber Reason: Sluice delivers to queues only, not to phones",
        () -> services.sns().publish(r -> r.phoneNumber("+15550100").message("x")));
    invalidParameter(
        "TargetArn Reason: An ARN must have at least 6 elements, not 1",
        () -> services.sns().publish(r -> r.targetArn("x").message("x")));
    Refused.with(
        NotFoundException.class,
        "NotFound",
        404,
        "Topic does not exist",
        () -> services.sns().publish(r -> r.topicArn(topic + "-not").message("x")));
  }

  @Test
  void deduplication_is_for_fifo_topics() {
    invalidParameter(
        "MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that"
            + " is not valid for this topic type",
        () -> publish(r -> r.message("x").messageDeduplicationId("1")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "ä"})
  void a_group_id_is_printable(String groupId) {
    invalidParameter(
        "MessageGroupId Reason: MessageGroupId can only include alphanumeric and punctuation"
            + " characters. 1 to 128 in length",
        () -> publish(r -> r.message("x").messageGroupId(groupId)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ".x|Invalid message attribute name starting with character '.' was found.",
        "x.|Invalid message attribute name ending with character '.' was found.",
        "x..y|Message attribute name can not have successive '.' character.",
        "x^y|Invalid non-alphanumeric character '#x5E' was found in the message attribute name."
            + " Can only include alphanumeric characters, hyphens, underscores, or dots.",
        "xä|Invalid non-alphanumeric character '#xE4' was found in the message attribute name."
            + " Can only include alphanumeric characters, hyphens, underscores, or dots.",
        "''|The message attribute name '' is empty, or begins with AWS. or Amazon.",
        "aws.x|The message attribute name 'aws.x' is empty, or begins with AWS. or Amazon.",
      })
  void an_attribute_s_name_is_legal(String name, String message) {
    invalidAttribute(message, name, string("v"));
  }

  @Test
  void an_attribute_s_name_has_at_most_256_characters() {
    publish(r -> r.message("x").messageAttributes(Map.of("n".repeat(256), string("v"))));

    invalidAttribute(
        "Length of message attribute name must be less than 256 bytes.",
        "n".repeat(257),
        string("v"));
  }

  @Test
  void an_attribute_has_a_type_and_a_value_that_fits() {
    SdkBytes bytes = SdkBytes.fromUtf8String("v");

    invalidAttribute(
        "The message attribute 'a' has an invalid message attribute type, the set of supported type"
            + " prefixes is Binary, Number, and String.",
        "a",
        value("Stringprefixed").stringValue("v").build());
    invalidAttribute(
        "The message attribute 'a' must contain non-empty message attribute value for message"
            + " attribute type 'String'.",
        "a",
        string(""));
    invalidAttribute(
        "The message attribute 'a' must contain non-empty message attribute value for message"
            + " attribute type 'String'.",
        "a",
        value("String").build());
    invalidAttribute(
        "The message attribute 'a' must contain non-empty message attribute value for message"
            + " attribute type 'Binary'.",
        "a",
        value("Binary").binaryValue(SdkBytes.fromByteArray(new byte[0])).build());
    invalidAttribute(
        "The message attribute 'a' with type 'Number' must use field 'String'.",
        "a",
        value("Number").binaryValue(bytes).build());
    invalidAttribute(
        "The message attribute 'a' with type 'Binary' must use field 'Binary'.",
        "a",
        value("Binary").stringValue("v").build());
    invalidAttribute(
        "Could not cast message attribute 'a' value to number.",
        "a",
        value("Number").stringValue("v").build());
    invalidAttribute(
        "The message attribute 'a' contains characters that are not legal text.",
        "a",
        string("\u0000"));
  }

  @Test
  void an_attribute_s_type_is_required() {
    MessageAttributeValue untyped = MessageAttributeValue.builder().stringValue("v").build();

    Refused.with(
        SnsException.class,
        "ValidationError",
        400,
        "1 validation error detected: Value null at 'messageAttributes.a.member.dataType' failed to"
            + " satisfy constraint: Member must not be null",
        () -> publish(r -> r.message("x").messageAttributes(Map.of("a", untyped))));
    Refused.with(
        SnsException.class,
        "ValidationError",
        400,
        "1 validation error detected: Value null at"
            + " 'publishBatchRequestEntries.2.member.messageAttributes.a.member.dataType' failed to"
            + " satisfy constraint: Member must not be null",
        () ->
            publishBatch(
                entry("1").message("x").build(),
                entry("2").message("x").messageAttributes(Map.of("a", untyped)).build()));
  }

  @Test
  void more_attributes_than_a_queue_takes_reach_it_in_one() throws Json.NotJsonException {
    Map<String, MessageAttributeValue> many = new TreeMap<>();
    IntStream.range(0, 12).forEach(i -> many.put("a" + (10 + i), string("v")));
    publish(r -> r.message("x").messageAttributes(many));

    Message message = services.receiveOne(raw);
    assertEquals(10, message.messageAttributes().size());
    assertTrue(message.messageAttributes().containsKey("sluice.headers"));
    Map<String, ?> notification = Json.object(services.receiveOne(wrapped).body());
    assertEquals(12, ((Map<?, ?>) notification.get("MessageAttributes")).size());
  }

  @Test
  void a_batch_is_published_entry_by_entry() {
    PublishBatchResponse response =
        publishBatch(
            entry("a").message("A").messageGroupId("g").build(),
            entry("b").message("B").subject("s").build());
    List<Message> messages = services.receive(raw);

    assertEquals(
        List.of("a", "b"),
        response.successful().stream().map(PublishBatchResultEntry::id).toList());
    assertEquals(List.of(), response.failed());
    assertEquals(List.of("A", "B"), messages.stream().map(Message::body).toList());
    assertEquals(
        messages.stream().map(Message::messageId).toList(),
        response.successful().stream().map(PublishBatchResultEntry::messageId).toList());
  }

  @Test
  void an_entry_whose_append_fails_fails_alone() {
    services.broker().topics().alterConfigs("orders", Map.of("max.message.bytes", "2000"));

    PublishBatchResponse response =
        publishBatch(
            entry("small").message("x").build(), entry("large").message("x".repeat(3000)).build());

    assertEquals(
        List.of(
            BatchResultErrorEntry.builder()
                .id("large")
                .code("InvalidParameter")
                .message("Invalid parameter: Message too long")
                .senderFault(true)
                .build()),
        response.failed());
    assertEquals("small", response.successful().getFirst().id());
    assertEquals("x", services.receiveOne(raw).body());
  }

  @Test
  void an_entry_that_breaks_a_rule_refuses_the_batch() {
    invalidParameter(
        "Empty message",
        () -> publishBatch(entry("1").message("x").build(), entry("2").message("").build()));
    assertEquals(List.of(), services.peek(raw));
  }

  @Test
  void a_batch_has_one_to_ten_entries() {
    Refused.with(
        EmptyBatchRequestException.class,
        "EmptyBatchRequest",
        400,
        "The batch request doesn't contain any entries.",
        this::publishBatch);
    List<PublishBatchRequestEntry> entries = new ArrayList<>();
    IntStream.range(0, 11).forEach(i -> entries.add(entry("id" + i).message("x").build()));
    Refused.with(
        TooManyEntriesInBatchRequestException.class,
        "TooManyEntriesInBatchRequest",
        400,
        "The batch request contains more entries than permissible.",
        () -> publishBatch(entries.toArray(PublishBatchRequestEntry[]::new)));
  }

  @Test
  void the_ids_of_a_batch_are_legal_and_distinct() {
    Refused.with(
        BatchEntryIdsNotDistinctException.class,
        "BatchEntryIdsNotDistinct",
        400,
        "Two or more batch entries in the request have the same Id.",
        () -> publishBatch(entry("1").message("x").build(), entry("1").message("y").build()));
    Refused.with(
        InvalidBatchEntryIdException.class,
        "InvalidBatchEntryId",
        400,
        "The Id of a batch entry in the batch request is too long: " + "a".repeat(81),
        () -> publishBatch(entry("a".repeat(81)).message("x").build()));
    Refused.with(
        InvalidBatchEntryIdException.class,
        "InvalidBatchEntryId",
        400,
        "The Id of a batch entry in the batch request contains an impermissible character:"
            + " message.id",
        () -> publishBatch(entry("message.id").message("x").build()));
  }

  @Test
  void a_batch_fits_into_256_kib() {
    Refused.with(
        BatchRequestTooLongException.class,
        "BatchRequestTooLong",
        400,
        "The length of all the messages put together is more than the limit.",
        () ->
            publishBatch(
                entry("1").message("x".repeat(262_144)).build(), entry("2").message("x").build()));
  }

  @Test
  void a_batch_goes_to_a_topic_that_is_there() {
    Refused.with(
        NotFoundException.class,
        "NotFound",
        404,
        "Topic does not exist",
        () ->
            services
                .sns()
                .publishBatch(
                    r ->
                        r.topicArn(topic + "-not")
                            .publishBatchRequestEntries(entry("1").message("x").build())));
  }

  private PublishResponse publish(Consumer<PublishRequest.Builder> message) {
    return services.sns().publish(r -> message.accept(r.topicArn(topic)));
  }

  private PublishBatchResponse publishBatch(PublishBatchRequestEntry... entries) {
    return services.sns().publishBatch(r -> r.topicArn(topic).publishBatchRequestEntries(entries));
  }

  private void subscribe(String queueName, Map<String, String> attributes) {
    services.subscribe(topic, queueName, attributes);
  }

  private static PublishBatchRequestEntry.Builder entry(String id) {
    return PublishBatchRequestEntry.builder().id(id);
  }

  private static MessageAttributeValue string(String text) {
    return value("String").stringValue(text).build();
  }

  private static MessageAttributeValue.Builder value(String type) {
    return MessageAttributeValue.builder().dataType(type);
  }

  private static Map<String, String> describe(Message message) {
    Map<String, String> attributes = new TreeMap<>();
    message
        .messageAttributes()
        .forEach(
            (name, attribute) ->
                attributes.put(
                    name,
                    attribute.dataType()
                        + " "
                        + (attribute.stringValue() != null
                            ? attribute.stringValue()
                            : java.util.Base64.getEncoder()
                                .encodeToString(attribute.binaryValue().asByteArray()))));
    return attributes;
  }

  private void invalidAttribute(String message, String name, MessageAttributeValue value) {
    Refused.with(
        InvalidParameterValueException.class,
        "ParameterValueInvalid",
        400,
        message,
        () -> publish(r -> r.message("x").messageAttributes(Map.of(name, value))));
  }
}
