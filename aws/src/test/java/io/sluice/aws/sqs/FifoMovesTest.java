package io.sluice.aws.sqs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.sluice.aws.testing.EmbeddedServices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.sqs.model.ListMessageMoveTasksResultEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/** FIFO queues with a dead-letter queue, which is one too, and tasks that move messages back. */
class FifoMovesTest {

  private static final Duration VISIBILITY = Duration.ofSeconds(30);

  @RegisterExtension final EmbeddedServices services = new EmbeddedServices();
  private String dead;
  private String orders;

  @BeforeEach
  void open() {
    dead = create("dead.fifo", Map.of());
    orders =
        create(
            "orders.fifo",
            Map.of(
                "RedrivePolicy",
                "{\"deadLetterTargetArn\":\""
                    + EmbeddedServices.queueArn("dead.fifo")
                    + "\",\"maxReceiveCount\":1}"));
  }

  @Test
  void each_group_keeps_its_order_on_both_ways() {
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      for (String group : List.of("a", "b", "c")) {
        send(orders, group, group + i, group + i);
        sent.add(group + i);
      }
    }
    for (int died = 0; died < sent.size(); ) {
      died += services.receive(orders).size();
      services.clock().advance(VISIBILITY);
    }
    services.receive(orders);
    move();

    List<String> moved = new ArrayList<>();
    List<Message> messages = services.receive(orders);
    while (!messages.isEmpty()) {
      messages.forEach(message -> moved.add(message.body()));
      messages.forEach(message -> delete(orders, message));
      messages = services.receive(orders);
    }
    for (String group : List.of("a", "b", "c")) {
      assertEquals(
          sent.stream().filter(body -> body.startsWith(group)).toList(),
          moved.stream().filter(body -> body.startsWith(group)).toList());
    }
  }

  @Test
  void what_is_moved_back_at_once_is_no_duplicate_of_itself() {
    send(orders, "a", "id", "one");
    die("one");
    move();

    assertEquals("one", services.receiveOne(orders).body());
    send(orders, "b", "id", "one again");
    assertEquals(List.of(), services.receive(orders), "it is one of the first that was sent");
  }

  /** Amazon's "Learn how to configure a dead-letter queue redrive in Amazon SQS". */
  @Test
  void a_dead_letter_s_deduplication_id_is_its_message_id() {
    send(orders, "a", "id", "one");
    Message first = die("one");
    services.clock().advance(Duration.ofMinutes(6));
    send(orders, "a", "id", "two");
    Message second = die("two");

    send(dead, "a", "id", "sent there");
    List<Message> letters = services.receive(dead);
    assertEquals(List.of("one", "two", "sent there"), letters.stream().map(Message::body).toList());
    assertEquals(
        List.of(first.messageId(), second.messageId(), "id"),
        letters.stream().map(FifoMovesTest::deduplicationId).toList());
  }

  @Test
  void what_was_moved_does_not_stand_in_the_way_of_what_is_sent_later() {
    send(orders, "a", "id", "one");
    die("one");
    services.clock().advance(Duration.ofMinutes(4));
    move();
    services.clock().advance(Duration.ofMinutes(1));
    services.restart();

    send(orders, "b", "id", "two");

    assertEquals(
        List.of("one", "two"), services.receive(orders).stream().map(Message::body).toList());
  }

  @Test
  void what_was_moved_is_new_and_has_an_id_for_whoever_looks() {
    send(orders, "a", "id", "one");
    Message before = die("one");
    move();

    Message after = services.receiveOne(orders);
    assertNotEquals(before.messageId(), after.messageId());
    assertEquals(after.messageId(), deduplicationId(after));
    assertEquals("a", after.attributes().get(MessageSystemAttributeName.MESSAGE_GROUP_ID));
    assertEquals("1", after.attributes().get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT));
  }

  @Test
  void what_is_purged_while_a_task_runs_is_neither_moved_nor_left() {
    String elsewhere = create("elsewhere.fifo", Map.of());
    for (int i = 0; i < 6; i++) {
      send(dead, "a", "id" + i, "m" + i);
    }
    services
        .sqs()
        .startMessageMoveTask(
            r ->
                r.sourceArn(EmbeddedServices.queueArn("dead.fifo"))
                    .destinationArn(EmbeddedServices.queueArn("elsewhere.fifo"))
                    .maxNumberOfMessagesPerSecond(1));
    await("RUNNING", 1);
    services.sqs().purgeQueue(r -> r.queueUrl(dead));

    ListMessageMoveTasksResultEntry task = await("COMPLETED", 1);
    services.clock().advance(Duration.ofMinutes(1));
    assertEquals(List.of(), services.receive(dead));
    List<String> moved = services.receive(elsewhere).stream().map(Message::body).toList();
    assertEquals(List.of("m0", "m1", "m2", "m3", "m4", "m5").subList(0, moved.size()), moved);
    assertEquals(task.approximateNumberOfMessagesMoved(), moved.size());
  }

  private String create(String name, Map<String, String> attributes) {
    Map<String, String> all = new HashMap<>(attributes);
    all.put("FifoQueue", "true");
    return services.sqs().createQueue(r -> r.queueName(name).attributesWithStrings(all)).queueUrl();
  }

  private void send(String queue, String group, String id, String body) {
    services
        .sqs()
        .sendMessage(
            r ->
                r.queueUrl(queue)
                    .messageBody(body)
                    .messageGroupId(group)
                    .messageDeduplicationId(id));
  }

  private void delete(String queue, Message message) {
    services.sqs().deleteMessage(r -> r.queueUrl(queue).receiptHandle(message.receiptHandle()));
  }

  /** Receives the one message of the queue, and then lets it be moved. */
  private Message die(String body) {
    Message message = services.receiveOne(orders);
    assertEquals(body, message.body());
    services.clock().advance(VISIBILITY);
    assertEquals(List.of(), services.peek(orders));
    return message;
  }

  private void move() {
    services.sqs().startMessageMoveTask(r -> r.sourceArn(EmbeddedServices.queueArn("dead.fifo")));
    await("COMPLETED", 1);
  }

  private ListMessageMoveTasksResultEntry await(String state, long moved) {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    ListMessageMoveTasksResultEntry task = latest();
    while (!(task.status().equals(state) && task.approximateNumberOfMessagesMoved() >= moved)
        && System.nanoTime() < end) {
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
      task = latest();
    }
    assertEquals(state, task.status(), task::toString);
    return task;
  }

  private ListMessageMoveTasksResultEntry latest() {
    return services
        .sqs()
        .listMessageMoveTasks(r -> r.sourceArn(EmbeddedServices.queueArn("dead.fifo")))
        .results()
        .getFirst();
  }

  private static String deduplicationId(Message message) {
    return message.attributes().get(MessageSystemAttributeName.MESSAGE_DEDUPLICATION_ID);
  }
}
