package io.sluice.aws.sns;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.aws.message.Json;
import io.sluice.aws.signature.MessageSigner;
import io.sluice.aws.sns.DeliveryCounters.Outcome;
import io.sluice.aws.testing.EmbeddedServices;
import io.sluice.aws.testing.HttpEndpoint;
import io.sluice.aws.testing.HttpEndpoint.Post;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.Message;

/** What endpoints get, and what becomes of what they do not take. */
class HttpDeliveriesTest {

  private static final String TWO_RETRIES =
      "{\"healthyRetryPolicy\":{\"minDelayTarget\":5,\"maxDelayTarget\":30,\"numRetries\":2}}";

  @AutoClose private final HttpEndpoint endpoint = new HttpEndpoint();
  @RegisterExtension final EmbeddedServices services = new EmbeddedServices();
  private String topic;

  @BeforeEach
  void open() {
    topic = services.topic("orders");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "2"})
  void a_notification_is_signed_as_its_topic_says(String version) throws Exception {
    services
        .sns()
        .setTopicAttributes(
            r -> r.topicArn(topic).attributeName("SignatureVersion").attributeValue(version));
    String arn = subscribe(Map.of());
    services
        .sns()
        .publish(
            r ->
                r.topicArn(topic)
                    .message("grün\n\"1\"")
                    .subject("news")
                    .messageAttributes(
                        Map.of(
                            "colour",
                            MessageAttributeValue.builder()
                                .dataType("String")
                                .stringValue("green")
                                .build())));

    Post post = endpoint.next();
    Map<String, @Nullable Object> message = Json.object(post.body());
    assertEquals("Notification", post.type());
    assertEquals(arn, post.header("x-amz-sns-subscription-arn"));
    assertEquals(message.get("MessageId"), post.header("x-amz-sns-message-id"));
    assertEquals(
        List.of(
            "Type",
            "MessageId",
            "TopicArn",
            "Subject",
            "Message",
            "Timestamp",
            "SignatureVersion",
            "Signature",
            "SigningCertURL",
            "UnsubscribeURL",
            "MessageAttributes"),
        List.copyOf(message.keySet()));
    assertEquals("grün\n\"1\"", message.get("Message"));
    assertEquals(version, message.get("SignatureVersion"));
    assertTrue(isRight(message));
    message.put("Message", "forged");
    assertFalse(isRight(message));
  }

  @SuppressWarnings("deprecation") // as is all of version 1 of the SDK
  private boolean isRight(Map<String, @Nullable Object> message) throws Exception {
    Map<String, String> texts = new HashMap<>();
    message.forEach((name, value) -> texts.put(name, String.valueOf(value)));
    MessageSigner signer = new MessageSigner(services.broker().directory(), services.clock());
    String path = URI.create(texts.get("SigningCertURL")).getPath();
    X509Certificate certificate =
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(
                    new ByteArrayInputStream(
                        signer.certificate(path).orElseThrow().getBytes(US_ASCII)));
    return new com.amazonaws.services.sns.util.SignatureChecker()
        .verifySignature(texts, certificate.getPublicKey());
  }

  @Test
  void a_raw_message_comes_as_it_was_published() throws Exception {
    subscribe(
        Map.of(
            "RawMessageDelivery",
            "true",
            "DeliveryPolicy",
            "{\"requestPolicy\":{\"headerContentType\":\"application/json\"}}"));
    publish("{\"a\":1}");

    Post post = endpoint.next();
    assertEquals("{\"a\":1}", post.body());
    assertEquals("true", post.header("x-amz-sns-rawdelivery"));
    assertEquals("application/json", post.header("content-type"));
    assertEquals("Notification", post.type());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "true; {\"default\":\"d\"}; d",
        "true; {\"default\":\"d\",\"sqs\":\"q\"}; d",
        "true; {\"default\":\"d\",\"http\":\"h\"}; h",
        "false; {\"default\":\"d\",\"https\":\"s\"}; d",
        "false; {\"default\":\"d\",\"http\":\"h\"}; h"
      })
  void an_endpoint_gets_the_body_for_its_protocol(boolean isRaw, String message, String body)
      throws Exception {
    subscribe(Map.of("RawMessageDelivery", Boolean.toString(isRaw)));
    services.sns().publish(r -> r.topicArn(topic).message(message).messageStructure("json"));

    String posted = endpoint.next().body();
    assertEquals(body, isRaw ? posted : Json.object(posted).get("Message"));
  }

  @Test
  void every_message_comes_once_when_the_endpoint_takes_it() throws Exception {
    subscribe(Map.of("RawMessageDelivery", "true"));
    Set<String> published = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      publish("m" + i);
      published.add("m" + i);
    }

    Set<String> posted = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      posted.add(endpoint.next().body());
    }
    assertEquals(published, posted);
    counted(Outcome.DELIVERED, 50);
    awaitEmpty();
    assertEquals(List.of(), endpoint.rest());
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 503, 429})
  void what_fails_comes_again_when_its_time_has_come(int status) throws Exception {
    subscribe(Map.of("DeliveryPolicy", TWO_RETRIES, "RawMessageDelivery", "true"));
    endpoint.answer(post -> status);
    publish("a");
    endpoint.next();
    counted(Outcome.RETRIED, 1);
    services.clock().advance(Duration.ofSeconds(5).minusMillis(1));
    assertEquals(List.of(), endpoint.rest());

    endpoint.answer(post -> 200);
    services.clock().advance(Duration.ofMillis(1));
    assertEquals("a", endpoint.next().body());
    counted(Outcome.DELIVERED, 1);
    awaitEmpty();
  }

  @Test
  void retries_and_delays_survive_a_restart() throws Exception {
    subscribe(Map.of("DeliveryPolicy", TWO_RETRIES, "RawMessageDelivery", "true"));
    endpoint.answer(post -> 500);
    publish("a");
    endpoint.next();
    counted(Outcome.RETRIED, 1);
    services.clock().advance(Duration.ofSeconds(5));
    endpoint.next();
    counted(Outcome.RETRIED, 2);

    services.restart();
    services.clock().advance(Duration.ofSeconds(30).minusMillis(1));
    assertEquals(List.of(), endpoint.rest());
    services.clock().advance(Duration.ofMillis(1));
    endpoint.next();
    // The third failure was the last that the policy allows.
    counted(Outcome.DROPPED, 1);
    counted(Outcome.RETRIED, 0);
    awaitEmpty();
  }

  @ParameterizedTest
  @CsvSource({"true, a", "false, Message"})
  void what_fails_to_the_end_goes_to_the_dead_letter_queue(boolean isRaw, String inBody)
      throws Exception {
    String deadLetters = services.queue("dead");
    subscribe(
        Map.of(
            "DeliveryPolicy",
            TWO_RETRIES,
            "RawMessageDelivery",
            Boolean.toString(isRaw),
            "RedrivePolicy",
            "{\"deadLetterTargetArn\":\"" + EmbeddedServices.queueArn("dead") + "\"}"));
    endpoint.answer(post -> 500);
    publish("a");
    String posted = endpoint.next().body();
    counted(Outcome.RETRIED, 1);
    services.clock().advance(Duration.ofSeconds(5));
    endpoint.next();
    counted(Outcome.RETRIED, 2);
    services.clock().advance(Duration.ofSeconds(30));
    endpoint.next();
    counted(Outcome.REDRIVEN, 1);

    Message dead = services.receiveOne(deadLetters);
    assertEquals(posted, dead.body());
    assertTrue(dead.body().contains(inBody), dead.body());
    awaitEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 403, 404, 410, 302})
  void what_the_endpoint_does_not_want_is_not_sent_again(int status) throws Exception {
    String deadLetters = services.queue("dead");
    subscribe(
        Map.of(
            "RedrivePolicy",
            "{\"deadLetterTargetArn\":\"" + EmbeddedServices.queueArn("dead") + "\"}"));
    endpoint.answer(post -> status);
    publish("a");

    endpoint.next();
    counted(Outcome.REDRIVEN, 1);
    assertEquals(1, services.receive(deadLetters).size());
    assertEquals(List.of(), endpoint.rest());
  }

  @Test
  void without_a_queue_to_go_to_it_is_dropped_and_counted() throws Exception {
    subscribe(
        Map.of(
            "RedrivePolicy",
            "{\"deadLetterTargetArn\":\"" + EmbeddedServices.queueArn("missing") + "\"}"));
    endpoint.answer(post -> 400);
    publish("a");

    endpoint.next();
    counted(Outcome.DROPPED, 1);
    awaitEmpty();
  }

  @Test
  void an_endpoint_that_is_not_there_gets_its_messages_when_it_is() throws Exception {
    subscribe(Map.of("DeliveryPolicy", TWO_RETRIES, "RawMessageDelivery", "true"));
    int port = endpoint.port();
    endpoint.close();
    publish("a");
    counted(Outcome.RETRIED, 1);

    try (HttpEndpoint again = new HttpEndpoint(port)) {
      services.clock().advance(Duration.ofSeconds(5));
      assertEquals("a", again.next().body());
      counted(Outcome.DELIVERED, 1);
    }
  }

  @Test
  void no_more_than_so_many_are_posted_at_once_and_one_to_an_endpoint_that_fails()
      throws Exception {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    subscribe(Map.of("RawMessageDelivery", "true"));
    endpoint.answer(
        post -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          now.decrementAndGet();
          return 200;
        });
    for (int i = 0; i < 100; i++) {
      publish("m" + i);
    }

    counted(Outcome.DELIVERED, 100);
    assertTrue(most.get() <= SnsLimits.HTTP_DELIVERIES_PER_SUBSCRIPTION, () -> "" + most);
  }

  @Test
  void a_replay_brings_back_what_was_delivered() throws Exception {
    Instant before = services.clock().instant();
    String arn = subscribe(Map.of("RawMessageDelivery", "true"));
    publish("a");
    assertEquals("a", endpoint.next().body());
    counted(Outcome.DELIVERED, 1);
    awaitEmpty();

    services
        .sns()
        .setSubscriptionAttributes(
            r ->
                r.subscriptionArn(arn)
                    .attributeName("ReplayPolicy")
                    .attributeValue(
                        "{\"PointType\":\"Timestamp\",\"StartingPoint\":\"" + before + "\"}"));
    assertEquals("a", endpoint.next().body());
  }

  @Test
  void a_topic_that_is_deleted_takes_its_subscription_along() throws Exception {
    subscribe(Map.of());
    services.sns().deleteTopic(r -> r.topicArn(topic));

    await().untilAsserted(() -> assertEquals(List.of(), services.broker().deliveryQueues().list()));
  }

  @Test
  void a_policy_says_how_fast_on_average() throws Exception {
    subscribe(
        Map.of(
            "RawMessageDelivery", "true",
            "DeliveryPolicy", "{\"throttlePolicy\":{\"maxReceivesPerSecond\":50}}"));
    publish("a");
    publish("b");

    Set<String> posted = new HashSet<>();
    posted.add(endpoint.next().body());
    posted.add(endpoint.next().body());
    assertEquals(Set.of("a", "b"), posted);
  }

  private String subscribe(Map<String, String> attributes) throws Exception {
    services
        .sns()
        .subscribe(
            r ->
                r.topicArn(topic)
                    .protocol("http")
                    .endpoint(endpoint.url("/orders"))
                    .attributes(attributes));
    String token = String.valueOf(Json.object(endpoint.next().body()).get("Token"));
    return services
        .sns()
        .confirmSubscription(r -> r.topicArn(topic).token(token))
        .subscriptionArn();
  }

  private void publish(String message) {
    services.sns().publish(r -> r.topicArn(topic).message(message));
  }

  private void counted(Outcome outcome, long times) {
    services.awaitDeliveries("http", outcome, times);
  }

  private void awaitEmpty() {
    await()
        .untilAsserted(
            () -> {
              var depth = services.broker().deliveryQueues().list().getFirst().depth();
              assertEquals(0, depth.available() + depth.inFlight());
            });
  }
}
