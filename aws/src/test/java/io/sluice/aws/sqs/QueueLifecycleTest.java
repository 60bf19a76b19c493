package io.sluice.aws.sqs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.sluice.aws.CallContext;
import io.sluice.aws.testing.Callers;
import io.sluice.aws.testing.EmbeddedServices;
import io.sluice.aws.testing.Refused;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sqs.model.InvalidAddressException;
import software.amazon.awssdk.services.sqs.model.InvalidAttributeValueException;
import software.amazon.awssdk.services.sqs.model.ListQueuesResponse;
import software.amazon.awssdk.services.sqs.model.PurgeQueueInProgressException;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.QueueNameExistsException;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** CreateQueue, DeleteQueue, GetQueueUrl, ListQueues and PurgeQueue. */
class QueueLifecycleTest {

  @RegisterExtension final EmbeddedServices services = new EmbeddedServices();

  @Test
  void a_queue_has_a_url_on_the_endpoint_that_was_called() {
    CallContext caller = Callers.of("000000000000", "eu-west-1", "http://sluice.example:4566");

    assertEquals(
        "http://sluice.example:4566/000000000000/orders",
        caller.run(() -> services.queue("orders")));
    assertEquals(
        "http://localhost:4566/000000000000/orders",
        services.sqs().getQueueUrl(r -> r.queueName("orders")).queueUrl());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost:4566/000000000000/orders",
        "https://sqs.us-east-1.amazonaws.com/000000000000/orders",
        "http://localhost:4566/queue/us-east-1/000000000000/orders",
        "http://localhost:4566/000000000000/orders/",
        "/000000000000/orders",
        "orders"
      })
  void only_the_end_of_a_url_counts(String url) {
    services.queue("orders");

    services.sqs().sendMessage(r -> r.queueUrl(url).messageBody("x"));
    assertEquals("x", services.receiveOne(url).body());
  }

  @Test
  void somebody_else_s_queue_does_not_exist() {
    services.queue("orders");

    assertNoQueue("http://localhost:4566/123456789012/orders");
    CallContext other = Callers.of("123456789012", "eu-west-1", "http://localhost");
    other.run(
        () ->
            services
                .sqs()
                .sendMessage(r -> r.queueUrl("http://h/123456789012/orders").messageBody("x")));
  }

  @Test
  void an_address_without_a_name_is_invalid() {
    Refused.with(
        InvalidAddressException.class,
        "InvalidAddress",
        404,
        "The address / is not valid for this endpoint.",
        () -> services.sqs().deleteQueue(r -> r.queueUrl("/")));
  }

  @Test
  void creating_is_idempotent() {
    String url = create("orders", Map.of("VisibilityTimeout", "45"));

    assertEquals(url, create("orders", Map.of()));
    assertEquals(url, create("orders", Map.of("VisibilityTimeout", "45")));
    assertEquals(url, create("orders", Map.of("DelaySeconds", "0")));
  }

  @Test
  void the_same_name_with_another_attribute_is_refused() {
    create("orders", Map.of("DelaySeconds", "1", "ReceiveMessageWaitTimeSeconds", "1"));

    Refused.with(
        QueueNameExistsException.class,
        "QueueAlreadyExists",
        400,
        "A queue already exists with the same name and a different value for attribute"
            + " DelaySeconds",
        () -> create("orders", Map.of("DelaySeconds", "2", "ReceiveMessageWaitTimeSeconds", "1")));
    Refused.with(
        "QueueAlreadyExists",
        "A queue already exists with the same name and a different value for attribute Policy",
        () -> create("orders", Map.of("Policy", "{}")));
  }

  @Test
  void a_queue_can_be_created_with_tags() {
    services.sqs().createQueue(r -> r.queueName("orders").tags(Map.of("team", "shop")));
    services.restart();
    services.sqs().createQueue(r -> r.queueName("orders").tags(Map.of("team", "shop")));

    assertEquals(
        "shop",
        services.broker().queues().find("orders").orElseThrow().attributes().get("tag:team"));
    assertNull(
        services
            .sqs()
            .getQueueAttributes(r -> r.queueUrl("orders").attributeNamesWithStrings("All"))
            .attributesAsStrings()
            .get("tag:team"));
  }

  @Test
  void tags_have_limits() {
    Map<String, String> many =
        IntStream.range(0, 51).boxed().collect(Collectors.toMap(i -> "k" + i, i -> "v"));

    Refused.with(
        "InvalidParameterValue",
        "Too many tags added for queue q.",
        () -> services.sqs().createQueue(r -> r.queueName("q").tags(many)));
    Refused.with(
        "InvalidParameterValue",
        "Tag values must be between 0 and 256 characters in length.",
        () -> services.sqs().createQueue(r -> r.queueName("q").tags(Map.of("k", "v".repeat(257)))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a.b", "ä", "a/b", "orders.fifo"})
  void a_name_is_legal(String name) {
    Refused.with(
        SqsException.class,
        "InvalidParameterValue",
        400,
        "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
        () -> create(name, Map.of()));
  }

  @Test
  void a_name_has_at_most_eighty_characters() {
    create("a".repeat(80), Map.of());

    Refused.with(
        "InvalidParameterValue",
        "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
        () -> create("a".repeat(81), Map.of()));
  }

  @Test
  void a_name_is_required() {
    String message = "The request must contain the parameter QueueName.";

    Refused.with("MissingParameter", message, () -> services.sqs().createQueue(r -> {}));
    Refused.with("MissingParameter", message, () -> services.sqs().getQueueUrl(r -> {}));
  }

  @Test
  void an_illegal_attribute_creates_no_queue() {
    Refused.with(
        InvalidAttributeValueException.class,
        "InvalidAttributeValue",
        400,
        "Invalid value for the parameter VisibilityTimeout.",
        () -> create("orders", Map.of("VisibilityTimeout", "43201")));

    assertNoQueue("orders");
  }

  @Test
  void queues_survive_a_restart() {
    create("orders", Map.of("VisibilityTimeout", "45"));
    services.sqs().sendMessage(r -> r.queueUrl("orders").messageBody("x"));

    services.restart();

    create("orders", Map.of("VisibilityTimeout", "45"));
    assertEquals("x", services.receiveOne("orders").body());
  }

  @Test
  void a_deleted_queue_is_gone() {
    String queue = services.queue("orders");
    services.sqs().sendMessage(r -> r.queueUrl(queue).messageBody("x"));

    services.sqs().deleteQueue(r -> r.queueUrl(queue));

    assertNoQueue(queue);
    assertEquals(List.of(), services.sqs().listQueues().queueUrls());
    Refused.with(
        "AWS.SimpleQueueService.NonExistentQueue",
        "The specified queue does not exist.",
        () -> services.sqs().deleteQueue(r -> r.queueUrl(queue)));
    Refused.with(
        "AWS.SimpleQueueService.NonExistentQueue",
        "The specified queue does not exist.",
        () -> services.sqs().getQueueUrl(r -> r.queueName("orders")));
    services.queue("orders");
    assertEquals(List.of(), services.peek(queue), "the new queue is another one");
  }

  @Test
  void queues_are_listed_by_prefix() {
    services.queue("orders");
    services.queue("audit");
    services.queue("orders-dead");

    assertEquals(List.of("audit", "orders", "orders-dead"), names(services.sqs().listQueues()));
    assertEquals(
        List.of("orders", "orders-dead"),
        names(services.sqs().listQueues(r -> r.queueNamePrefix("orders"))));
    assertEquals(List.of(), names(services.sqs().listQueues(r -> r.queueNamePrefix("x"))));
  }

  @Test
  void queues_are_listed_page_by_page() {
    for (int i = 0; i < 5; i++) {
      services.queue("q" + i);
    }
    ListQueuesResponse first = services.sqs().listQueues(r -> r.maxResults(2));
    ListQueuesResponse second =
        services.sqs().listQueues(r -> r.maxResults(2).nextToken(first.nextToken()));
    ListQueuesResponse third =
        services.sqs().listQueues(r -> r.maxResults(2).nextToken(second.nextToken()));

    assertEquals(List.of("q0", "q1"), names(first));
    assertEquals(List.of("q2", "q3"), names(second));
    assertEquals(List.of("q4"), names(third));
    assertNull(third.nextToken());
    assertEquals(
        5, services.sqs().listQueuesPaginator(r -> r.maxResults(2)).queueUrls().stream().count());
  }

  @Test
  void a_page_has_limits() {
    for (int results : List.of(0, 1001)) {
      Refused.with(
          "InvalidParameterValue",
          "Value "
              + results
              + " for parameter MaxResults is invalid. Reason: Must be between 1 and 1000, if"
              + " provided.",
          () -> services.sqs().listQueues(r -> r.maxResults(results)));
    }
    for (String token : List.of("?", "Lg==")) {
      Refused.with(
          "InvalidParameterValue",
          "Value "
              + token
              + " for parameter NextToken is invalid. Reason: Not a token that ListQueues gave"
              + " out.",
          () -> services.sqs().listQueues(r -> r.maxResults(1).nextToken(token)));
    }
  }

  @Test
  void a_purged_queue_is_empty() {
    String queue = services.queue("orders");
    services.sqs().sendMessage(r -> r.queueUrl(queue).messageBody("available"));
    services.sqs().sendMessage(r -> r.queueUrl(queue).messageBody("in flight"));
    services.sqs().receiveMessage(r -> r.queueUrl(queue));

    services.sqs().purgeQueue(r -> r.queueUrl(queue));

    services.clock().advance(Duration.ofSeconds(31));
    assertEquals(List.of(), services.peek(queue));
    services.sqs().sendMessage(r -> r.queueUrl(queue).messageBody("after"));
    assertEquals("after", services.receiveOne(queue).body());
  }

  @Test
  void a_queue_is_purged_once_a_minute() {
    String queue = services.queue("orders");
    String other = services.queue("other");
    services.sqs().purgeQueue(r -> r.queueUrl(queue));
    services.clock().advance(Duration.ofSeconds(59));

    Refused.with(
        PurgeQueueInProgressException.class,
        "AWS.SimpleQueueService.PurgeQueueInProgress",
        403,
        "Only one PurgeQueue operation on orders is allowed every 60 seconds.",
        () -> services.sqs().purgeQueue(r -> r.queueUrl(queue)));
    services.sqs().purgeQueue(r -> r.queueUrl(other));
    services.clock().advance(Duration.ofSeconds(1));
    services.sqs().purgeQueue(r -> r.queueUrl(queue));
  }

  @Test
  void only_an_existing_queue_can_be_purged() {
    Refused.with(
        "AWS.SimpleQueueService.NonExistentQueue",
        "The specified queue does not exist.",
        () -> services.sqs().purgeQueue(r -> r.queueUrl("nothing")));
  }

  private String create(String name, Map<String, String> attributes) {
    return services
        .sqs()
        .createQueue(r -> r.queueName(name).attributesWithStrings(attributes))
        .queueUrl();
  }

  private void assertNoQueue(String url) {
    Refused.with(
        QueueDoesNotExistException.class,
        "AWS.SimpleQueueService.NonExistentQueue",
        400,
        "The specified queue does not exist.",
        () -> services.sqs().receiveMessage(r -> r.queueUrl(url)));
  }

  private static List<String> names(ListQueuesResponse response) {
    return response.queueUrls().stream()
        .map(url -> url.substring(url.lastIndexOf('/') + 1))
        .toList();
  }
}
