package io.sluice.aws.sqs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sluice.aws.testing.EmbeddedServices;
import io.sluice.aws.testing.Refused;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** TagQueue, UntagQueue and ListQueueTags, and the tag that rewinds. */
class QueueTaggingTest {

  @RegisterExtension final EmbeddedServices services = new EmbeddedServices();
  private String queue;

  @BeforeEach
  void open() {
    queue = services.queue("orders");
  }

  @Test
  void tags_are_added_replaced_removed_and_kept() {
    services.sqs().createQueue(r -> r.queueName("tagged").tags(Map.of("team", "shop")));
    assertEquals(Map.of("team", "shop"), tags("tagged"));

    tag(Map.of("a", "1", "b", ""));
    tag(Map.of("a", "2", "ä +-=._:/@", "x"));
    services.restart();
    assertEquals(Map.of("a", "2", "b", "", "ä +-=._:/@", "x"), tags("orders"));

    untag("a", "never there");
    assertEquals(Map.of("b", "", "ä +-=._:/@", "x"), tags("orders"));
    untag("b", "ä +-=._:/@");
    assertFalse(services.sqs().listQueueTags(r -> r.queueUrl(queue)).hasTags());
  }

  @Test
  void tags_are_no_attributes() {
    tag(Map.of("DelaySeconds", "x", "VisibilityTimeout", "y"));

    Map<QueueAttributeName, String> attributes =
        services
            .sqs()
            .getQueueAttributes(r -> r.queueUrl(queue).attributeNames(QueueAttributeName.ALL))
            .attributes();
    assertEquals("0", attributes.get(QueueAttributeName.DELAY_SECONDS));
    assertEquals("30", attributes.get(QueueAttributeName.VISIBILITY_TIMEOUT));
  }

  @Test
  void a_queue_has_fifty_tags() {
    Map<String, String> fifty = new HashMap<>();
    for (int i = 0; i < 50; i++) {
      fifty.put("k" + i, "v");
    }
    tag(fifty);
    tag(Map.of("k0", "other"));

    Refused.with(
        "InvalidParameterValue",
        "Too many tags added for queue orders.",
        () -> tag(Map.of("one more", "v")));
    assertEquals(50, tags("orders").size());
  }

  @Test
  void keys_and_values_have_limits() {
    String keys = "Tag keys must be between 1 and 128 characters in length.";
    tag(Map.of("k".repeat(128), "v".repeat(256)));

    refused(keys, Map.of("", "v"));
    refused(keys, Map.of("k".repeat(129), "v"));
    refused(
        "Tag values must be between 0 and 256 characters in length.", Map.of("k", "v".repeat(257)));
    refused("Tag keys must not start with aws:.", Map.of("aws:k", "v"));
    refused("Tag keys must not start with aws:.", Map.of("AWS:k", "v"));
    refused(
        "Tag keys can only contain letters, digits, spaces, and any of _.:/=+-@",
        Map.of("a*b", "v"));
    refused(
        "Tag values can only contain letters, digits, spaces, and any of _.:/=+-@",
        Map.of("k", "\n"));
    Refused.with("InvalidParameterValue", keys, () -> untag());
    Refused.with("InvalidParameterValue", keys, () -> untag("k".repeat(129)));
    Refused.with(
        "MissingParameter", "The request must contain the parameter Tags.", () -> tag(Map.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"earliest", "1999-01-01T00:00:00Z", "offset:0", "queue.orders-0:0"})
  void a_tag_brings_back_what_was_deleted_and_is_not_kept(String to) {
    send("one", "two");
    assertEquals(List.of("one", "two"), work());
    assertEquals(List.of(), work());

    tag(Map.of("sluice:rewind", to, "team", "shop"));

    assertEquals(List.of("one", "two"), work());
    assertEquals(Map.of("team", "shop"), tags("orders"));
  }

  @Test
  void a_tag_moves_to_an_offset_or_to_the_end() {
    send("one", "two", "three");
    assertEquals(3, work().size());

    tag(Map.of("sluice:rewind", "offset:2"));
    assertEquals(List.of("three"), work());
    tag(Map.of("sluice:rewind", "earliest"));
    tag(Map.of("sluice:rewind", "latest"));
    assertEquals(List.of(), work());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "yesterday", "offset:x", "offset:-1", "orders"})
  void a_tag_that_names_no_point_changes_nothing(String to) {
    send("one");
    assertEquals(1, work().size());

    refused(
        "Value "
            + to
            + " for parameter Tag.Value is invalid. Reason: The tag sluice:rewind must be earliest,"
            + " latest, an instant such as 2026-01-31T12:00:00Z, offset:N, or TOPIC-PARTITION:N.",
        Map.of("sluice:rewind", to, "team", "shop"));
    assertEquals(Map.of(), tags("orders"));
    assertEquals(List.of(), work());
  }

  @Test
  void a_tag_cannot_move_what_the_queue_does_not_read() {
    refused(
        "Value other-0:1 for parameter Tag.Value is invalid. Reason: The queue orders does not read"
            + " that partition.",
        Map.of("sluice:rewind", "other-0:1"));
  }

  private void refused(String message, Map<String, String> tags) {
    Refused.with("InvalidParameterValue", message, () -> tag(tags));
  }

  private void tag(Map<String, String> tags) {
    services.sqs().tagQueue(r -> r.queueUrl(queue).tags(tags));
  }

  private void untag(String... keys) {
    services.sqs().untagQueue(r -> r.queueUrl(queue).tagKeys(keys));
  }

  private Map<String, String> tags(String name) {
    return services.sqs().listQueueTags(r -> r.queueUrl(name)).tags();
  }

  private void send(String... bodies) {
    for (String body : bodies) {
      services.sqs().sendMessage(r -> r.queueUrl(queue).messageBody(body));
    }
  }

  /** Receives what there is now, and deletes it. */
  private List<String> work() {
    List<Message> messages =
        services.sqs().receiveMessage(r -> r.queueUrl(queue).maxNumberOfMessages(10)).messages();
    messages.forEach(
        message ->
            services
                .sqs()
                .deleteMessage(r -> r.queueUrl(queue).receiptHandle(message.receiptHandle())));
    return messages.stream().map(Message::body).toList();
  }
}
