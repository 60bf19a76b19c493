package io.sluice.aws.sns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.sluice.aws.testing.EmbeddedServices;
import io.sluice.aws.testing.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sns.model.ResourceNotFoundException;
import software.amazon.awssdk.services.sns.model.Tag;
import software.amazon.awssdk.services.sns.model.TagLimitExceededException;

/** What a topic has besides its attributes: tags, permissions, a data protection policy. */
final class TopicSettingsTest {

  private static final String NOWHERE = "arn:aws:sns:us-east-1:000000000000:nowhere";

  @RegisterExtension final EmbeddedServices services = new EmbeddedServices();
  private String topic;

  @BeforeEach
  void start() {
    topic = services.topic("orders");
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }

  private void tag(Tag... tags) {
    services.sns().tagResource(r -> r.resourceArn(topic).tags(tags));
  }

  private List<Tag> tags() {
    return services.sns().listTagsForResource(r -> r.resourceArn(topic)).tags();
  }

  private String policy() {
    return services.sns().getTopicAttributes(r -> r.topicArn(topic)).attributes().get("Policy");
  }

  private static void invalid(String what, Executable call) {
    Refused.with("InvalidParameter", "Invalid parameter: " + what, call);
  }

  private static void noTopic(Executable call) {
    Refused.with("NotFound", "Topic does not exist", call);
  }

  @Test
  void tags_are_kept_replaced_and_removed() {
    tag(tag("k1", "v1"), tag("k2", "v2"));
    tag(tag("k2", "v2b"), tag("k3", ""));
    services.sns().untagResource(r -> r.resourceArn(topic).tagKeys("k1", "unknown"));
    services.restart();

    assertEquals(List.of(tag("k2", "v2b"), tag("k3", "")), tags());
    assertNull(
        services.sns().getTopicAttributes(r -> r.topicArn(topic)).attributes().get("tag:k2"));
  }

  @Test
  void tags_of_a_creation_are_listed_and_go_with_the_topic() {
    String arn = services.sns().createTopic(r -> r.name("tagged").tags(tag("a", "1"))).topicArn();
    assertEquals(
        List.of(tag("a", "1")), services.sns().listTagsForResource(r -> r.resourceArn(arn)).tags());

    services.sns().deleteTopic(r -> r.topicArn(arn));
    services.sns().createTopic(r -> r.name("tagged").tags(tag("b", "2")));
    assertEquals(
        List.of(tag("b", "2")), services.sns().listTagsForResource(r -> r.resourceArn(arn)).tags());
    invalid(
        "Tags Reason: Topic already exists with different tags",
        () -> services.sns().createTopic(r -> r.name("tagged").tags(tag("b", "3"))));
  }

  @Test
  void a_tag_that_cannot_be_is_refused() {
    invalid("Duplicated keys are not allowed.", () -> tag(tag("k", "1"), tag("k", "2")));
    String key = "k".repeat(129);
    Refused.with(
        "ValidationError",
        "1 validation error detected: Value '"
            + key
            + "' at 'tags.1.member.key' failed to satisfy constraint: Member must have length less"
            + " than or equal to 128",
        () -> tag(tag(key, "v")));
    String value = "v".repeat(257);
    Refused.with(
        "ValidationError",
        "1 validation error detected: Value '"
            + value
            + "' at 'tags.2.member.value' failed to satisfy constraint: Member must have length"
            + " less than or equal to 256",
        () -> tag(tag("k", "v"), tag("l", value)));
    List<Tag> many = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      many.add(tag("k" + i, "v"));
    }
    tag(many.toArray(Tag[]::new));
    Refused.with(
        TagLimitExceededException.class,
        "TagLimitExceeded",
        400,
        "Could not complete request: tag quota of per resource exceeded",
        () -> tag(tag("one more", "v")));
    assertEquals(50, tags().size());
  }

  @Test
  void what_is_not_there_has_no_tags() {
    for (Executable call :
        List.<Executable>of(
            () -> services.sns().tagResource(r -> r.resourceArn(NOWHERE).tags(tag("k", "v"))),
            () -> services.sns().untagResource(r -> r.resourceArn(NOWHERE).tagKeys("k")),
            () -> services.sns().listTagsForResource(r -> r.resourceArn(NOWHERE)))) {
      Refused.with(
          ResourceNotFoundException.class,
          "ResourceNotFound",
          404,
          "Resource does not exist",
          call);
    }
    invalid(
        "ResourceArn Reason: no value for required parameter",
        () -> services.sns().listTagsForResource(r -> {}));
  }

  @Test
  void a_permission_is_a_statement_of_the_policy() {
    String before = policy();
    services
        .sns()
        .addPermission(
            r ->
                r.topicArn(topic)
                    .label("one")
                    .awsAccountIds("111111111111")
                    .actionNames("Publish"));
    services
        .sns()
        .addPermission(
            r ->
                r.topicArn(topic)
                    .label("two")
                    .awsAccountIds("111111111111", "222222222222")
                    .actionNames("Publish", "Subscribe"));
    services.restart();

    assertEquals(
        before.substring(0, before.length() - 2)
            + ",{\"Sid\":\"one\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":"
            + "\"arn:aws:iam::111111111111:root\"},\"Action\":\"SNS:Publish\",\"Resource\":\""
            + topic
            + "\"},{\"Sid\":\"two\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":["
            + "\"arn:aws:iam::111111111111:root\",\"arn:aws:iam::222222222222:root\"]},"
            + "\"Action\":[\"SNS:Publish\",\"SNS:Subscribe\"],\"Resource\":\""
            + topic
            + "\"}]}",
        policy());

    services.sns().removePermission(r -> r.topicArn(topic).label("one"));
    services.sns().removePermission(r -> r.topicArn(topic).label("two"));
    services.sns().removePermission(r -> r.topicArn(topic).label("unknown"));
    assertEquals(before, policy());
  }

  private void permit(String label, String account, String action) {
    services
        .sns()
        .addPermission(
            r -> r.topicArn(topic).label(label).awsAccountIds(account).actionNames(action));
  }

  @Test
  void a_permission_that_cannot_be_is_refused() {
    permit("one", "111111111111", "Publish");

    invalid("Statement already exists", () -> permit("one", "111111111111", "Subscribe"));
    invalid(
        "Policy statement action out of service scope!",
        () -> permit("two", "111111111111", "InvalidAction"));
    invalid("AWSAccountId", () -> permit("two", "11", "Publish"));
    invalid(
        "Label Reason: no value for required parameter",
        () -> permit("", "111111111111", "Publish"));
    invalid(
        "ActionName Reason: no value for required parameter",
        () ->
            services
                .sns()
                .addPermission(r -> r.topicArn(topic).label("two").awsAccountIds("111111111111")));
    noTopic(() -> services.sns().addPermission(r -> r.topicArn(NOWHERE).label("one")));
    noTopic(() -> services.sns().removePermission(r -> r.topicArn(NOWHERE).label("one")));
    invalid(
        "Label Reason: no value for required parameter",
        () -> services.sns().removePermission(r -> r.topicArn(topic)));
  }

  @Test
  void a_policy_is_about_sns() {
    String policy =
        "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":[\"sqs:SendMessage\"]}]}";

    invalid(
        "Policy statement action out of service scope!",
        () ->
            services
                .sns()
                .setTopicAttributes(
                    r -> r.topicArn(topic).attributeName("Policy").attributeValue(policy)));
    invalid(
        "Attributes Reason: Policy statement action out of service scope!",
        () -> services.sns().createTopic(r -> r.name("x").attributes(Map.of("Policy", policy))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"101", "-1", "x", "500"})
  void a_sample_rate_is_a_percentage(String rate) {
    invalid(
        "SQSSuccessFeedbackSampleRate: " + rate + " value provided is not an integer between 0-100",
        () ->
            services
                .sns()
                .setTopicAttributes(
                    r ->
                        r.topicArn(topic)
                            .attributeName("SQSSuccessFeedbackSampleRate")
                            .attributeValue(rate)));
  }

  @Test
  void a_data_protection_policy_is_kept_and_returned() {
    String policy =
        "{\"Name\":\"p\",\"Version\":\"2021-06-01\",\"Statement\":[{\"DataDirection\":\"Inbound\"}]}";
    assertNull(protection(topic));

    services.sns().putDataProtectionPolicy(r -> r.resourceArn(topic).dataProtectionPolicy(policy));
    services.restart();
    assertEquals(policy, protection(topic));
    assertNull(
        services
            .sns()
            .getTopicAttributes(r -> r.topicArn(topic))
            .attributes()
            .get("DataProtectionPolicy"));

    services.sns().putDataProtectionPolicy(r -> r.resourceArn(topic).dataProtectionPolicy(""));
    assertNull(protection(topic));
    String created =
        services
            .sns()
            .createTopic(r -> r.name("protected").dataProtectionPolicy(policy))
            .topicArn();
    assertEquals(policy, protection(created));
  }

  private String protection(String arn) {
    return services.sns().getDataProtectionPolicy(r -> r.resourceArn(arn)).dataProtectionPolicy();
  }

  @Test
  void a_data_protection_policy_that_is_none_is_refused() {
    String direction = "{\"Statement\":[{\"DataDirection\":\"Sideways\"}]}";
    invalid(
        "DataProtectionPolicy Reason: Statement DataDirection must be either Inbound or Outbound",
        () ->
            services
                .sns()
                .putDataProtectionPolicy(
                    r -> r.resourceArn(topic).dataProtectionPolicy(direction)));
    invalid(
        "DataProtectionPolicy Reason: Statement DataDirection must be either Inbound or Outbound",
        () -> services.sns().createTopic(r -> r.name("x").dataProtectionPolicy(direction)));
    invalid(
        "DataProtectionPolicy Reason: must be at most 30720 characters long",
        () ->
            services
                .sns()
                .putDataProtectionPolicy(
                    r -> r.resourceArn(topic).dataProtectionPolicy("x".repeat(30_721))));
    invalid(
        "DataProtectionPolicy Reason: no value for required parameter",
        () -> services.sns().putDataProtectionPolicy(r -> r.resourceArn(topic)));
    noTopic(() -> services.sns().getDataProtectionPolicy(r -> r.resourceArn(NOWHERE)));
  }
}
