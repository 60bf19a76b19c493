package io.sluice.aws.sqs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.sluice.aws.testing.EmbeddedServices;
import io.sluice.aws.testing.Refused;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sqs.model.ListDeadLetterSourceQueuesResponse;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/** RedrivePolicy, RedriveAllowPolicy, ListDeadLetterSourceQueues, and what a dead letter shows. */
class DeadLetterQueueTest {

  private static final String DEAD_ARN = EmbeddedServices.queueArn("dead");

  @RegisterExtension final EmbeddedServices services = new EmbeddedServices();
  private String dead;

  @BeforeEach
  void open() {
    dead = services.queue("dead");
  }

  @Test
  void a_dead_letter_is_the_message_that_was_sent() {
    String queue = source("orders", 2);
    services
        .sqs()
        .sendMessage(
            r ->
                r.queueUrl(queue)
                    .messageBody("one")
                    .messageAttributes(
                        Map.of(
                            "colour",
                            MessageAttributeValue.builder()
                                .dataType("String")
                                .stringValue("red")
                                .build())));
    Message before = failTwice(queue);
    services.restart();
    assertEquals(List.of(), services.receive(queue));

    Message letter = services.receiveOne(dead);
    assertEquals(before.messageId(), letter.messageId());
    assertEquals(before.body(), letter.body());
    assertEquals(before.messageAttributes(), letter.messageAttributes());
    assertEquals(before.md5OfMessageAttributes(), letter.md5OfMessageAttributes());
    assertNotEquals(before.receiptHandle(), letter.receiptHandle());
    for (var name :
        List.of(
            MessageSystemAttributeName.SENT_TIMESTAMP,
            MessageSystemAttributeName.APPROXIMATE_FIRST_RECEIVE_TIMESTAMP)) {
      assertEquals(before.attributes().get(name), letter.attributes().get(name), name.toString());
    }
    assertEquals(
        "3",
        letter.attributes().get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT),
        "Amazon goes on counting");
    assertEquals(
        EmbeddedServices.queueArn("orders"),
        letter.attributes().get(MessageSystemAttributeName.DEAD_LETTER_QUEUE_SOURCE_ARN));
    services.sqs().deleteMessage(r -> r.queueUrl(dead).receiptHandle(letter.receiptHandle()));
    services.clock().advance(Duration.ofHours(1));
    assertEquals(List.of(), services.receive(dead));
    assertEquals(List.of(), services.receive(queue));
  }

  @Test
  void a_notification_of_a_topic_dies_as_the_notification_that_it_was() {
    String queue = source("orders", 2);
    String topic = services.topic("news");
    services
        .sns()
        .subscribe(
            r -> r.topicArn(topic).protocol("sqs").endpoint(EmbeddedServices.queueArn("orders")));
    services.sns().publish(r -> r.topicArn(topic).message("hello").subject("s"));
    Message before = failTwice(queue);
    assertEquals(List.of(), services.receive(queue));

    Message letter = services.receiveOne(dead);
    assertEquals(before.body(), letter.body());
    assertEquals(before.messageId(), letter.messageId());
  }

  @Test
  void a_message_that_did_not_die_says_no_source() {
    services.sqs().sendMessage(r -> r.queueUrl(dead).messageBody("direct"));

    assertFalse(
        services
            .receiveOne(dead)
            .attributes()
            .containsKey(MessageSystemAttributeName.DEAD_LETTER_QUEUE_SOURCE_ARN));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "'\"1000\"', 1000", "'\"3\"', 3"})
  void the_count_may_be_a_string_and_is_a_number(String given, String returned) {
    String queue = services.queue("orders");
    set(queue, "{\"maxReceiveCount\":" + given + ",\"deadLetterTargetArn\":\"" + DEAD_ARN + "\"}");

    assertEquals(policy(Integer.parseInt(returned)), attributes(queue).get("RedrivePolicy"));
    services.sqs().createQueue(r -> r.queueName("orders"));
    set(queue, "");
    assertFalse(attributes(queue).containsKey("RedrivePolicy"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1001", "-1", "x", "1.5", ""})
  void the_count_has_limits(String count) {
    String policy =
        "{\"deadLetterTargetArn\":\"" + DEAD_ARN + "\",\"maxReceiveCount\":\"" + count + "\"}";

    refused(
        policy,
        "Invalid value for maxReceiveCount: "
            + count
            + ", valid values are from 1 to 1000 both inclusive.");
  }

  @Test
  void a_policy_names_a_queue_that_can_be_one() {
    refused(
        "{\"maxReceiveCount\":1}",
        "Redrive policy does not contain mandatory attribute: deadLetterTargetArn.");
    refused(
        "{\"deadLetterTargetArn\":\"" + DEAD_ARN + "\"}",
        "Redrive policy does not contain mandatory attribute: maxReceiveCount.");
    refused(
        "{\"deadLetterTargetArn\":\"dead\",\"maxReceiveCount\":1}",
        "Dead-letter target ARN should be fully qualified ARN.");
    refused(
        "{\"deadLetterTargetArn\":\"" + DEAD_ARN + "\",\"maxReceiveCount\":1,\"other\":1}",
        "Only following attributes are supported: [maxReceiveCount, deadLetterTargetArn].");
    refused(
        "{\"deadLetterTargetArn\":\"" + DEAD_ARN + "r\",\"maxReceiveCount\":1}",
        "Dead letter target does not exist.");
    refused(
        policy(1).replace(":000000000000:", ":111111111111:"),
        "Dead-letter target owner should be same as the source.");
    for (String policy : List.of("x", "[]", "1")) {
      Refused.with(
          "InvalidAttributeValue",
          "Invalid value for the parameter RedrivePolicy. Reason: Redrive policy is not a valid"
              + " JSON map.",
          () -> create("refused", policy));
    }
  }

  @Test
  void a_dead_letter_queue_says_whose_it_is() {
    allow("{\"redrivePermission\":\"denyAll\"}");
    String denied =
        "The redrive allow policy of the dead-letter queue does not permit this source queue.";
    refused(policy(1), denied);
    allow(
        "{\"redrivePermission\":\"byQueue\",\"sourceQueueArns\":[\""
            + EmbeddedServices.queueArn("orders")
            + "\"]}");
    refused(policy(1), denied);
    source("orders", 1);
    allow("{\"redrivePermission\":\"allowAll\"}");
    source("others", 1);
    assertEquals(
        "{\"redrivePermission\":\"allowAll\"}", attributes(dead).get("RedriveAllowPolicy"));
    allow("");
    assertFalse(attributes(dead).containsKey("RedriveAllowPolicy"));
  }

  @Test
  void a_redrive_allow_policy_has_a_form() {
    String cannot = "Amazon SQS can't create the redrive allow policy";
    for (String policy :
        List.of(
            "x",
            "[]",
            "{}",
            "{\"redrivePermission\":\"all\"}",
            "{\"redrivePermission\":\"allowAll\",\"other\":1}",
            "{\"redrivePermission\":\"byQueue\",\"sourceQueueArns\":\"arn\"}",
            "{\"redrivePermission\":\"byQueue\",\"sourceQueueArns\":[1]}")) {
      Refused.with(
          "InvalidAttributeValue",
          "Invalid value for the parameter RedriveAllowPolicy. Reason: "
              + cannot
              + ", as it\u2019s in an unsupported format.",
          () -> allow(policy));
    }
    refusedAllow(
        "{\"redrivePermission\":\"denyAll\",\"sourceQueueArns\":[\"arn\"]}",
        "To specify one or more source queue ARNs, you must set redrivePermission to byQueue.");
    for (String without : List.of("", ",\"sourceQueueArns\":[]")) {
      refusedAllow(
          "{\"redrivePermission\":\"byQueue\"" + without + "}",
          "When you specify the byQueue permission type, you must also specify one or more"
              + " sourceQueueArns values.");
    }
    refusedAllow(
        "{\"redrivePermission\":\"byQueue\",\"sourceQueueArns\":["
            + String.join(",", Collections.nCopies(11, "\"arn\""))
            + "]}",
        "The maximum number of source queue ARNs you can specify is 10.");
  }

  private void refusedAllow(String policy, String reason) {
    Refused.with(
        "InvalidParameterValue",
        "Value "
            + policy
            + " for parameter RedriveAllowPolicy is invalid. Reason: Amazon SQS can't create the"
            + " redrive allow policy. "
            + reason,
        () -> allow(policy));
  }

  @Test
  void the_sources_of_a_dead_letter_queue_come_in_pages() {
    assertEquals(List.of(), sources(null, null).queueUrls());
    List.of("a", "b", "c").forEach(name -> source(name, 1));
    services.queue("d");

    assertEquals(List.of("a", "b", "c"), names(sources(null, null)));
    ListDeadLetterSourceQueuesResponse page = sources(2, null);
    assertEquals(List.of("a", "b"), names(page));
    ListDeadLetterSourceQueuesResponse last = sources(2, page.nextToken());
    assertEquals(List.of("c"), names(last));
    assertEquals(null, last.nextToken());
  }

  private ListDeadLetterSourceQueuesResponse sources(Integer max, String token) {
    return services
        .sqs()
        .listDeadLetterSourceQueues(r -> r.queueUrl(dead).maxResults(max).nextToken(token));
  }

  private static List<String> names(ListDeadLetterSourceQueuesResponse response) {
    return response.queueUrls().stream()
        .map(url -> url.substring(url.lastIndexOf('/') + 1))
        .toList();
  }

  private void refused(String policy, String reason) {
    Refused.with(
        "InvalidParameterValue",
        "Value " + policy + " for parameter RedrivePolicy is invalid. Reason: " + reason,
        () -> create("refused", policy));
    String there = services.queue("there");
    Refused.with(
        "InvalidParameterValue",
        "Value " + policy + " for parameter RedrivePolicy is invalid. Reason: " + reason,
        () -> set(there, policy));
  }

  private static String policy(int maxReceiveCount) {
    return "{\"deadLetterTargetArn\":\""
        + DEAD_ARN
        + "\",\"maxReceiveCount\":"
        + maxReceiveCount
        + "}";
  }

  private String source(String name, int maxReceiveCount) {
    return create(name, policy(maxReceiveCount));
  }

  private String create(String name, String policy) {
    return services
        .sqs()
        .createQueue(r -> r.queueName(name).attributesWithStrings(Map.of("RedrivePolicy", policy)))
        .queueUrl();
  }

  private void set(String queue, String policy) {
    services
        .sqs()
        .setQueueAttributes(
            r -> r.queueUrl(queue).attributesWithStrings(Map.of("RedrivePolicy", policy)));
  }

  private void allow(String policy) {
    services
        .sqs()
        .setQueueAttributes(
            r -> r.queueUrl(dead).attributesWithStrings(Map.of("RedriveAllowPolicy", policy)));
  }

  private Map<String, String> attributes(String queue) {
    return services
        .sqs()
        .getQueueAttributes(r -> r.queueUrl(queue).attributeNamesWithStrings("All"))
        .attributesAsStrings();
  }

  /** Receives a message twice; afterwards it is available. */
  private Message failTwice(String queue) {
    services.receiveOne(queue);
    services.clock().advance(Duration.ofSeconds(30));
    Message second = services.receiveOne(queue);
    services.clock().advance(Duration.ofSeconds(30));
    return second;
  }
}
