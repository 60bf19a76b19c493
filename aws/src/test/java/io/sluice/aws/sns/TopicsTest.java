package io.sluice.aws.sns;

import static io.sluice.aws.testing.Refused.invalidParameter;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.aws.CallContext;
import io.sluice.aws.testing.Callers;
import io.sluice.aws.testing.EmbeddedServices;
import io.sluice.aws.testing.Refused;
import io.sluice.broker.NewTopic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.sns.model.InvalidParameterException;
import software.amazon.awssdk.services.sns.model.ListTopicsResponse;
import software.amazon.awssdk.services.sns.model.NotFoundException;
import software.amazon.awssdk.services.sns.model.Tag;
import software.amazon.awssdk.services.sns.model.TagLimitExceededException;
import software.amazon.awssdk.services.sns.model.Topic;

/** CreateTopic, DeleteTopic, ListTopics, GetTopicAttributes and SetTopicAttributes. */
class TopicsTest {

  private static final String ORDERS = "arn:aws:sns:us-east-1:000000000000:orders";

  @RegisterExtension final EmbeddedServices services = new EmbeddedServices();

  @Test
  void a_topic_is_a_topic_of_the_broker() {
    assertEquals(ORDERS, services.topic("orders"));

    assertEquals(1, services.broker().topics().find("orders").orElseThrow().partitions());
  }

  @Test
  void an_arn_has_the_region_of_its_caller() {
    CallContext caller = Callers.of("000000000000", "ap-south-1", "http://h");

    assertEquals(
        "arn:aws:sns:ap-south-1:000000000000:orders", caller.run(() -> services.topic("orders")));
    assertEquals("orders", attributes(ORDERS).get("TopicArn").substring(ORDERS.length() - 6));
  }

  @Test
  void a_kafka_client_s_topic_is_an_sns_topic() {
    services.broker().topics().create(NewTopic.named("shop.orders").withPartitions(6));

    String arn = services.topic("shop.orders");

    assertEquals("arn:aws:sns:us-east-1:000000000000:shop.orders", arn);
    assertEquals(List.of(arn), arns(services.sns().listTopics()));
    assertEquals(6, services.broker().topics().find("shop.orders").orElseThrow().partitions());
    services.sns().publish(r -> r.topicArn(arn).message("x"));
  }

  @Test
  void the_broker_s_own_topics_are_not() {
    services.queue("q");
    services.sqs().sendMessage(r -> r.queueUrl("q").messageBody("x"));

    assertTrue(services.broker().topics().find("queue.q").isPresent());
    assertEquals(List.of(), arns(services.sns().listTopics()));
    invalidParameter("Topic Name", () -> services.topic("queue.q"));
    noTopic(
        () ->
            services
                .sns()
                .publish(
                    r -> r.topicArn("arn:aws:sns:us-east-1:000000000000:queue.q").message("x")));
    services.sns().deleteTopic(r -> r.topicArn("arn:aws:sns:us-east-1:000000000000:queue.q"));
    assertTrue(services.broker().topics().find("queue.q").isPresent());
  }

  @Test
  void creating_is_idempotent() {
    services.sns().createTopic(r -> r.name("orders").attributes(Map.of("DisplayName", "Orders")));

    assertEquals(ORDERS, services.topic("orders"));
    assertEquals(
        ORDERS,
        services
            .sns()
            .createTopic(
                r ->
                    r.name("orders")
                        .attributes(Map.of("DisplayName", "Orders", "FifoTopic", "false")))
            .topicArn());
    invalidParameter(
        "Attributes Reason: Topic already exists with different attributes",
        () ->
            services
                .sns()
                .createTopic(r -> r.name("orders").attributes(Map.of("DisplayName", "Other"))));
  }

  @Test
  void tags_given_at_creation_are_kept_and_compared() {
    Tag tag = Tag.builder().key("team").value("shop").build();
    services.sns().createTopic(r -> r.name("orders").tags(tag));
    services.restart();
    services.sns().createTopic(r -> r.name("orders").tags(tag));

    assertEquals(
        "shop",
        services.broker().topics().find("orders").orElseThrow().attributes().get("tag:team"));
    assertFalse(attributes(ORDERS).containsKey("tag:team"));
    invalidParameter(
        "Tags Reason: Topic already exists with different tags",
        () ->
            services
                .sns()
                .createTopic(
                    r -> r.name("orders").tags(tag, Tag.builder().key("x").value("y").build())));
    invalidParameter(
        "Duplicated keys are not allowed.",
        () -> services.sns().createTopic(r -> r.name("other").tags(tag, tag)));
    invalidParameter(
        "Tags", () -> services.sns().createTopic(r -> r.name("other").tags(Tag.builder().build())));
  }

  @Test
  void a_topic_has_at_most_fifty_tags() {
    List<Tag> tags = new ArrayList<>();
    for (int i = 0; i < 51; i++) {
      tags.add(Tag.builder().key("k" + i).value("v").build());
    }

    Refused.with(
        TagLimitExceededException.class,
        "TagLimitExceeded",
        400,
        "Could not complete request: tag quota of per resource exceeded",
        () -> services.sns().createTopic(r -> r.name("orders").tags(tags)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a.b", "ä", "orders.fifo", "a/b"})
  void a_name_is_legal(String name) {
    invalidParameter("Topic Name", () -> services.topic(name));
  }

  @Test
  void a_name_is_required_and_not_too_long() {
    services.topic("a".repeat(249));

    invalidParameter("Topic Name", () -> services.topic("a".repeat(257)));
    invalidParameter(
        "Name Reason: no value for required parameter", () -> services.sns().createTopic(r -> {}));
  }

  @Test
  void a_name_that_kafka_would_not_take_is_refused_with_the_reason() {
    services.broker().topics().create(NewTopic.named("a.b"));

    invalidParameter(
        "Topic Name Reason: Topic 'a_b' collides with existing topic: a.b",
        () -> services.topic("a_b"));
    AwsServiceException e =
        assertThrows(InvalidParameterException.class, () -> services.topic("a".repeat(250)));
    assertTrue(e.getMessage().startsWith("Invalid parameter: Topic Name Reason: "));
  }

  @Test
  void a_standard_topic_has_no_attributes_of_fifo_topics() {
    invalidParameter(
        "Attributes Reason: Unknown attribute ContentBasedDeduplication",
        () ->
            services
                .sns()
                .createTopic(
                    r -> r.name("x").attributes(Map.of("ContentBasedDeduplication", "true"))));
  }

  @Test
  void a_new_topic_has_amazon_s_defaults() {
    services.topic("orders");

    Map<String, String> attributes = attributes(ORDERS);
    assertEquals(ORDERS, attributes.get("TopicArn"));
    assertEquals("000000000000", attributes.get("Owner"));
    assertEquals("", attributes.get("DisplayName"));
    assertEquals("0", attributes.get("SubscriptionsConfirmed"));
    assertEquals("0", attributes.get("SubscriptionsPending"));
    assertEquals("0", attributes.get("SubscriptionsDeleted"));
    assertEquals(
        "{\"Version\":\"2008-10-17\",\"Id\":\"__default_policy_ID\",\"Statement\":[{\"Effect\":"
            + "\"Allow\",\"Sid\":\"__default_statement_ID\",\"Principal\":{\"AWS\":\"*\"},"
            + "\"Action\":[\"SNS:GetTopicAttributes\",\"SNS:SetTopicAttributes\","
            + "\"SNS:AddPermission\",\"SNS:RemovePermission\",\"SNS:DeleteTopic\","
            + "\"SNS:Subscribe\",\"SNS:ListSubscriptionsByTopic\",\"SNS:Publish\"],"
            + "\"Resource\":\""
            + ORDERS
            + "\",\"Condition\":{\"StringEquals\":{\"AWS:SourceOwner\":\"000000000000\"}}}]}",
        attributes.get("Policy"));
    assertEquals(
        "{\"http\":{\"defaultHealthyRetryPolicy\":{\"minDelayTarget\":20,\"maxDelayTarget\":20,"
            + "\"numRetries\":3,\"numMaxDelayRetries\":0,\"numNoDelayRetries\":0,"
            + "\"numMinDelayRetries\":0,\"backoffFunction\":\"linear\"},"
            + "\"disableSubscriptionOverrides\":false,\"defaultRequestPolicy\":"
            + "{\"headerContentType\":\"text/plain; charset=UTF-8\"}}}",
        attributes.get("EffectiveDeliveryPolicy"));
    assertNull(attributes.get("DeliveryPolicy"));
  }

  @ParameterizedTest
  @CsvSource({
    "DisplayName, Orders",
    "Policy, {}",
    "DeliveryPolicy, '{\"http\":{\"disableSubscriptionOverrides\":true}}'",
    "KmsMasterKeyId, key",
    "SignatureVersion, 2",
    "TracingConfig, Active",
    "SQSSuccessFeedbackSampleRate, 100"
  })
  void what_is_set_is_kept(String name, String value) {
    services.topic("orders");
    set(name, value);
    services.restart();

    assertEquals(value, attributes(ORDERS).get(name));
  }

  @Test
  void a_delivery_policy_is_returned_as_amazon_writes_it_and_completed() {
    services.topic("orders");
    set(
        "DeliveryPolicy",
        "{\"http\":{\"defaultHealthyRetryPolicy\":null,"
            + "\"defaultRequestPolicy\":{\"headerContentType\":\"application/json\"}}}");

    assertEquals(
        "{\"http\":{\"disableSubscriptionOverrides\":false,"
            + "\"defaultRequestPolicy\":{\"headerContentType\":\"application/json\"}}}",
        attributes(ORDERS).get("DeliveryPolicy"));
    assertEquals(
        "{\"http\":{\"defaultHealthyRetryPolicy\":{\"minDelayTarget\":20,\"maxDelayTarget\":20,"
            + "\"numRetries\":3,\"numMaxDelayRetries\":0,\"numNoDelayRetries\":0,"
            + "\"numMinDelayRetries\":0,\"backoffFunction\":\"linear\"},"
            + "\"disableSubscriptionOverrides\":false,\"defaultRequestPolicy\":"
            + "{\"headerContentType\":\"application/json\"}}}",
        attributes(ORDERS).get("EffectiveDeliveryPolicy"));
  }

  @Test
  void a_delivery_policy_that_is_none_is_refused_with_amazons_sentence() {
    services.topic("orders");
    String policy =
        "{\"http\":{\"defaultHealthyRetryPolicy\":"
            + "{\"minDelayTarget\":1,\"maxDelayTarget\":1,\"numRetries\":101}}}";
    String reason =
        "DeliveryPolicy: http.defaultHealthyRetryPolicy.numRetries must be less than or equal to"
            + " 100";

    invalidParameter(reason, () -> set("DeliveryPolicy", policy));
    invalidParameter(
        "Attributes Reason: " + reason,
        () ->
            services
                .sns()
                .createTopic(r -> r.name("x").attributes(Map.of("DeliveryPolicy", policy))));
  }

  @Test
  void setting_one_attribute_leaves_the_others() {
    services.topic("orders");
    set("DisplayName", "Orders");
    set("SignatureVersion", "2");
    set("DeliveryPolicy", "{}");
    services.sns().setTopicAttributes(r -> r.topicArn(ORDERS).attributeName("DeliveryPolicy"));

    assertEquals("Orders", attributes(ORDERS).get("DisplayName"));
    assertEquals("2", attributes(ORDERS).get("SignatureVersion"));
    assertFalse(attributes(ORDERS).containsKey("DeliveryPolicy"));
  }

  @ParameterizedTest
  @CsvSource({"Policy, no JSON", "Policy, []", "SignatureVersion, 3", "TracingConfig, On"})
  void an_illegal_value_is_refused(String name, String value) {
    services.topic("orders");

    invalidParameter(name, () -> set(name, value));
    invalidParameter(
        "Attributes Reason: " + name,
        () -> services.sns().createTopic(r -> r.name("x").attributes(Map.of(name, value))));
  }

  @Test
  void a_display_name_has_at_most_a_hundred_characters() {
    services.topic("orders");

    set("DisplayName", "x".repeat(100));
    invalidParameter("DisplayName", () -> set("DisplayName", "x".repeat(101)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"FifoTopic", "TopicArn", "Nonsense", "ArchivePolicy"})
  void an_attribute_that_cannot_be_set_is_refused(String name) {
    services.topic("orders");

    invalidParameter("AttributeName", () -> set(name, "x"));
  }

  @Test
  void an_attribute_to_set_is_named() {
    services.topic("orders");

    invalidParameter(
        "AttributeName Reason: no value for required parameter",
        () -> services.sns().setTopicAttributes(r -> r.topicArn(ORDERS)));
  }

  @Test
  void a_topic_that_is_not_there_is_not_found() {
    noTopic(() -> attributes(ORDERS));
    noTopic(() -> set("DisplayName", "x"));
    noTopic(() -> attributes("arn:aws:sns:us-east-1:123456789012:orders"));
  }

  @Test
  void a_malformed_arn_is_refused() {
    invalidParameter(
        "TopicArn Reason: An ARN must have at least 6 elements, not 1", () -> attributes("x"));
    invalidParameter(
        "TopicArn Reason: An ARN must have at least 6 elements, not 5",
        () -> attributes("arn:aws:sns:us-east-1:000000000000"));
    invalidParameter("TopicArn", () -> attributes("arn:aws:sqs:us-east-1:000000000000:orders"));
    invalidParameter("TopicArn", () -> attributes(ORDERS + ":more"));
    invalidParameter("TopicArn", () -> attributes("arn:aws:sns:us-east-1:000000000000:"));
    invalidParameter(
        "TopicArn Reason: no value for required parameter",
        () -> services.sns().getTopicAttributes(r -> {}));
  }

  @Test
  void deleting_is_idempotent() {
    services.topic("orders");

    services.sns().deleteTopic(r -> r.topicArn(ORDERS));
    services.sns().deleteTopic(r -> r.topicArn(ORDERS));

    noTopic(() -> attributes(ORDERS));
    assertEquals(List.of(), arns(services.sns().listTopics()));
  }

  @Test
  void topics_are_listed_a_hundred_at_a_time() {
    for (int i = 0; i < 205; i++) {
      services.topic("t" + (1000 + i));
    }
    ListTopicsResponse first = services.sns().listTopics();
    ListTopicsResponse second = services.sns().listTopics(r -> r.nextToken(first.nextToken()));
    ListTopicsResponse third = services.sns().listTopics(r -> r.nextToken(second.nextToken()));

    assertEquals(100, first.topics().size());
    assertTrue(arns(first).getFirst().endsWith(":t1000"));
    assertEquals(100, second.topics().size());
    assertEquals(5, third.topics().size());
    assertTrue(arns(third).getLast().endsWith(":t1204"));
    assertNull(third.nextToken());
    invalidParameter(
        "NextToken Reason: Not a token that was given out.",
        () -> services.sns().listTopics(r -> r.nextToken("?")));
  }

  private Map<String, String> attributes(String arn) {
    return services.sns().getTopicAttributes(r -> r.topicArn(arn)).attributes();
  }

  private void set(String name, String value) {
    services
        .sns()
        .setTopicAttributes(r -> r.topicArn(ORDERS).attributeName(name).attributeValue(value));
  }

  private static List<String> arns(ListTopicsResponse response) {
    return response.topics().stream().map(Topic::topicArn).toList();
  }

  private static void noTopic(Executable call) {
    Refused.with(NotFoundException.class, "NotFound", 404, "Topic does not exist", call);
  }
}
