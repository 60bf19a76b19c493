package io.sluice.aws.sns;

import static io.sluice.aws.testing.Refused.invalidParameter;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.aws.testing.EmbeddedServices;
import io.sluice.aws.testing.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.sns.model.InvalidStateException;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * Archives and replays of FIFO topics (Amazon's "Amazon SNS message archiving and replay for FIFO
 * topics").
 */
class ReplayTest {

  private static final String THIRTY_DAYS = "{\"MessageRetentionPeriod\":\"30\"}";

  @RegisterExtension final EmbeddedServices services = new EmbeddedServices();
  private String topic;
  private String queue;

  @BeforeEach
  void open() {
    topic = create("orders.fifo", Map.of());
    queue = services.fifoQueue("dispatch.fifo");
  }

  private String create(String name, Map<String, String> attributes) {
    Map<String, String> all = new HashMap<>(attributes);
    all.put("FifoTopic", "true");
    all.put("ContentBasedDeduplication", "true");
    return services.sns().createTopic(r -> r.name(name).attributes(all)).topicArn();
  }

  private String subscribe(Map<String, String> attributes) {
    return services.subscribe(topic, "dispatch.fifo", attributes);
  }

  private void publish(String message) {
    services.sns().publish(r -> r.topicArn(topic).messageGroupId("a").message(message));
    services.clock().advance(Duration.ofMinutes(1));
  }

  private Instant now() {
    return services.clock().instant();
  }

  private static String replay(Instant start) {
    return "{\"PointType\":\"Timestamp\",\"StartingPoint\":\"" + start + "\"}";
  }

  private static String replay(Instant start, Instant end) {
    return "{\"PointType\":\"Timestamp\",\"StartingPoint\":\""
        + start
        + "\",\"EndingPoint\":\""
        + end
        + "\"}";
  }

  private void set(String subscription, String name, String value) {
    services
        .sns()
        .setSubscriptionAttributes(
            r -> r.subscriptionArn(subscription).attributeName(name).attributeValue(value));
  }

  private Map<String, String> attributes(String subscription) {
    return services
        .sns()
        .getSubscriptionAttributes(r -> r.subscriptionArn(subscription))
        .attributes();
  }

  private void setOfTopic(String name, String value) {
    services
        .sns()
        .setTopicAttributes(r -> r.topicArn(topic).attributeName(name).attributeValue(value));
  }

  private Map<String, String> attributesOfTopic() {
    return services.sns().getTopicAttributes(r -> r.topicArn(topic)).attributes();
  }

  /** The bodies of what the queue has, which is deleted. */
  private List<String> drain() {
    List<Message> messages = services.receive(queue);
    messages.forEach(
        message ->
            services
                .sqs()
                .deleteMessage(r -> r.queueUrl(queue).receiptHandle(message.receiptHandle())));
    return messages.stream().map(Message::body).toList();
  }

  private String count() {
    return services
        .sqs()
        .getQueueAttributes(
            r -> r.queueUrl(queue).attributeNamesWithStrings("ApproximateNumberOfMessages"))
        .attributesAsStrings()
        .get("ApproximateNumberOfMessages");
  }

  private Map<String, String> configs() {
    return services.broker().topics().find("orders.fifo").orElseThrow().configs();
  }

  @Test
  void an_archive_keeps_messages_as_long_as_it_says() {
    setOfTopic("ArchivePolicy", THIRTY_DAYS);
    Instant since = now();
    services.restart();

    assertEquals(THIRTY_DAYS, attributesOfTopic().get("ArchivePolicy"));
    assertEquals(since, Instant.parse(attributesOfTopic().get("BeginningArchiveTime")));
    assertEquals(Duration.ofDays(30).toMillis() + "", configs().get("retention.ms"));

    services.clock().advance(Duration.ofDays(40));
    assertEquals(
        now().minus(Duration.ofDays(30)),
        Instant.parse(attributesOfTopic().get("BeginningArchiveTime")));

    setOfTopic("ArchivePolicy", "{\"MessageRetentionPeriod\":8}");
    assertEquals(Duration.ofDays(8).toMillis() + "", configs().get("retention.ms"));

    setOfTopic("ArchivePolicy", "{}");
    assertFalse(configs().containsKey("retention.ms"));
    assertFalse(attributesOfTopic().containsKey("ArchivePolicy"));
    assertFalse(attributesOfTopic().containsKey("BeginningArchiveTime"));
  }

  @ParameterizedTest
  @CsvSource({"7,", "8, 691200000", "365, 31536000000"})
  void an_archive_at_creation_raises_a_shorter_retention(int days, String expected) {
    topic =
        create(
            "archived.fifo", Map.of("ArchivePolicy", "{\"MessageRetentionPeriod\":" + days + "}"));

    assertEquals(
        expected,
        services
            .broker()
            .topics()
            .find("archived.fifo")
            .orElseThrow()
            .configs()
            .get("retention.ms"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "31536000000"})
  void an_archive_leaves_a_longer_retention(String retention) {
    services
        .broker()
        .topics()
        .alterConfigs(
            "orders.fifo", Map.of("retention.ms", retention, "max.message.bytes", "1000000"));

    setOfTopic("ArchivePolicy", THIRTY_DAYS);
    setOfTopic("ArchivePolicy", "");

    assertEquals(
        Map.of("retention.ms", retention, "max.message.bytes", "1000000"), Map.copyOf(configs()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'{'|Unable to parse JSON",
        "x|Unable to parse JSON",
        "'[]'|JSON is missing required fields",
        "null|JSON is missing required fields",
        "'{\"x\":1}'|JSON is missing required fields",
        "'{\"MessageRetentionPeriod\":0}'|MessageRetentionPeriod value is invalid",
        "'{\"MessageRetentionPeriod\":\"366\"}'|MessageRetentionPeriod value is invalid",
        "'{\"MessageRetentionPeriod\":1.5}'|MessageRetentionPeriod value is invalid",
        "'{\"MessageRetentionPeriod\":-1}'|MessageRetentionPeriod value is invalid",
        "'{\"MessageRetentionPeriod\":null}'|MessageRetentionPeriod value is invalid",
        "'{\"MessageRetentionPeriod\":{}}'|MessageRetentionPeriod value is invalid"
      })
  void an_archive_policy_that_makes_no_sense_is_refused(String policy, String what) {
    invalidParameter("ArchivePolicy: " + what, () -> setOfTopic("ArchivePolicy", policy));
    invalidParameter(
        "Attributes Reason: ArchivePolicy: " + what,
        () -> create("x.fifo", Map.of("ArchivePolicy", policy)));
  }

  @Test
  void a_topic_with_an_archive_cannot_be_deleted() {
    setOfTopic("ArchivePolicy", THIRTY_DAYS);

    Refused.with(
        InvalidStateException.class,
        "InvalidState",
        400,
        "Invalid state: Cannot delete a topic with an ArchivePolicy",
        () -> services.sns().deleteTopic(r -> r.topicArn(topic)));

    setOfTopic("ArchivePolicy", "{}");
    services.sns().deleteTopic(r -> r.topicArn(topic));
    assertTrue(services.broker().topics().find("orders.fifo").isEmpty());
  }

  @Test
  void creating_with_the_same_archive_is_idempotent() {
    String first = create("x.fifo", Map.of("ArchivePolicy", THIRTY_DAYS));

    assertEquals(first, create("x.fifo", Map.of("ArchivePolicy", THIRTY_DAYS)));
    invalidParameter(
        "Attributes Reason: Topic already exists with different attributes",
        () -> create("x.fifo", Map.of("ArchivePolicy", "{\"MessageRetentionPeriod\":\"31\"}")));
  }

  @Test
  void a_replay_starts_where_the_archive_does() {
    services.clock().advance(Duration.ofNanos(1));
    setOfTopic("ArchivePolicy", THIRTY_DAYS);
    Instant since = Instant.parse(attributesOfTopic().get("BeginningArchiveTime"));
    publish("one");

    invalidParameter(
        "Attributes Reason: ReplayPolicy: Invalid StartingPoint value",
        () -> subscribe(Map.of("ReplayPolicy", replay(since.minusMillis(1)))));
    subscribe(Map.of("RawMessageDelivery", "true", "ReplayPolicy", replay(since)));
    assertEquals(List.of("one"), drain());
  }

  @Test
  void a_replayed_notification_says_so_and_is_otherwise_the_same() {
    String subscription = subscribe(Map.of());
    Instant start = now();
    publish("one");
    List<String> first = drain();

    set(subscription, "ReplayPolicy", replay(start));
    services.restart();
    services.clock().advance(Duration.ofMinutes(1));
    publish("two");

    List<String> again = drain();
    assertEquals(2, again.size());
    assertEquals(
        first.getFirst(), again.getFirst().replaceFirst(",\\s*\"Replayed\" : \"true\"", ""));
    assertTrue(again.getFirst().contains("\"Replayed\" : \"true\""));
    assertFalse(again.get(1).contains("Replayed"));
  }

  @Test
  void a_replay_is_in_progress_until_the_queue_has_got_to_the_present() {
    Instant start = now();
    publish("one");
    publish("two");
    String subscription =
        subscribe(Map.of("RawMessageDelivery", "true", "ReplayPolicy", replay(start)));
    publish("three");

    assertEquals("In progress", attributes(subscription).get("ReplayStatus"));
    assertEquals(List.of("one", "two", "three"), drain());
    assertEquals("Completed", attributes(subscription).get("ReplayStatus"));
    publish("four");
    assertEquals("Completed", attributes(subscription).get("ReplayStatus"));
    assertEquals(List.of("four"), drain());

    set(subscription, "ReplayPolicy", replay(start));
    assertEquals("In progress", attributes(subscription).get("ReplayStatus"));
    set(subscription, "ReplayPolicy", "{}");
    assertFalse(attributes(subscription).containsKey("ReplayPolicy"));
    assertFalse(attributes(subscription).containsKey("ReplayStatus"));
  }

  @Test
  void a_replay_that_ends_delivers_nothing_more() {
    Instant start = now();
    publish("one");
    publish("two");
    Instant end = now();
    publish("three");
    String subscription =
        subscribe(Map.of("RawMessageDelivery", "true", "ReplayPolicy", replay(start, end)));
    publish("four");

    assertEquals(List.of("one", "two"), drain());
    services.restart();
    publish("five");
    assertEquals("0", count(), "nobody will receive what comes now");
    assertEquals(List.of(), drain());
    assertEquals("Completed", attributes(subscription).get("ReplayStatus"));

    set(subscription, "ReplayPolicy", "{}");
    publish("six");
    assertEquals(List.of("six"), drain());
  }

  @Test
  void a_replay_takes_the_place_of_another() {
    Instant start = now();
    publish("one");
    Instant middle = now();
    publish("two");
    String subscription =
        subscribe(Map.of("RawMessageDelivery", "true", "ReplayPolicy", replay(start, middle)));
    assertEquals(List.of("one"), drain());

    set(subscription, "ReplayPolicy", replay(middle));
    publish("three");

    assertEquals(List.of("two", "three"), drain());
  }

  @Test
  void many_replays_need_no_receive_in_between() {
    Instant start = now();
    publish("one");
    Instant end = now();
    String subscription = subscribe(Map.of("RawMessageDelivery", "true"));
    for (int i = 0; i < 40; i++) {
      publish("x" + i);
      set(subscription, "ReplayPolicy", replay(start, end));
    }

    assertEquals(List.of("one"), drain());
  }

  @Test
  void a_filter_counts_for_a_replay() {
    Instant start = now();
    publish("{\"kind\":\"paid\"}");
    publish("{\"kind\":\"new\"}");
    Instant end = now();
    publish("{\"kind\":\"paid\",\"n\":2}");

    subscribe(
        Map.of(
            "RawMessageDelivery",
            "true",
            "FilterPolicyScope",
            "MessageBody",
            "FilterPolicy",
            "{\"kind\":[\"paid\"]}",
            "ReplayPolicy",
            replay(start, end)));

    assertEquals(List.of("{\"kind\":\"paid\"}"), drain());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-999999999-01-01T00:00:00+18:00",
        "1969-12-31T23:59:59.999Z",
        "1969-12-31T23:59:59.998Z",
        "0000-01-01T00:00:00Z"
      })
  void the_distant_past_is_the_beginning(String start) {
    publish("one");

    subscribe(
        Map.of(
            "RawMessageDelivery",
            "true",
            "ReplayPolicy",
            "{\"PointType\":\"Timestamp\",\"StartingPoint\":\"" + start + "\"}"));

    assertEquals(List.of("one"), drain());
  }

  @Test
  void broken_policies_are_refused_whatever_is_wrong_with_them() {
    String subscription = subscribe(Map.of());
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    String whole = replay(now().minusSeconds(60), now());
    for (int i = 0; i < 500; i++) {
      StringBuilder broken = new StringBuilder(whole);
      for (int j = 0; j <= random.nextInt(3); j++) {
        broken.setCharAt(random.nextInt(broken.length()), (char) (' ' + random.nextInt(95)));
      }
      try {
        set(subscription, "ReplayPolicy", broken.toString());
      } catch (AwsServiceException e) {
        assertEquals("InvalidParameter", e.awsErrorDetails().errorCode(), "seed " + seed);
        assertTrue(
            e.awsErrorDetails().errorMessage().startsWith("Invalid parameter: ReplayPolicy: "),
            "seed " + seed);
      }
    }
  }
}
