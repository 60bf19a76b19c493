package io.sluice.aws.sns;

import static io.sluice.aws.testing.Refused.invalidParameter;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.aws.testing.EmbeddedServices;
import io.sluice.broker.NewTopic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sns.model.PublishBatchResponse;
import software.amazon.awssdk.services.sns.model.PublishResponse;
import software.amazon.awssdk.services.sqs.model.Message;

/** FIFO topics (Amazon's "Amazon SNS FIFO topics"), but for archives and replays. */
class FifoTopicTest {

  @RegisterExtension final EmbeddedServices services = new EmbeddedServices();
  private String topic;

  @BeforeEach
  void open() {
    topic = create("orders.fifo", Map.of());
  }

  private String create(String name, Map<String, String> attributes) {
    Map<String, String> all = new HashMap<>(attributes);
    all.putIfAbsent("FifoTopic", "true");
    return services.sns().createTopic(r -> r.name(name).attributes(all)).topicArn();
  }

  private String subscribe(String queueName, Map<String, String> attributes) {
    return services.subscribe(topic, queueName, attributes);
  }

  private PublishResponse publish(
      String topicArn, @Nullable String group, @Nullable String id, String message) {
    return services
        .sns()
        .publish(
            r ->
                r.topicArn(topicArn)
                    .messageGroupId(group)
                    .messageDeduplicationId(id)
                    .message(message));
  }

  private Map<String, String> attributes(String topicArn) {
    return services.sns().getTopicAttributes(r -> r.topicArn(topicArn)).attributes();
  }

  private void set(String topicArn, String name, String value) {
    services
        .sns()
        .setTopicAttributes(r -> r.topicArn(topicArn).attributeName(name).attributeValue(value));
  }

  @Test
  void a_fifo_topic_says_that_it_is_one() {
    Map<String, String> attributes = attributes(topic);

    assertEquals("true", attributes.get("FifoTopic"));
    assertEquals("false", attributes.get("ContentBasedDeduplication"));
    assertFalse(attributes.containsKey("FifoThroughputScope"));
    assertFalse(attributes.containsKey("BeginningArchiveTime"));
    assertFalse(attributes(services.topic("standard")).containsKey("FifoTopic"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"orders", "orders.fif", ".fifo", "a.b.fifo", "a b.fifo", "orders.FIFO"})
  void a_fifo_topic_has_a_fifo_name(String name) {
    invalidParameter("Topic Name", () -> create(name, Map.of()));
  }

  @Test
  void a_standard_topic_has_no_fifo_name() {
    invalidParameter("Topic Name", () -> services.topic("other.fifo"));
    invalidParameter("Topic Name", () -> services.topic("orders.fifo"));
    invalidParameter("Topic Name", () -> create("other.fifo", Map.of("FifoTopic", "false")));
  }

  @Test
  void creating_is_idempotent() {
    assertEquals(topic, create("orders.fifo", Map.of()));
    assertEquals(topic, create("orders.fifo", Map.of("FifoTopic", "True")));
    assertEquals(
        topic,
        create(
            "orders.fifo",
            Map.of("ContentBasedDeduplication", "false", "FifoThroughputScope", "Topic")));
    invalidParameter(
        "Attributes Reason: Topic already exists with different attributes",
        () -> create("orders.fifo", Map.of("ContentBasedDeduplication", "true")));
    invalidParameter(
        "Attributes Reason: Topic already exists with different attributes",
        () -> create("orders.fifo", Map.of("FifoThroughputScope", "MessageGroup")));
  }

  @Test
  void a_kafka_client_s_topic_is_a_standard_topic_whatever_its_name() {
    services.broker().topics().create(NewTopic.named("kafka.fifo"));
    String arn = services.topic("kafka.fifo");

    assertFalse(attributes(arn).containsKey("FifoTopic"));
    assertNull(publish(arn, null, null, "x").sequenceNumber());
    invalidParameter(
        "Attributes Reason: Topic already exists with different attributes",
        () -> create("kafka.fifo", Map.of()));
  }

  @Test
  void attributes_change_but_for_the_kind_of_topic() {
    set(topic, "ContentBasedDeduplication", "true");
    set(topic, "FifoThroughputScope", "MessageGroup");
    services.restart();

    assertEquals("true", attributes(topic).get("ContentBasedDeduplication"));
    assertEquals("MessageGroup", attributes(topic).get("FifoThroughputScope"));
    invalidParameter("AttributeName", () -> set(topic, "FifoTopic", "false"));
    invalidParameter(
        "AttributeName", () -> set(topic, "BeginningArchiveTime", "2026-01-01T00:00:00Z"));
    String standard = services.topic("standard");
    for (String name :
        List.of("FifoTopic", "ContentBasedDeduplication", "FifoThroughputScope", "ArchivePolicy")) {
      invalidParameter("AttributeName", () -> set(standard, name, "true"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "FifoTopic, maybe, Invalid value [maybe]. Must be true or false.",
    "ContentBasedDeduplication, 1, Invalid value [1]. Must be true or false.",
    "FifoThroughputScope, topic, Invalid value [topic]. Please use either Topic or MessageGroup"
  })
  void a_value_that_makes_no_sense_is_refused(String name, String value, String what) {
    invalidParameter(
        "Attributes Reason: " + name + ": " + what, () -> create("x.fifo", Map.of(name, value)));
    if (!name.equals("FifoTopic")) {
      invalidParameter(name + ": " + what, () -> set(topic, name, value));
    }
  }

  @Test
  void a_message_needs_a_group_and_a_deduplication_id() {
    invalidParameter(
        "The MessageGroupId parameter is required for FIFO topics",
        () -> publish(topic, null, "1", "x"));
    invalidParameter(
        "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId"
            + " provided explicitly",
        () -> publish(topic, "a", null, "x"));
    invalidParameter(
        "MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that"
            + " is not valid for this topic type",
        () -> publish(services.topic("standard"), "a", "1", "x"));
  }

  @Test
  void bad_ids_are_refused() {
    Random random = new Random(4711);
    for (String id : List.of("", "a b", "ä", "x".repeat(129), "\u0000", "\n", "\uD83D\uDE00")) {
      invalidParameter(
          "MessageDeduplicationId Reason: MessageDeduplicationId can only include alphanumeric and"
              + " punctuation characters. 1 to 128 in length",
          () -> publish(topic, "a", id, "x"));
    }
    for (int i = 0; i < 200; i++) {
      String legal =
          random
              .ints(1 + random.nextInt(128), '!', '~' + 1)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      String broken = legal.substring(1) + (char) (128 + random.nextInt(10_000));
      invalidParameter(
          "MessageDeduplicationId Reason: MessageDeduplicationId can only include alphanumeric and"
              + " punctuation characters. 1 to 128 in length",
          () -> publish(topic, "a", broken, "x"));
      publish(topic, legal, legal, "x");
    }
  }

  @Test
  void a_duplicate_is_answered_as_the_first_was_and_not_delivered() {
    String queue = services.fifoQueue("dispatch.fifo");
    subscribe("dispatch.fifo", Map.of("RawMessageDelivery", "true"));
    PublishResponse first = publish(topic, "a", "1", "one");
    PublishResponse again = publish(topic, "b", "1", "other text");

    assertEquals(20, first.sequenceNumber().length());
    assertEquals(first.messageId(), again.messageId());
    assertEquals(first.sequenceNumber(), again.sequenceNumber());
    assertEquals(List.of("one"), bodies(services.receive(queue)));

    services.clock().advance(Duration.ofMinutes(5));
    assertNotEquals(first.messageId(), publish(topic, "a", "1", "one").messageId());
  }

  @Test
  void a_duplicate_is_one_after_a_restart_too() {
    PublishResponse first = publish(topic, "a", "1", "one");
    services.restart();

    assertEquals(first.messageId(), publish(topic, "a", "1", "one").messageId());
    assertNotEquals(first.messageId(), publish(topic, "a", "2", "one").messageId());
  }

  @Test
  void the_message_can_be_the_deduplication_id() {
    set(topic, "ContentBasedDeduplication", "true");
    String queue = services.fifoQueue("dispatch.fifo");
    subscribe("dispatch.fifo", Map.of());
    PublishResponse first = publish(topic, "a", null, "one");

    assertEquals(first.messageId(), publish(topic, "a", null, "one").messageId());
    assertNotEquals(first.messageId(), publish(topic, "a", null, "two").messageId());
    assertNotEquals(first.messageId(), publish(topic, "a", "explicit", "one").messageId());
    assertEquals(
        "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed",
        services.receive(queue).getFirst().attributesAsStrings().get("MessageDeduplicationId"));
  }

  @Test
  void an_id_counts_within_its_group_when_the_topic_says_so() {
    String wide = create("wide.fifo", Map.of("FifoThroughputScope", "MessageGroup"));

    PublishResponse first = publish(wide, "a", "1", "one");

    assertNotEquals(first.messageId(), publish(wide, "b", "1", "one").messageId());
    assertEquals(first.messageId(), publish(wide, "a", "1", "one").messageId());
  }

  @Test
  void a_batch_keeps_its_order_and_knows_its_duplicates() {
    String queue = services.fifoQueue("dispatch.fifo");
    subscribe("dispatch.fifo", Map.of("RawMessageDelivery", "true"));

    PublishBatchResponse response =
        batch(entry("1", "a", "x"), entry("2", "a", "y"), entry("3", "a", "x"));

    assertEquals(3, response.successful().size());
    assertEquals(
        response.successful().get(0).messageId(), response.successful().get(2).messageId());
    assertEquals(
        response.successful().get(0).sequenceNumber(),
        response.successful().get(2).sequenceNumber());
    assertTrue(
        response
                .successful()
                .get(0)
                .sequenceNumber()
                .compareTo(response.successful().get(1).sequenceNumber())
            < 0);
    assertEquals(List.of("1", "2"), bodies(services.receive(queue)));
  }

  @Test
  void an_entry_without_a_group_refuses_its_batch() {
    String queue = services.queue("audit");
    subscribe("audit", Map.of());

    invalidParameter(
        "The MessageGroupId parameter is required for FIFO topics",
        () -> batch(entry("1", "a", "x"), entry("2", null, "y")));
    invalidParameter(
        "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId"
            + " provided explicitly",
        () -> batch(entry("1", "a", "x"), entry("2", "a", null)));
    assertEquals(List.of(), services.peek(queue));
  }

  private PublishBatchResponse batch(PublishBatchRequestEntry... entries) {
    return services.sns().publishBatch(r -> r.topicArn(topic).publishBatchRequestEntries(entries));
  }

  private static PublishBatchRequestEntry entry(
      String id, @Nullable String group, @Nullable String deduplicationId) {
    return PublishBatchRequestEntry.builder()
        .id(id)
        .message(id)
        .messageGroupId(group)
        .messageDeduplicationId(deduplicationId)
        .build();
  }

  @Test
  void each_group_keeps_its_order_in_a_topic_of_many_partitions() {
    services.broker().topics().addPartitions("orders.fifo", 5);
    String queue = services.fifoQueue("dispatch.fifo");
    subscribe("dispatch.fifo", Map.of("RawMessageDelivery", "true"));
    Map<String, List<String>> sent = new TreeMap<>();
    for (int i = 0; i < 60; i++) {
      String group = "group-" + i % 7;
      publish(topic, group, "id-" + i, "m" + i);
      sent.computeIfAbsent(group, g -> new ArrayList<>()).add("m" + i);
    }

    Map<String, List<String>> received = new TreeMap<>();
    for (List<Message> some = services.receive(queue);
        !some.isEmpty();
        some = services.receive(queue)) {
      for (Message message : some) {
        received
            .computeIfAbsent(
                message.attributesAsStrings().get("MessageGroupId"), g -> new ArrayList<>())
            .add(message.body());
        services.sqs().deleteMessage(r -> r.queueUrl(queue).receiptHandle(message.receiptHandle()));
      }
    }

    assertEquals(sent, received);
  }

  /** A history in which time passes, everything restarts, and the scope of ids changes. */
  @RepeatedTest(5)
  void every_group_comes_in_order_without_its_duplicates() {
    long seed = new Random().nextLong();
    System.out.println("FIFO topic: seed " + seed);
    Random random = new Random(seed);
    services.broker().topics().addPartitions("orders.fifo", 3);
    // The test's clock gets ahead of the log's.
    Map<String, String> anyTime =
        Map.of("message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE));
    services.broker().topics().alterConfigs("orders.fifo", anyTime);
    String queue = services.fifoQueue("dispatch.fifo");
    subscribe("dispatch.fifo", Map.of("RawMessageDelivery", "true"));
    Map<String, List<String>> expected = new TreeMap<>();
    Map<String, List<String>> received = new TreeMap<>();
    Map<String, Instant> seen = new HashMap<>();
    boolean byGroup = false;
    for (int i = 0; i < 150; i++) {
      switch (random.nextInt(30)) {
        case 0 -> services.restart();
        case 1 -> {
          // A change forgets nothing that is in the log: only a pause makes it foreseeable.
          services.clock().advance(Duration.ofMinutes(5));
          byGroup = !byGroup;
          set(topic, "FifoThroughputScope", byGroup ? "MessageGroup" : "Topic");
        }
        case 2, 3, 4 -> services.clock().advance(Duration.ofSeconds(random.nextInt(200)));
        case 5, 6, 7 -> deleteSome(queue, received);
        default -> {
          String group = "group-" + random.nextInt(4);
          String id = "id-" + random.nextInt(12);
          String identity = byGroup ? group + " " + id : id;
          Instant now = services.clock().instant();
          Instant last = seen.get(identity);
          publish(topic, group, id, "m" + i);
          if (last == null || !now.isBefore(last.plus(Duration.ofMinutes(5)))) {
            seen.put(identity, now);
            expected.computeIfAbsent(group, g -> new ArrayList<>()).add("m" + i);
          }
        }
      }
    }
    while (deleteSome(queue, received)) {
      // until there is nothing
    }

    assertEquals(expected, received, "seed " + seed);
  }

  private boolean deleteSome(String queue, Map<String, List<String>> received) {
    List<Message> messages =
        services
            .sqs()
            .receiveMessage(
                r ->
                    r.queueUrl(queue)
                        .maxNumberOfMessages(10)
                        .messageSystemAttributeNamesWithStrings("MessageGroupId"))
            .messages();
    for (Message message : messages) {
      received
          .computeIfAbsent(
              message.attributesAsStrings().get("MessageGroupId"), g -> new ArrayList<>())
          .add(message.body());
      services.sqs().deleteMessage(r -> r.queueUrl(queue).receiptHandle(message.receiptHandle()));
    }
    return !messages.isEmpty();
  }

  @Test
  void a_fifo_queue_s_consumers_see_group_id_and_sequence() {
    String queue = services.fifoQueue("dispatch.fifo");
    subscribe("dispatch.fifo", Map.of());
    PublishResponse published = publish(topic, "a", "1", "one");

    Message message = services.receiveOne(queue);

    assertEquals("a", message.attributesAsStrings().get("MessageGroupId"));
    assertEquals("1", message.attributesAsStrings().get("MessageDeduplicationId"));
    assertEquals(published.sequenceNumber(), message.attributesAsStrings().get("SequenceNumber"));
    assertTrue(
        message.body().contains("\"SequenceNumber\" : \"" + published.sequenceNumber() + "\""));
    assertFalse(message.body().contains("Replayed"));
  }

  @Test
  void a_standard_queue_gets_the_messages_too() {
    String queue = services.queue("audit");
    subscribe("audit", Map.of());
    PublishResponse published = publish(topic, "a", "1", "one");

    Message message = services.receiveOne(queue);

    assertFalse(message.attributesAsStrings().containsKey("MessageDeduplicationId"));
    assertFalse(message.attributesAsStrings().containsKey("SequenceNumber"));
    assertTrue(message.body().contains(published.sequenceNumber()));
  }

  @Test
  void what_a_deleted_topic_left_has_its_sequence_still() {
    String queue = services.queue("audit");
    subscribe("audit", Map.of());
    PublishResponse published = publish(topic, "a", "1", "one");
    services.sns().deleteTopic(r -> r.topicArn(topic));

    assertTrue(services.receiveOne(queue).body().contains(published.sequenceNumber()));
  }

  @Test
  void notifications_of_standard_topics_have_no_sequence() {
    topic = services.topic("standard");
    String queue = services.queue("audit");
    subscribe("audit", Map.of());
    assertNull(publish(topic, "a", null, "one").sequenceNumber());

    assertFalse(services.receiveOne(queue).body().contains("SequenceNumber"));
  }

  @Test
  void a_fifo_queue_cannot_have_messages_of_a_standard_topic() {
    services.fifoQueue("dispatch.fifo");
    topic = services.topic("standard");

    invalidParameter(
        "Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS"
            + " topics",
        () -> subscribe("dispatch.fifo", Map.of()));
  }

  @Test
  void what_a_fifo_queue_cannot_have_goes_to_a_fifo_queue() {
    services.fifoQueue("dispatch.fifo");
    String policy = "{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:dead\"}";
    String sentence =
        "RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.";
    invalidParameter(
        "Attributes Reason: " + sentence,
        () -> subscribe("dispatch.fifo", Map.of("RedrivePolicy", policy)));
    String arn = subscribe("dispatch.fifo", Map.of());
    invalidParameter(
        sentence,
        () ->
            services
                .sns()
                .setSubscriptionAttributes(
                    r ->
                        r.subscriptionArn(arn)
                            .attributeName("RedrivePolicy")
                            .attributeValue(policy)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https", "email", "email-json", "sms", "lambda", "application"})
  void a_fifo_topic_delivers_to_queues_only(String protocol) {
    invalidParameter(
        "Invalid protocol type: " + protocol,
        () ->
            services
                .sns()
                .subscribe(
                    r ->
                        r.topicArn(topic)
                            .protocol(protocol)
                            .endpoint(protocol + "://localhost/x")));
  }

  @Test
  void a_filter_lets_a_group_s_messages_through_in_order() {
    String queue = services.fifoQueue("dispatch.fifo");
    subscribe(
        "dispatch.fifo",
        Map.of(
            "RawMessageDelivery",
            "true",
            "FilterPolicyScope",
            "MessageBody",
            "FilterPolicy",
            "{\"kind\":[\"paid\"]}"));
    for (int i = 0; i < 10; i++) {
      publish(topic, "a", "id-" + i, "{\"kind\":\"" + (i % 2 == 0 ? "paid" : "new") + i + "\"}");
      publish(topic, "a", "paid-" + i, "{\"kind\":\"paid\",\"n\":" + i + "}");
    }

    assertEquals(
        IntStream.range(0, 10).mapToObj(i -> "{\"kind\":\"paid\",\"n\":" + i + "}").toList(),
        bodies(services.receive(queue)));
  }

  @Test
  void a_queue_of_two_topics_gets_what_either_has_published() {
    String queue = services.fifoQueue("dispatch.fifo");
    subscribe("dispatch.fifo", Map.of("RawMessageDelivery", "true"));
    String first = topic;
    topic = create("returns.fifo", Map.of());
    subscribe("dispatch.fifo", Map.of("RawMessageDelivery", "true"));

    publish(first, "a", "1", "order");
    publish(topic, "b", "1", "return");

    assertEquals(
        List.of("order", "return"), bodies(services.receive(queue)).stream().sorted().toList());
  }

  private static List<String> bodies(List<Message> messages) {
    return messages.stream().map(Message::body).toList();
  }
}
