package io.sluice.aws.sqs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sluice.aws.CallContext;
import io.sluice.aws.testing.Callers;
import io.sluice.aws.testing.EmbeddedServices;
import io.sluice.aws.testing.Refused;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.sqs.model.InvalidAttributeNameException;
import software.amazon.awssdk.services.sqs.model.InvalidAttributeValueException;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** GetQueueAttributes and SetQueueAttributes. */
class QueueAttributesTest {

  @RegisterExtension final EmbeddedServices services = new EmbeddedServices();
  private String queue;

  @BeforeEach
  void open() {
    queue = services.queue("orders");
  }

  @Test
  void a_new_queue_has_amazon_s_defaults() {
    String now = Long.toString(services.clock().instant().getEpochSecond());

    assertEquals(
        new TreeMap<>(
            Map.ofEntries(
                Map.entry("ApproximateNumberOfMessages", "0"),
                Map.entry("ApproximateNumberOfMessagesDelayed", "0"),
                Map.entry("ApproximateNumberOfMessagesNotVisible", "0"),
                Map.entry("CreatedTimestamp", now),
                Map.entry("DelaySeconds", "0"),
                Map.entry("LastModifiedTimestamp", now),
                Map.entry("MaximumMessageSize", "1048576"),
                Map.entry("MessageRetentionPeriod", "345600"),
                Map.entry("QueueArn", "arn:aws:sqs:us-east-1:000000000000:orders"),
                Map.entry("ReceiveMessageWaitTimeSeconds", "0"),
                Map.entry("SqsManagedSseEnabled", "true"),
                Map.entry("VisibilityTimeout", "30"))),
        new TreeMap<>(get("All")));
  }

  @Test
  void an_arn_has_the_region_of_its_caller() {
    CallContext caller = Callers.of("000000000000", "ap-south-1", "http://h");

    assertEquals(
        "arn:aws:sqs:ap-south-1:000000000000:orders",
        caller.run(() -> get("QueueArn").get("QueueArn")));
  }

  @Test
  void attributes_come_by_name() {
    assertEquals(Map.of(), get());
    assertEquals(
        Map.of("VisibilityTimeout", "30", "DelaySeconds", "0"),
        get("VisibilityTimeout", "DelaySeconds"));
    assertEquals(Map.of(), get("Policy", "RedrivePolicy"));
  }

  @Test
  void messages_are_counted() {
    for (int i = 0; i < 5; i++) {
      services.sqs().sendMessage(r -> r.queueUrl(queue).messageBody("x"));
    }
    services.sqs().receiveMessage(r -> r.queueUrl(queue).maxNumberOfMessages(2));

    Map<String, String> counts = get("All");
    assertEquals("3", counts.get("ApproximateNumberOfMessages"));
    assertEquals("2", counts.get("ApproximateNumberOfMessagesNotVisible"));
  }

  @Test
  void what_is_set_is_kept() {
    services.clock().advance(Duration.ofSeconds(5));
    String created = get("All").get("CreatedTimestamp");
    Map<String, String> changes =
        Map.of(
            "DelaySeconds", "900",
            "MaximumMessageSize", "1024",
            "MessageRetentionPeriod", "1209600",
            "ReceiveMessageWaitTimeSeconds", "20",
            "VisibilityTimeout", "0",
            "Policy", "{\"Statement\":[]}");
    set(changes);
    services.restart();

    Map<String, String> attributes = get("All");
    changes.forEach((name, value) -> assertEquals(value, attributes.get(name), name));
    assertEquals(created, attributes.get("CreatedTimestamp"));
    assertEquals(
        Long.toString(services.clock().instant().getEpochSecond()),
        attributes.get("LastModifiedTimestamp"));
  }

  @Test
  void setting_one_attribute_leaves_the_others() {
    set(Map.of("VisibilityTimeout", "7"));
    set(Map.of("DelaySeconds", "8"));

    assertEquals(
        Map.of("VisibilityTimeout", "7", "DelaySeconds", "8"),
        get("VisibilityTimeout", "DelaySeconds"));
  }

  @ParameterizedTest
  @CsvSource({
    "DelaySeconds, -1",
    "DelaySeconds, 901",
    "DelaySeconds, x",
    "DelaySeconds, ''",
    "MaximumMessageSize, 1023",
    "MaximumMessageSize, 1048577",
    "MessageRetentionPeriod, 59",
    "MessageRetentionPeriod, 1209601",
    "ReceiveMessageWaitTimeSeconds, -1",
    "ReceiveMessageWaitTimeSeconds, 21",
    "VisibilityTimeout, -1",
    "VisibilityTimeout, 43201",
    "VisibilityTimeout, 99999999999",
    "KmsDataKeyReusePeriodSeconds, 59",
    "KmsDataKeyReusePeriodSeconds, 86401",
    "SqsManagedSseEnabled, yes",
    "Policy, not JSON",
    "Policy, []",
    "Policy, '\"text\"'",
  })
  void a_value_out_of_range_is_refused(String name, String value) {
    Refused.with(
        InvalidAttributeValueException.class,
        "InvalidAttributeValue",
        400,
        "Invalid value for the parameter " + name + ".",
        () -> set(Map.of(name, value)));
  }

  @ParameterizedTest
  @CsvSource({"QueueArn", "Nonsense", "ContentBasedDeduplication", "FifoQueue", "All"})
  void an_attribute_that_cannot_be_set_is_refused(String name) {
    Refused.with(
        InvalidAttributeNameException.class,
        "InvalidAttributeName",
        400,
        "Unknown Attribute " + name + ".",
        () -> set(Map.of(name, "false")));
  }

  @Test
  void what_belongs_to_fifo_queues_is_refused() {
    for (String name : new String[] {"DeduplicationScope", "FifoThroughputLimit"}) {
      Refused.with(
          "InvalidAttributeName",
          "You can specify the " + name + " only when FifoQueue is set to true.",
          () -> set(Map.of(name, "queue")));
    }
    Refused.with(
        "InvalidAttributeName",
        "Unknown Attribute FifoQueue.",
        () -> set(Map.of("FifoQueue", "true")));
  }

  @Test
  void an_unknown_attribute_cannot_be_asked_for() {
    Refused.with(
        InvalidAttributeNameException.class,
        "InvalidAttributeName",
        400,
        "Unknown Attribute Nonsense.",
        () -> get("Nonsense"));
  }

  @Test
  void something_must_be_set() {
    Refused.with(
        SqsException.class,
        "MissingParameter",
        400,
        "The request must contain the parameter Attribute.Name.",
        () -> set(Map.of()));
  }

  @Test
  void nothing_is_kept_that_is_longer_than_it_can_be() {
    String spaces = " ".repeat(8_192);
    Map<String, String> tooLong =
        Map.of(
            "KmsMasterKeyId",
            "k".repeat(2_049),
            "RedrivePolicy",
            spaces
                + "{\"maxReceiveCount\":3,\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:orders\"}",
            "RedriveAllowPolicy",
            spaces + "{\"redrivePermission\":\"allowAll\"}");
    tooLong.forEach(
        (name, value) ->
            assertThrows(
                InvalidAttributeValueException.class, () -> set(Map.of(name, value)), name));
  }

  @Test
  void an_empty_policy_removes_it() {
    set(Map.of("Policy", "{}"));
    set(Map.of("Policy", ""));

    assertFalse(get("All").containsKey("Policy"));
  }

  @Test
  void a_policy_that_lets_one_topic_send_does_not_stop_the_owner() {
    set(
        Map.of(
            "Policy",
            """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow",
             "Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage",
             "Resource":"arn:aws:sqs:us-east-1:000000000000:orders","Condition":{"ArnEquals":
             {"aws:SourceArn":"arn:aws:sns:us-east-1:000000000000:orders"}}}]}\
            """));

    services.sqs().sendMessage(r -> r.queueUrl(queue).messageBody("mine"));
    assertEquals("mine", services.receiveOne(queue).body());
  }

  @Test
  void keys_for_encryption_are_kept_and_exclude_each_other() {
    set(Map.of("KmsMasterKeyId", "testKeyId", "KmsDataKeyReusePeriodSeconds", "6000"));
    assertEquals(
        Map.of(
            "KmsMasterKeyId", "testKeyId",
            "KmsDataKeyReusePeriodSeconds", "6000",
            "SqsManagedSseEnabled", "false"),
        get("KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds", "SqsManagedSseEnabled"));

    set(Map.of("KmsMasterKeyId", "", "KmsDataKeyReusePeriodSeconds", "300"));
    assertEquals(
        Map.of("SqsManagedSseEnabled", "false"),
        get("KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds", "SqsManagedSseEnabled"));

    set(Map.of("KmsMasterKeyId", "testKeyId"));
    set(Map.of("SqsManagedSseEnabled", "true"));
    assertEquals(
        Map.of("SqsManagedSseEnabled", "true"), get("KmsMasterKeyId", "SqsManagedSseEnabled"));

    Refused.with(
        InvalidAttributeNameException.class,
        "InvalidAttributeName",
        400,
        "You can use one type of server-side encryption (SSE) at one time. You can either enable"
            + " KMS SSE or SQS SSE.",
        () -> set(Map.of("KmsMasterKeyId", "testKeyId", "SqsManagedSseEnabled", "true")));
  }

  @Test
  void an_unknown_queue_has_no_attributes() {
    for (org.junit.jupiter.api.function.Executable call :
        new org.junit.jupiter.api.function.Executable[] {
          () -> services.sqs().getQueueAttributes(r -> r.queueUrl("nothing")),
          () -> services.sqs().setQueueAttributes(r -> r.queueUrl("nothing"))
        }) {
      Refused.with(
          QueueDoesNotExistException.class,
          "AWS.SimpleQueueService.NonExistentQueue",
          400,
          "The specified queue does not exist.",
          call);
    }
  }

  private Map<String, String> get(String... names) {
    return services
        .sqs()
        .getQueueAttributes(r -> r.queueUrl(queue).attributeNamesWithStrings(names))
        .attributesAsStrings();
  }

  private void set(Map<String, String> attributes) {
    services.sqs().setQueueAttributes(r -> r.queueUrl(queue).attributesWithStrings(attributes));
  }
}
