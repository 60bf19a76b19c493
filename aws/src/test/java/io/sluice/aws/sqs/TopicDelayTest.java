package io.sluice.aws.sqs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.aws.testing.EmbeddedServices;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * A standard queue's {@code DelaySeconds} counts for what a topic brings too: to SQS a delivery is
 * a message sent without a delay of its own (Amazon's "Amazon SQS delay queues").
 */
class TopicDelayTest {

  @RegisterExtension final EmbeddedServices services = new EmbeddedServices();
  private String topic;
  private String queue;

  @BeforeEach
  void open() {
    topic = services.topic("orders");
    queue =
        services
            .sqs()
            .createQueue(
                r ->
                    r.queueName("dispatch")
                        .attributes(Map.of(QueueAttributeName.DELAY_SECONDS, "10")))
            .queueUrl();
    subscribe(Map.of("RawMessageDelivery", "true"));
  }

  @Test
  void a_published_message_is_hidden_until_the_delay_is_over() {
    publish("one");

    assertEquals(List.of(), bodies());
    assertEquals("1", count(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED));
    assertEquals("0", count(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES));
    services.clock().advance(Duration.ofSeconds(9));
    assertEquals(List.of(), bodies());
    services.clock().advance(Duration.ofSeconds(1));
    assertEquals(List.of("one"), bodies());
    assertEquals("0", count(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED));
  }

  @Test
  void what_is_sent_with_its_own_delay_does_not_wait_for_what_was_published() {
    publish("published");
    services.sqs().sendMessage(r -> r.queueUrl(queue).messageBody("sent at once").delaySeconds(0));

    assertEquals(List.of("sent at once"), bodies());
    services.clock().advance(Duration.ofSeconds(10));
    assertEquals(List.of("published"), bodies());
  }

  @Test
  void a_message_waits_once_although_it_is_received_again_after_a_restart() {
    publish("one");
    services.clock().advance(Duration.ofSeconds(5));
    services.restart();
    assertEquals(List.of(), bodies());
    services.clock().advance(Duration.ofSeconds(5));
    assertEquals(List.of("one"), bodies());

    services.clock().advance(Duration.ofSeconds(30));
    assertEquals(List.of("one"), bodies());
  }

  @Test
  void a_change_of_the_delay_does_not_touch_what_is_in_the_queue() {
    publish("ten");
    services.clock().advance(Duration.ofSeconds(1));
    delay("0");
    publish("none");
    assertEquals(List.of("none"), bodies());
    delay("20");
    services.clock().advance(Duration.ofSeconds(1));
    publish("twenty");

    services.clock().advance(Duration.ofSeconds(8));
    assertEquals(List.of("ten"), bodies());
    services.clock().advance(Duration.ofSeconds(12));
    assertEquals(List.of("twenty"), bodies());
  }

  private void delay(String seconds) {
    services
        .sqs()
        .setQueueAttributes(
            r -> r.queueUrl(queue).attributes(Map.of(QueueAttributeName.DELAY_SECONDS, seconds)));
  }

  @Test
  void of_a_filtered_subscription_what_matches_is_delayed() {
    String filtered =
        services
            .sqs()
            .createQueue(
                r ->
                    r.queueName("filtered")
                        .attributes(Map.of(QueueAttributeName.DELAY_SECONDS, "10")))
            .queueUrl();
    services.subscribe(
        topic,
        "filtered",
        Map.of(
            "RawMessageDelivery", "true",
            "FilterPolicyScope", "MessageBody",
            "FilterPolicy", "{\"n\":[1]}"));
    publish("{\"n\":1}");
    publish("{\"n\":2}");

    assertEquals(List.of(), services.receive(filtered));
    services.clock().advance(Duration.ofSeconds(10));
    assertEquals("{\"n\":1}", services.receiveOne(filtered).body());
  }

  private void subscribe(Map<String, String> attributes) {
    services.subscribe(topic, "dispatch", attributes);
  }

  private void publish(String message) {
    services.sns().publish(r -> r.topicArn(topic).message(message));
  }

  private List<String> bodies() {
    return services.receiveNow(queue);
  }

  private String count(QueueAttributeName name) {
    return services
        .sqs()
        .getQueueAttributes(r -> r.queueUrl(queue).attributeNames(name))
        .attributes()
        .get(name);
  }
}
