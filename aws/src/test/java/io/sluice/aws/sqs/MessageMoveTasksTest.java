package io.sluice.aws.sqs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.aws.testing.EmbeddedServices;
import io.sluice.aws.testing.Refused;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.sqs.model.ListMessageMoveTasksResultEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.ResourceNotFoundException;

/** StartMessageMoveTask, ListMessageMoveTasks and CancelMessageMoveTask. */
class MessageMoveTasksTest {

  private static final String DEAD_ARN = EmbeddedServices.queueArn("dead");

  @RegisterExtension final EmbeddedServices services = new EmbeddedServices();
  private String dead;

  @BeforeEach
  void open() {
    dead = services.queue("dead");
    source("orders");
    source("others");
  }

  @Test
  void messages_go_back_to_where_they_came_from_as_new_ones() {
    Message one = die("orders", "one");
    die("others", "two");
    start(null, null);

    ListMessageMoveTasksResultEntry task = awaitState("COMPLETED");
    assertEquals(2, task.approximateNumberOfMessagesMoved());
    assertEquals(2, task.approximateNumberOfMessagesToMove());
    assertEquals(DEAD_ARN, task.sourceArn());
    assertNull(task.destinationArn());
    assertNull(task.taskHandle());
    assertNull(task.maxNumberOfMessagesPerSecond());
    assertEquals(List.of(), services.receive(dead));
    Message again = services.receiveOne("orders");
    assertEquals("one", again.body());
    assertNotEquals(one.messageId(), again.messageId());
    assertEquals("1", again.attributes().get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT));
    assertFalse(
        again.attributes().containsKey(MessageSystemAttributeName.DEAD_LETTER_QUEUE_SOURCE_ARN));
    assertEquals("two", services.receiveOne("others").body());
  }

  @Test
  void messages_can_go_elsewhere() {
    services.queue("elsewhere");
    die("orders", "one");
    services.sqs().sendMessage(r -> r.queueUrl(dead).messageBody("direct"));
    start(EmbeddedServices.queueArn("elsewhere"), 500);

    ListMessageMoveTasksResultEntry task = awaitState("COMPLETED");
    assertEquals(EmbeddedServices.queueArn("elsewhere"), task.destinationArn());
    assertEquals(500, task.maxNumberOfMessagesPerSecond());
    assertEquals(List.of("direct", "one"), bodies("elsewhere"));
  }

  @Test
  void a_notification_stays_one_on_its_way_back() {
    String topic = services.topic("news");
    services
        .sns()
        .subscribe(
            r -> r.topicArn(topic).protocol("sqs").endpoint(EmbeddedServices.queueArn("orders")));
    services.sns().publish(r -> r.topicArn(topic).message("hello"));
    Message before = fail("orders");
    assertEquals(1, services.receive(dead).size());
    services.clock().advance(Duration.ofSeconds(30));
    start(null, null);
    awaitState("COMPLETED");

    assertEquals(before.body(), services.receiveOne("orders").body());
  }

  @Test
  void a_running_task_is_listed_with_its_handle_and_can_be_cancelled() {
    for (int i = 0; i < 5; i++) {
      services.sqs().sendMessage(r -> r.queueUrl(dead).messageBody("m"));
    }
    String elsewhere = EmbeddedServices.queueArn(name(services.queue("elsewhere")));
    String handle = start(elsewhere, 1);

    ListMessageMoveTasksResultEntry running = latest();
    assertEquals("RUNNING", running.status());
    assertEquals(handle, running.taskHandle());
    Refused.with(
        "InvalidParameterValue",
        "There is already a task running. Only one active task is allowed for a source queue arn"
            + " at a given time.",
        () -> start(elsewhere, 1));
    services.sqs().cancelMessageMoveTask(r -> r.taskHandle(handle));
    ListMessageMoveTasksResultEntry cancelled = awaitState("CANCELLED");
    assertTrue(cancelled.approximateNumberOfMessagesMoved() < 5);
    assertNull(cancelled.taskHandle());
    Refused.with(
        "InvalidParameterValue",
        "Only active tasks can be cancelled.",
        () -> services.sqs().cancelMessageMoveTask(r -> r.taskHandle(handle)));
  }

  @Test
  void a_task_goes_on_after_a_restart() {
    for (int i = 0; i < 3; i++) {
      services.sqs().sendMessage(r -> r.queueUrl(dead).messageBody("m"));
    }
    services.queue("elsewhere");
    start(EmbeddedServices.queueArn("elsewhere"), 1);
    services.restart();

    ListMessageMoveTasksResultEntry task = awaitState("COMPLETED");
    assertEquals(3, task.approximateNumberOfMessagesToMove());
    assertEquals(List.of("m", "m", "m"), bodies("elsewhere"));
    assertEquals(List.of(), bodies("dead"));
  }

  @Test
  void a_task_fails_without_a_destination() {
    die("orders", "one");
    services.sqs().deleteQueue(r -> r.queueUrl("orders"));
    start(null, null);

    assertEquals("AWS.SimpleQueueService.NonExistentQueue", awaitState("FAILED").failureReason());
    assertEquals(List.of("one"), bodies("dead"), "it is still there");
  }

  @Test
  void a_task_fails_when_nothing_says_where_a_message_came_from() {
    services.sqs().sendMessage(r -> r.queueUrl(dead).messageBody("direct"));
    start(null, null);

    assertEquals("CouldNotDetermineMessageSource", awaitState("FAILED").failureReason());
    assertEquals(List.of("direct"), bodies("dead"));
  }

  @Test
  void the_latest_ten_tasks_are_remembered() {
    for (int i = 0; i < 12; i++) {
      start(null, null);
      awaitState("COMPLETED");
    }

    assertEquals(1, list(null).size(), "one unless more are asked for");
    List<ListMessageMoveTasksResultEntry> all = list(10);
    assertEquals(10, all.size());
    List<Long> started = all.stream().map(entry -> entry.startedTimestamp()).toList();
    assertEquals(new ArrayList<>(new TreeSet<>(started).descendingSet()), started);
  }

  @Test
  void what_cannot_be_moved_is_refused() {
    Refused.with(
        "InvalidParameterValue",
        "Source queue must be configured as a Dead Letter Queue.",
        () -> services.sqs().startMessageMoveTask(r -> r.sourceArn(arn("orders"))));
    for (String parameter : List.of("SourceArn", "DestinationArn")) {
      boolean isSource = parameter.equals("SourceArn");
      Refused.with(
          ResourceNotFoundException.class,
          "ResourceNotFoundException",
          404,
          "The resource that you specified for the " + parameter + " parameter doesn't exist.",
          () ->
              services
                  .sqs()
                  .startMessageMoveTask(
                      r ->
                          r.sourceArn(isSource ? arn("nothing") : DEAD_ARN)
                              .destinationArn(isSource ? null : arn("nothing"))));
      Refused.with(
          "InvalidParameterValue",
          "You must use this format to specify the "
              + parameter
              + ": arn:<partition>:<service>:<region>:<account-id>:<resource-id>",
          () ->
              services
                  .sqs()
                  .startMessageMoveTask(
                      r ->
                          r.sourceArn(isSource ? "dead" : DEAD_ARN)
                              .destinationArn(isSource ? null : "dead")));
    }
    for (int perSecond : new int[] {0, 501}) {
      Refused.with(
          "InvalidParameterValue",
          "Value "
              + perSecond
              + " for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: Must be between 1"
              + " and 500, if provided.",
          () -> start(null, perSecond));
    }
  }

  @Test
  void a_handle_is_of_a_task() {
    for (String handle : List.of("x", "?", base64("no colon"), base64("a b:" + DEAD_ARN))) {
      Refused.with(
          "InvalidParameterValue",
          "Value for parameter TaskHandle is invalid.",
          () -> services.sqs().cancelMessageMoveTask(r -> r.taskHandle(handle)));
    }
    String id = "AAAAAAAAAAEAAAAAAAAAAQ:";
    Refused.with(
        "ResourceNotFoundException",
        "Task does not exist.",
        () -> services.sqs().cancelMessageMoveTask(r -> r.taskHandle(base64(id + DEAD_ARN))));
    Refused.with(
        "ResourceNotFoundException",
        "The resource that you specified for the SourceArn parameter doesn't exist.",
        () -> services.sqs().cancelMessageMoveTask(r -> r.taskHandle(base64(id + arn("nothing")))));
  }

  private static String base64(String text) {
    return Base64.getEncoder()
        .encodeToString(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static String arn(String name) {
    return EmbeddedServices.queueArn(name);
  }

  private static String name(String url) {
    return url.substring(url.lastIndexOf('/') + 1);
  }

  private void source(String name) {
    services
        .sqs()
        .createQueue(
            r ->
                r.queueName(name)
                    .attributesWithStrings(
                        Map.of(
                            "RedrivePolicy",
                            "{\"deadLetterTargetArn\":\""
                                + DEAD_ARN
                                + "\",\"maxReceiveCount\":1}")));
  }

  private Message die(String queue, String body) {
    services.sqs().sendMessage(r -> r.queueUrl(queue).messageBody(body));
    return fail(queue);
  }

  /** Receives the one message of a queue, and then lets it be moved. */
  private Message fail(String queue) {
    Message message = services.receiveOne(queue);
    services.clock().advance(Duration.ofSeconds(30));
    assertEquals(List.of(), services.peek(queue));
    return message;
  }

  private String start(String destination, Integer perSecond) {
    return services
        .sqs()
        .startMessageMoveTask(
            r ->
                r.sourceArn(DEAD_ARN)
                    .destinationArn(destination)
                    .maxNumberOfMessagesPerSecond(perSecond))
        .taskHandle();
  }

  private List<ListMessageMoveTasksResultEntry> list(Integer max) {
    return services
        .sqs()
        .listMessageMoveTasks(r -> r.sourceArn(DEAD_ARN).maxResults(max))
        .results();
  }

  private ListMessageMoveTasksResultEntry latest() {
    return list(null).getFirst();
  }

  private ListMessageMoveTasksResultEntry awaitState(String state) {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    ListMessageMoveTasksResultEntry task = latest();
    while (!task.status().toString().equals(state) && System.nanoTime() < end) {
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
      task = latest();
    }
    assertEquals(state, task.status());
    return task;
  }

  /** What a queue has, later on, in the order of the alphabet. */
  private List<String> bodies(String queue) {
    services.clock().advance(Duration.ofHours(1));
    return services.receive(queue).stream().map(Message::body).sorted().toList();
  }
}
