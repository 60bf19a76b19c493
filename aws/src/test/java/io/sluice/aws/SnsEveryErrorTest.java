package io.sluice.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.aws.message.Json;
import io.sluice.aws.signature.MessageSigner;
import io.sluice.aws.sns.SnsOptions;
import io.sluice.aws.sns.SnsService;
import io.sluice.aws.testing.EmbeddedServices;
import io.sluice.aws.testing.HttpEndpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.Tag;

/**
 * Each bad request of {@link SnsBadRequests} over HTTP: an error is Amazon's in code, type, status
 * and sentence, and one that Amazon's model of the action knows.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SnsEveryErrorTest {

  /** What every action may answer (Amazon's "Common errors"). */
  private static final String COMMON = "ValidationError";

  private EmbeddedServices services;
  private SnsService service;
  private ServedActions actions;
  private SnsBadRequests.Subscribed subscribed;

  @BeforeAll
  void open(@TempDir Path directory) throws Exception {
    services = new EmbeddedServices(directory);
    service =
        new SnsService(
            services.broker(), new MessageSigner(directory, services.clock()), SnsOptions.DEFAULTS);
    actions = new ServedActions(AwsService.of(SnsClient.class, service));
    services.queue("dispatch");
    services.queue("filtered");
    services
        .sqs()
        .createQueue(
            r -> r.queueName("dispatch.fifo").attributesWithStrings(Map.of("FifoQueue", "true")));
    try (SnsClient sns = SdkClients.sns(actions.listener().endpoint())) {
      sns.createTopic(r -> r.name("orders").tags(Tag.builder().key("k").value("v").build()));
      sns.createTopic(r -> r.name("other"));
      sns.createTopic(
          r ->
              r.name("orders.fifo")
                  .attributes(
                      Map.of(
                          "FifoTopic", "true", "ArchivePolicy", "{\"MessageRetentionPeriod\":7}")));
      sns.addPermission(
          r ->
              r.topicArn(SnsBadRequests.TOPIC)
                  .label("there")
                  .awsAccountIds("111111111111")
                  .actionNames("Publish"));
      subscribed =
          new SnsBadRequests.Subscribed(
              subscribe(sns, "dispatch"), authenticated(sns), filtered(sns));
    }
  }

  private static String subscribe(SnsClient sns, String queue) {
    return sns.subscribe(
            r ->
                r.topicArn(SnsBadRequests.TOPIC)
                    .protocol("sqs")
                    .endpoint(EmbeddedServices.queueArn(queue)))
        .subscriptionArn();
  }

  private static String authenticated(SnsClient sns) throws InterruptedException {
    try (HttpEndpoint endpoint = new HttpEndpoint()) {
      sns.subscribe(
          r -> r.topicArn(SnsBadRequests.TOPIC).protocol("http").endpoint(endpoint.url("/orders")));
      String token = String.valueOf(Json.object(endpoint.next().body()).get("Token"));
      return sns.confirmSubscription(
              r -> r.topicArn(SnsBadRequests.TOPIC).token(token).authenticateOnUnsubscribe("true"))
          .subscriptionArn();
    } catch (Json.NotJsonException e) {
      throw new AssertionError(e);
    }
  }

  /** One that keeps all the filters it may, each for a message of its time. */
  private static String filtered(SnsClient sns) {
    String arn = subscribe(sns, "filtered");
    for (int i = 0; i <= 32; i++) {
      String policy = "{\"k\":[\"%d\"]}".formatted(i);
      sns.setSubscriptionAttributes(
          r -> r.subscriptionArn(arn).attributeName("FilterPolicy").attributeValue(policy));
      sns.publish(r -> r.topicArn(SnsBadRequests.TOPIC).message("m"));
    }
    return arn;
  }

  @AfterAll
  void close() {
    actions.close();
    service.close();
    services.close();
  }

  Stream<SnsBadRequests.Bad> badRequests() {
    return SnsBadRequests.all(subscribed);
  }

  @ParameterizedTest
  @MethodSource("badRequests")
  void is_amazons(SnsBadRequests.Bad bad) throws IOException {
    RawHttp.Response response = actions.query(bad.request());

    assertEquals(bad.error().status(), response.status(), response.body());
    assertEquals("text/xml", response.headers().get("content-type"));
    String xml = ServedActions.unescaped(response);
    String start =
        "<ErrorResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><Error>"
            + "<Type>Sender</Type><Code>"
            + bad.error().code()
            + "</Code><Message>";
    assertTrue(xml.contains(start), xml);
    assertTrue(xml.contains(bad.sentence()), xml);
  }

  /** The SDK's methods declare them, from Amazon's model. */
  @Test
  void an_action_has_no_error_that_it_has_not_at_amazon() throws NoSuchMethodException {
    Set<String> foreign = new TreeSet<>();
    for (SnsBadRequests.Bad bad : badRequests().toList()) {
      Operation operation = actions.of(bad.request());
      Set<String> declared = new HashSet<>(Set.of(COMMON));
      String method =
          Character.toLowerCase(operation.name().charAt(0)) + operation.name().substring(1);
      for (Class<?> thrown :
          SnsClient.class.getMethod(method, bad.request().getClass()).getExceptionTypes()) {
        WireError error = actions.model().errorOf(thrown.getSimpleName());
        if (error != null) {
          declared.add(error.code());
        }
      }
      if (!declared.contains(bad.error().code())) {
        foreign.add(operation.name() + " " + bad.error().code());
      }
    }

    assertEquals(Set.of(), foreign);
  }

  /** So that a new action comes with its errors. */
  @Test
  void every_action_that_is_there_has_a_bad_request() {
    assertEquals(actions.names(), actions.names(badRequests().map(SnsBadRequests.Bad::request)));
  }

  @Test
  void every_error_of_the_service_is_met() {
    assertEquals(
        Set.copyOf(SnsBadRequests.ERRORS),
        badRequests().map(SnsBadRequests.Bad::error).collect(Collectors.toSet()));
  }
}
