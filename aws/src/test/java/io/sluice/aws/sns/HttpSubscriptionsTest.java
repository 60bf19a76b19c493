package io.sluice.aws.sns;

import static io.sluice.aws.testing.Refused.invalidParameter;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.aws.CallContext;
import io.sluice.aws.message.Json;
import io.sluice.aws.testing.Callers;
import io.sluice.aws.testing.EmbeddedServices;
import io.sluice.aws.testing.HttpEndpoint;
import io.sluice.aws.testing.HttpEndpoint.Post;
import io.sluice.aws.testing.Refused;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.sns.model.AuthorizationErrorException;
import software.amazon.awssdk.services.sns.model.NotFoundException;
import software.amazon.awssdk.services.sns.model.Subscription;

/** How an endpoint is asked whether it wants messages, and how it takes that back. */
class HttpSubscriptionsTest {

  private static final CallContext STRANGER =
      Callers.of("000000000000", "us-east-1", "http://localhost:4566");
  private static final CallContext OWNER =
      new CallContext(
          "000000000000",
          "eu-west-1",
          java.net.URI.create("http://sluice:4566"),
          "id",
          Optional.of("AKID"),
          new CompletableFuture<>());

  @AutoClose private final HttpEndpoint endpoint = new HttpEndpoint();
  @RegisterExtension final EmbeddedServices services = new EmbeddedServices();
  private String topic;

  @BeforeEach
  void open() {
    topic = services.topic("orders");
  }

  @Test
  void an_endpoint_is_asked_and_gets_nothing_before_it_confirms() throws Exception {
    assertEquals("pending confirmation", subscribe("/a"));
    publish("too early");

    Post asked = endpoint.next();
    Map<String, @Nullable Object> message = Json.object(asked.body());
    assertEquals("/a", asked.path());
    assertEquals("SubscriptionConfirmation", asked.type());
    assertEquals(topic, asked.header("x-amz-sns-topic-arn"));
    assertEquals(message.get("MessageId"), asked.header("x-amz-sns-message-id"));
    assertEquals("text/plain; charset=UTF-8", asked.header("content-type"));
    assertEquals("Amazon Simple Notification Service Agent", asked.header("user-agent"));
    assertFalse(asked.headers().containsKey("x-amz-sns-subscription-arn"));
    assertEquals(
        List.of(
            "Type",
            "MessageId",
            "Token",
            "TopicArn",
            "Message",
            "SubscribeURL",
            "Timestamp",
            "SignatureVersion",
            "Signature",
            "SigningCertURL"),
        List.copyOf(message.keySet()));
    assertEquals(
        "You have chosen to subscribe to the topic "
            + topic
            + ".\nTo confirm the subscription, visit the SubscribeURL included in this message.",
        message.get("Message"));
    assertEquals(
        "http://localhost:4566/?Action=ConfirmSubscription&TopicArn="
            + topic
            + "&Token="
            + message.get("Token"),
        message.get("SubscribeURL"));
    assertEquals("PendingConfirmation", listed().subscriptionArn());
    counted(1, 0, 0);

    String arn = confirm(token(asked));
    publish("in time");
    Post delivered = endpoint.next();
    assertEquals("in time", Json.object(delivered.body()).get("Message"));
    assertEquals(arn, delivered.header("x-amz-sns-subscription-arn"));
    assertEquals(arn, listed().subscriptionArn());
    counted(0, 1, 0);
  }

  @Test
  void a_subscription_says_what_state_it_is_in() throws Exception {
    String arn = subscribeForArn("/a");
    assertEquals("true", attributes(arn).get("PendingConfirmation"));
    assertEquals("false", attributes(arn).get("ConfirmationWasAuthenticated"));

    OWNER.run(() -> confirm(token(endpoint.next())));

    Map<String, String> attributes = attributes(arn);
    assertEquals("false", attributes.get("PendingConfirmation"));
    assertEquals("true", attributes.get("ConfirmationWasAuthenticated"));
    assertEquals("http", attributes.get("Protocol"));
    assertEquals(endpoint.url("/a"), attributes.get("Endpoint"));
    assertTrue(attributes.containsKey("EffectiveDeliveryPolicy"));
    assertTrue(attributes.keySet().stream().noneMatch(name -> name.startsWith("sluice.")));
    assertEquals("http", listed().protocol());
    assertEquals(endpoint.url("/a"), listed().endpoint());
  }

  @Test
  void arns_and_urls_are_those_that_the_subscriber_knows() throws Exception {
    String arn = OWNER.run(() -> subscribeForArn("/a"));

    Map<String, @Nullable Object> asked = Json.object(endpoint.next().body());
    assertTrue(arn.startsWith("arn:aws:sns:eu-west-1:000000000000:orders:"), arn);
    assertEquals("arn:aws:sns:eu-west-1:000000000000:orders", asked.get("TopicArn"));
    assertTrue(
        String.valueOf(asked.get("SubscribeURL"))
            .startsWith(
                "http://sluice:4566/?Action=ConfirmSubscription"
                    + "&TopicArn=arn:aws:sns:eu-west-1:000000000000:orders&Token="));
    assertTrue(
        String.valueOf(asked.get("SigningCertURL"))
            .startsWith("http://sluice:4566/SimpleNotificationService-"));
  }

  @Test
  void subscribing_again_asks_again_until_it_is_confirmed() throws Exception {
    String arn = subscribeForArn("/a");
    String token = token(endpoint.next());
    assertEquals(arn, subscribeForArn("/a"));
    assertEquals("pending confirmation", subscribe("/a"));
    assertEquals(token, token(endpoint.next()));
    assertEquals(token, token(endpoint.next()));

    confirm(token);
    assertEquals(arn, subscribe("/a"));
    assertEquals(1, services.sns().listSubscriptions().subscriptions().size());
    assertNotEquals(arn, subscribeForArn("/b"));
    invalidParameter(
        "Attributes Reason: Subscription already exists with different attributes",
        () ->
            services
                .sns()
                .subscribe(
                    r ->
                        r.topicArn(topic)
                            .protocol("http")
                            .endpoint(endpoint.url("/a"))
                            .attributes(Map.of("RawMessageDelivery", "true"))));
  }

  @Test
  void confirming_twice_is_no_error() throws Exception {
    subscribe("/a");
    String token = token(endpoint.next());

    assertEquals(confirm(token), confirm(token));
  }

  @Test
  void a_token_that_was_not_given_out_confirms_nothing() throws Exception {
    subscribe("/a");
    String token = token(endpoint.next());
    String forged = token.substring(0, token.length() - 1) + (token.endsWith("0") ? "1" : "0");

    for (String wrong : List.of("x", forged, "0".repeat(token.length()), "z".repeat(96))) {
      invalidParameter("Token", () -> confirm(wrong));
    }
    String other = services.topic("other");
    invalidParameter(
        "Token", () -> services.sns().confirmSubscription(r -> r.topicArn(other).token(token)));
    invalidParameter(
        "Token Reason: no value for required parameter",
        () -> services.sns().confirmSubscription(r -> r.topicArn(topic)));
    Refused.with(
        "NotFound",
        "Topic does not exist",
        () -> services.sns().confirmSubscription(r -> r.topicArn(topic + "-not").token(token)));
    assertEquals("PendingConfirmation", listed().subscriptionArn());
  }

  @Test
  void a_subscription_that_is_not_confirmed_in_two_days_is_gone() throws Exception {
    String arn = subscribeForArn("/a");
    String token = token(endpoint.next());
    services.clock().advance(Duration.ofDays(2).plusMillis(1));

    invalidParameter("Token", () -> confirm(token));
    assertEquals(List.of(), services.sns().listSubscriptions().subscriptions());
    assertEquals(
        List.of(), services.sns().listSubscriptionsByTopic(r -> r.topicArn(topic)).subscriptions());
    Refused.with(
        NotFoundException.class,
        "NotFound",
        404,
        "Subscription does not exist",
        () -> attributes(arn));
    counted(0, 0, 0);

    services.restart();
    assertEquals(List.of(), services.broker().sources().list());
    assertEquals(List.of(), services.broker().deliveryQueues().list());
  }

  @Test
  void a_pending_subscription_survives_a_restart() throws Exception {
    String arn = subscribeForArn("/a");
    String token = token(endpoint.next());
    services.restart();

    assertEquals(arn, confirm(token));
    publish("a");
    assertEquals("Notification", endpoint.next().type());
  }

  @Test
  void its_owner_ends_a_subscription_for_good() throws Exception {
    String arn = subscribeForArn("/a");
    confirm(token(endpoint.next()));
    OWNER.run(() -> unsubscribe(arn));
    publish("too late");

    assertEquals(List.of(), services.sns().listSubscriptions().subscriptions());
    assertEquals(List.of(), services.broker().deliveryQueues().list());
    assertNull(endpoint.now());
  }

  @Test
  void a_pending_subscription_can_be_ended() throws Exception {
    String arn = subscribeForArn("/a");
    String token = token(endpoint.next());
    unsubscribe(arn);

    invalidParameter("Token", () -> confirm(token));
    assertEquals(List.of(), services.sns().listSubscriptions().subscriptions());
  }

  @Test
  void an_endpoint_is_told_when_a_stranger_ends_its_subscription_and_can_restore_it()
      throws Exception {
    String arn = subscribeForArn("/a");
    String first = token(endpoint.next());
    confirm(first);
    STRANGER.run(() -> unsubscribe(arn));

    Post told = endpoint.next();
    Map<String, @Nullable Object> message = Json.object(told.body());
    assertEquals("UnsubscribeConfirmation", told.type());
    assertEquals(arn, told.header("x-amz-sns-subscription-arn"));
    assertEquals(
        "You have chosen to deactivate subscription "
            + arn
            + ".\nTo cancel this operation and restore the subscription, visit the SubscribeURL"
            + " included in this message.",
        message.get("Message"));
    assertEquals("Deleted", listed().subscriptionArn());
    Refused.with("NotFound", "Subscription does not exist", () -> attributes(arn));
    counted(0, 0, 1);
    invalidParameter("Token", () -> confirm(first));

    publish("missed");
    assertEquals(arn, confirm(token(told)));
    publish("back");
    assertEquals("back", Json.object(endpoint.next().body()).get("Message"));
    counted(0, 1, 0);
  }

  @Test
  void an_ended_subscription_is_forgotten_after_two_days_and_can_be_made_anew() throws Exception {
    String arn = subscribeForArn("/a");
    confirm(token(endpoint.next()));
    STRANGER.run(() -> unsubscribe(arn));
    String restoring = token(endpoint.next());
    String anew = subscribeForArn("/a");

    assertNotEquals(arn, anew);
    invalidParameter("Token", () -> confirm(restoring));
    assertEquals(anew, confirm(token(endpoint.next())));
  }

  @Test
  void one_that_was_confirmed_so_is_ended_by_signed_requests_only() throws Exception {
    String arn = subscribeForArn("/a");
    String token = token(endpoint.next());
    OWNER.run(
        () ->
            services
                .sns()
                .confirmSubscription(
                    r -> r.topicArn(topic).token(token).authenticateOnUnsubscribe("true")));

    Refused.with(
        AuthorizationErrorException.class,
        "AuthorizationError",
        403,
        "The subscription can be ended by a signed request only",
        () -> STRANGER.run(() -> unsubscribe(arn)));
    OWNER.run(() -> unsubscribe(arn));
    assertEquals(List.of(), services.sns().listSubscriptions().subscriptions());
  }

  @ParameterizedTest
  @CsvSource({
    "http, https://localhost/, Endpoint must match the specified protocol",
    "https, http://localhost/, Endpoint must match the specified protocol",
    "http, localhost, Endpoint must match the specified protocol",
    "http, http://, Endpoint Reason: not a URL that can be posted to",
    "http, http://a b/, Endpoint Reason: not a URL that can be posted to",
    "http, http:///path, Endpoint Reason: not a URL that can be posted to",
    "http, http://localhost/#there, Endpoint Reason: not a URL that can be posted to",
    "http, , Endpoint Reason: no value for required parameter"
  })
  void an_endpoint_is_a_url_of_its_protocol(String protocol, @Nullable String url, String what) {
    invalidParameter(
        what,
        () -> services.sns().subscribe(r -> r.topicArn(topic).protocol(protocol).endpoint(url)));
    assertEquals(List.of(), services.broker().deliveryQueues().list());
  }

  @Test
  void its_queue_is_nobody_elses() throws Exception {
    subscribe("/a");
    confirm(token(endpoint.next()));
    String queue = services.broker().deliveryQueues().list().getFirst().name();

    assertEquals(List.of(), services.sqs().listQueues().queueUrls());
    Refused.with(
        "AWS.SimpleQueueService.NonExistentQueue",
        "The specified queue does not exist.",
        () -> services.sqs().getQueueUrl(r -> r.queueName(queue)));
    invalidParameter(
        "Endpoint Reason: The queue " + EmbeddedServices.queueArn(queue) + " does not exist",
        () ->
            services
                .sns()
                .subscribe(
                    r ->
                        r.topicArn(topic)
                            .protocol("sqs")
                            .endpoint(EmbeddedServices.queueArn(queue))));
  }

  private String subscribe(String path) {
    return services
        .sns()
        .subscribe(r -> r.topicArn(topic).protocol("http").endpoint(endpoint.url(path)))
        .subscriptionArn();
  }

  private String subscribeForArn(String path) {
    return services
        .sns()
        .subscribe(
            r ->
                r.topicArn(topic)
                    .protocol("http")
                    .endpoint(endpoint.url(path))
                    .returnSubscriptionArn(true))
        .subscriptionArn();
  }

  private static String token(Post asked) throws Json.NotJsonException {
    return String.valueOf(Json.object(asked.body()).get("Token"));
  }

  private String confirm(String token) {
    return services
        .sns()
        .confirmSubscription(r -> r.topicArn(topic).token(token))
        .subscriptionArn();
  }

  private Object unsubscribe(String arn) {
    return services.sns().unsubscribe(r -> r.subscriptionArn(arn));
  }

  private void publish(String message) {
    services.sns().publish(r -> r.topicArn(topic).message(message));
  }

  private Map<String, String> attributes(String arn) {
    return services.sns().getSubscriptionAttributes(r -> r.subscriptionArn(arn)).attributes();
  }

  private Subscription listed() {
    List<Subscription> all = services.sns().listSubscriptions().subscriptions();
    assertEquals(1, all.size(), all::toString);
    return all.getFirst();
  }

  private void counted(int pending, int confirmed, int deleted) {
    Map<String, String> attributes =
        services.sns().getTopicAttributes(r -> r.topicArn(topic)).attributes();
    assertEquals(Integer.toString(pending), attributes.get("SubscriptionsPending"));
    assertEquals(Integer.toString(confirmed), attributes.get("SubscriptionsConfirmed"));
    assertEquals(Integer.toString(deleted), attributes.get("SubscriptionsDeleted"));
  }
}
