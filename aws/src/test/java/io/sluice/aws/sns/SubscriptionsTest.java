package io.sluice.aws.sns;

import static io.sluice.aws.testing.Refused.invalidParameter;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.aws.testing.EmbeddedServices;
import io.sluice.aws.testing.Refused;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sns.model.ListSubscriptionsByTopicResponse;
import software.amazon.awssdk.services.sns.model.ListSubscriptionsResponse;
import software.amazon.awssdk.services.sns.model.NotFoundException;
import software.amazon.awssdk.services.sns.model.SubscribeRequest;
import software.amazon.awssdk.services.sns.model.Subscription;
import software.amazon.awssdk.services.sqs.model.Message;

/** Subscriptions, and where in a topic they begin. */
class SubscriptionsTest {

  @RegisterExtension final EmbeddedServices services = new EmbeddedServices();
  private String topic;
  private String queue;

  @BeforeEach
  void open() {
    topic = services.topic("orders");
    queue = services.queue("dispatch");
  }

  @Test
  void a_queue_gets_what_is_published_from_its_subscription_on() {
    publish("before");
    subscribe("dispatch", Map.of("RawMessageDelivery", "true"));
    publish("after");

    assertEquals("after", services.receiveOne(queue).body());
  }

  @Test
  void every_queue_gets_every_message() {
    String audit = services.queue("audit");
    subscribe("dispatch", Map.of("RawMessageDelivery", "true"));
    subscribe("audit", Map.of("RawMessageDelivery", "true"));
    publish("a");
    publish("b");

    assertEquals(Set.of("a", "b"), bodies(queue));
    assertEquals(Set.of("a", "b"), bodies(audit));
  }

  @Test
  void a_queue_gets_what_is_sent_to_it_besides() {
    subscribe("dispatch", Map.of("RawMessageDelivery", "true"));
    publish("published");
    services.sqs().sendMessage(r -> r.queueUrl(queue).messageBody("sent"));

    assertEquals(Set.of("published", "sent"), bodies(queue));
  }

  @Test
  void a_subscription_has_attributes() {
    String arn = subscribe("dispatch", Map.of("RawMessageDelivery", "TRUE"));

    assertTrue(arn.startsWith(topic + ":"), arn);
    assertEquals(
        new TreeMap<>(
            Map.of(
                "SubscriptionArn", arn,
                "TopicArn", topic,
                "Protocol", "sqs",
                "Endpoint", EmbeddedServices.queueArn("dispatch"),
                "Owner", "000000000000",
                "SubscriptionPrincipal", "arn:aws:iam::000000000000:root",
                "RawMessageDelivery", "true",
                "PendingConfirmation", "false",
                "ConfirmationWasAuthenticated", "true")),
        new TreeMap<>(attributes(arn)));
    assertEquals(
        "1",
        services
            .sns()
            .getTopicAttributes(r -> r.topicArn(topic))
            .attributes()
            .get("SubscriptionsConfirmed"));
  }

  @Test
  void subscribing_is_idempotent() {
    String arn = subscribe("dispatch", Map.of("RawMessageDelivery", "true"));

    assertEquals(arn, subscribe("dispatch", Map.of()));
    assertEquals(arn, subscribe("dispatch", Map.of("RawMessageDelivery", "true")));
    invalidParameter(
        "Attributes Reason: Subscription already exists with different attributes",
        () -> subscribe("dispatch", Map.of("RawMessageDelivery", "false")));
    assertEquals(1, services.sns().listSubscriptions().subscriptions().size());
  }

  @Test
  void the_default_is_no_other_attribute() {
    String arn = subscribe("dispatch", Map.of());

    assertEquals(arn, subscribe("dispatch", Map.of("RawMessageDelivery", "false")));
    assertEquals("false", attributes(arn).get("RawMessageDelivery"));
  }

  @Test
  void a_subscription_survives_a_restart() {
    String arn = subscribe("dispatch", Map.of("RawMessageDelivery", "true"));
    publish("a");
    services.restart();
    publish("b");

    assertEquals("true", attributes(arn).get("RawMessageDelivery"));
    assertEquals(Set.of("a", "b"), bodies(queue));
  }

  @Test
  void raw_delivery_can_be_switched() {
    String arn = subscribe("dispatch", Map.of());
    publish("a");
    assertTrue(services.receiveOne(queue).body().contains("\"Message\" : \"a\""));

    set(arn, "RawMessageDelivery", "true");
    publish("b");
    assertEquals("b", services.receiveOne(queue).body());
  }

  @Test
  void the_other_protocols_are_not_there() {
    invalidParameter(
        "Protocol Reason: Sluice delivers to sqs, http and https, not to lambda",
        () -> subscribe(r -> r.protocol("lambda").endpoint("arn:aws:lambda:x:y:z:f")));
    invalidParameter(
        "Protocol Reason: Sluice delivers to sqs, http and https, not to email",
        () -> subscribe(r -> r.protocol("email").endpoint("someone@example.com")));
    invalidParameter(
        "Amazon SNS does not support this protocol string: pigeon",
        () -> subscribe(r -> r.protocol("pigeon").endpoint("x")));
    invalidParameter(
        "Protocol Reason: no value for required parameter", () -> subscribe(r -> r.endpoint("x")));
  }

  @Test
  void an_endpoint_is_the_arn_of_a_queue_that_is_there() {
    invalidParameter(
        "Endpoint Reason: no value for required parameter",
        () -> subscribe(r -> r.protocol("sqs")));
    invalidParameter("SQS endpoint ARN", () -> subscribe(r -> r.protocol("sqs").endpoint(queue)));
    invalidParameter("SQS endpoint ARN", () -> subscribe(r -> r.protocol("sqs").endpoint(topic)));
    for (String arn :
        List.of(
            EmbeddedServices.queueArn("nothing"), "arn:aws:sqs:us-east-1:123456789012:dispatch")) {
      invalidParameter(
          "Endpoint Reason: The queue " + arn + " does not exist",
          () -> subscribe(r -> r.protocol("sqs").endpoint(arn)));
    }
  }

  @Test
  void a_topic_that_is_not_there_cannot_be_subscribed_to() {
    Refused.with(
        NotFoundException.class,
        "NotFound",
        404,
        "Topic does not exist",
        () ->
            services
                .sns()
                .subscribe(
                    r ->
                        r.topicArn(topic + "-not")
                            .protocol("sqs")
                            .endpoint(EmbeddedServices.queueArn("dispatch"))));
  }

  @ParameterizedTest
  @CsvSource({
    "FilterPolicyScope, FilterPolicyScope: Invalid value [x]. Please use either MessageBody or"
        + " MessageAttributes",
    "RedrivePolicy, RedrivePolicy: failed to parse JSON.",
    "SubscriptionRoleArn, SubscriptionRoleArn: Sluice has no deliveries to Firehose",
    "Nonsense, AttributeName",
    "RawMessageDelivery, RawMessageDelivery: Invalid value [x]. Must be true or false."
  })
  void an_attribute_that_cannot_be_is_refused(String name, String what) {
    invalidParameter("Attributes Reason: " + what, () -> subscribe("dispatch", Map.of(name, "x")));
    assertEquals(0, services.sns().listSubscriptions().subscriptions().size());

    String arn = subscribe("dispatch", Map.of());
    invalidParameter(what, () -> set(arn, name, "x"));
  }

  @Test
  void an_attribute_to_set_is_named() {
    String arn = subscribe("dispatch", Map.of());

    invalidParameter(
        "AttributeName Reason: no value for required parameter",
        () -> services.sns().setSubscriptionAttributes(r -> r.subscriptionArn(arn)));
    invalidParameter(
        "RawMessageDelivery: Invalid value []. Must be true or false.",
        () -> set(arn, "RawMessageDelivery", null));
  }

  @Test
  void unsubscribing_is_idempotent_and_ends_the_deliveries() {
    String arn = subscribe("dispatch", Map.of("RawMessageDelivery", "true"));
    publish("before");
    unsubscribe(arn);
    unsubscribe(arn);
    publish("after");

    assertEquals(Set.of("before"), bodies(queue));
    notFound(() -> attributes(arn));
    notFound(() -> set(arn, "RawMessageDelivery", "true"));
    assertEquals(0, services.sns().listSubscriptions().subscriptions().size());
  }

  @Test
  void a_malformed_subscription_arn_is_refused() {
    invalidParameter(
        "SubscriptionArn Reason: An ARN must have at least 6 elements, not 1",
        () -> unsubscribe("x"));
    invalidParameter(
        "SubscriptionArn Reason: An ARN must have at least 6 elements, not 5",
        () -> unsubscribe("arn:aws:sns:us-east-1:000000000000"));
    invalidParameter("SubscriptionId", () -> unsubscribe(topic));
    invalidParameter(
        "SubscriptionArn Reason: no value for required parameter",
        () -> services.sns().unsubscribe(r -> {}));
    unsubscribe(topic + ":no-uuid");
    notFound(() -> attributes(topic + ":no-uuid"));
    notFound(() -> attributes(topic + ":1d5a8f0e-0000-4000-8000-000000000000"));
  }

  @Test
  void a_subscription_belongs_to_its_topic() {
    services.topic("other");
    String arn = subscribe("dispatch", Map.of());

    notFound(() -> attributes(arn.replace(":orders:", ":other:")));
  }

  @Test
  void deleting_the_topic_ends_its_subscriptions() {
    String arn = subscribe("dispatch", Map.of("RawMessageDelivery", "true"));
    publish("before");

    services.sns().deleteTopic(r -> r.topicArn(topic));

    notFound(() -> attributes(arn));
    assertEquals(Set.of("before"), bodies(queue), "as a copy in the queue would stay");
  }

  @Test
  void deleting_the_queue_ends_its_subscriptions() {
    String arn = subscribe("dispatch", Map.of());

    services.sqs().deleteQueue(r -> r.queueUrl(queue));

    notFound(() -> attributes(arn));
  }

  @Test
  void subscriptions_are_listed_a_hundred_at_a_time() {
    services.topic("another");
    for (int i = 0; i < 101; i++) {
      services.queue("q" + i);
      subscribe("q" + i, Map.of());
    }
    services
        .sns()
        .subscribe(
            r ->
                r.topicArn(services.topic("another"))
                    .protocol("sqs")
                    .endpoint(EmbeddedServices.queueArn("q0")));

    ListSubscriptionsResponse first = services.sns().listSubscriptions();
    ListSubscriptionsResponse second =
        services.sns().listSubscriptions(r -> r.nextToken(first.nextToken()));
    Set<Subscription> all = new HashSet<>(first.subscriptions());
    all.addAll(second.subscriptions());
    assertEquals(100, first.subscriptions().size());
    assertEquals(102, all.size());
    assertNull(second.nextToken());

    ListSubscriptionsByTopicResponse one =
        services.sns().listSubscriptionsByTopic(r -> r.topicArn(topic));
    ListSubscriptionsByTopicResponse two =
        services.sns().listSubscriptionsByTopic(r -> r.topicArn(topic).nextToken(one.nextToken()));
    assertEquals(100, one.subscriptions().size());
    assertEquals(1, two.subscriptions().size());
    Subscription subscription = two.subscriptions().getFirst();
    assertEquals(topic, subscription.topicArn());
    assertEquals("sqs", subscription.protocol());
    assertEquals("000000000000", subscription.owner());
    assertTrue(subscription.subscriptionArn().startsWith(topic + ":"));
    assertTrue(subscription.endpoint().startsWith(EmbeddedServices.queueArn("q")));
  }

  @Test
  void a_late_queue_can_start_in_the_past() {
    publish("forgotten");
    services.clock().advance(Duration.ofMinutes(1));
    String start = services.clock().instant().toString();
    publish("one");
    services.clock().advance(Duration.ofMinutes(1));
    publish("two");
    String policy = replayFrom(start);

    String arn =
        subscribe("dispatch", Map.of("RawMessageDelivery", "true", "ReplayPolicy", policy));
    publish("three");

    assertEquals(Set.of("one", "two", "three"), bodies(queue));
    assertEquals(policy, attributes(arn).get("ReplayPolicy"));
    assertEquals(arn, subscribe("dispatch", Map.of("ReplayPolicy", policy)));
    assertEquals(Set.of(), bodies(queue), "the same subscription starts once");
  }

  @Test
  void a_subscription_can_be_moved_back() {
    String start = services.clock().instant().toString();
    String arn = subscribe("dispatch", Map.of("RawMessageDelivery", "true"));
    publish("a");
    Message message = services.receiveOne(queue);
    services.sqs().deleteMessage(r -> r.queueUrl(queue).receiptHandle(message.receiptHandle()));
    assertEquals(Set.of(), bodies(queue));

    set(arn, "ReplayPolicy", replayFrom(start));

    Message again = services.receiveOne(queue);
    assertEquals("a", again.body());
    assertEquals(message.messageId(), again.messageId());
    assertEquals(replayFrom(start), attributes(arn).get("ReplayPolicy"));
  }

  @Test
  void a_replay_policy_can_be_taken_away() {
    String arn =
        subscribe("dispatch", Map.of("ReplayPolicy", replayFrom("2026-01-31T12:00:00.000Z")));

    set(arn, "ReplayPolicy", "");

    assertFalse(attributes(arn).containsKey("ReplayPolicy"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"2026-01-31T12:00:00.000Z", "2026-01-31T12:00:00Z", "2026-01-31T13:00:00+01:00"})
  void a_starting_point_is_an_iso_timestamp(String start) {
    subscribe("dispatch", Map.of("ReplayPolicy", replayFrom(start)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'{\"PointType\":\"Timestamp\"}'|JSON is missing required fields",
        "'{\"StartingPoint\":\"2026-01-31T12:00:00.000Z\"}'|JSON is missing required fields",
        "'{\"PointType\":\"Timestamp\",\"StartingPoint\":\"yesterday\"}'|Invalid StartingPoint"
            + " value",
        "'{\"PointType\":\"Timestamp\",\"StartingPoint\":1}'|Invalid StartingPoint value",
        "'{\"PointType\":\"Timestamp\",\"StartingPoint\":null}'|Invalid StartingPoint value",
        "'{\"PointType\":\"Offset\",\"StartingPoint\":\"2026-01-01T12:00:00.000Z\"}'|Invalid"
            + " PointType",
        "'{\"PointType\":\"Timestamp\",\"StartingPoint\":\"2026-01-01T12:00:00.000Z\","
            + "\"EndingPoint\":\"2026-01-01T11:00:00.000Z\"}'|Invalid EndingPoint value",
        "'{\"PointType\":\"Timestamp\",\"StartingPoint\":\"2026-01-01T12:00:00.000Z\","
            + "\"EndingPoint\":\"2999-01-01T11:00:00.000Z\"}'|Invalid EndingPoint value",
        "'{\"PointType\":\"Timestamp\",\"StartingPoint\":\"2026-01-01T12:00:00.000Z\","
            + "\"EndingPoint\":7}'|Invalid EndingPoint value",
        "'{\"PointType\":\"Timestamp\",\"StartingPoint\":\"2999-01-31T12:00:00.000Z\"}'|Invalid"
            + " StartingPoint value",
        "'{\"PointType\":\"Timestamp\",\"StartingPoint\":\"2026-01-01T12:00:00.000Z\","
            + "\"x\":1}'|Unknown field [x]",
        "'[]'|JSON is missing required fields",
        "'{\"x\":1}'|JSON is missing required fields",
        "'{'|Unable to parse JSON"
      })
  void a_replay_policy_that_makes_no_sense_is_refused(String policy, String what) {
    invalidParameter(
        "Attributes Reason: ReplayPolicy: " + what,
        () -> subscribe("dispatch", Map.of("ReplayPolicy", policy)));
    String arn = subscribe("dispatch", Map.of());
    invalidParameter("ReplayPolicy: " + what, () -> set(arn, "ReplayPolicy", policy));
  }

  private static String replayFrom(String start) {
    return "{\"PointType\":\"Timestamp\",\"StartingPoint\":\"" + start + "\"}";
  }

  private void publish(String message) {
    services.sns().publish(r -> r.topicArn(topic).message(message));
  }

  private String subscribe(String queueName, Map<String, String> attributes) {
    return subscribe(
        r ->
            r.protocol("sqs")
                .endpoint(EmbeddedServices.queueArn(queueName))
                .attributes(attributes)
                .returnSubscriptionArn(true));
  }

  private String subscribe(Consumer<SubscribeRequest.Builder> subscription) {
    return services.sns().subscribe(r -> subscription.accept(r.topicArn(topic))).subscriptionArn();
  }

  private void unsubscribe(String arn) {
    services.sns().unsubscribe(r -> r.subscriptionArn(arn));
  }

  private Map<String, String> attributes(String arn) {
    return services.sns().getSubscriptionAttributes(r -> r.subscriptionArn(arn)).attributes();
  }

  private void set(String arn, String name, @Nullable String value) {
    services
        .sns()
        .setSubscriptionAttributes(
            r -> r.subscriptionArn(arn).attributeName(name).attributeValue(value));
  }

  private Set<String> bodies(String url) {
    Set<String> bodies = new HashSet<>();
    services.receive(url).forEach(message -> bodies.add(message.body()));
    return bodies;
  }

  private static void notFound(Executable call) {
    Refused.with(NotFoundException.class, "NotFound", 404, "Subscription does not exist", call);
  }
}
