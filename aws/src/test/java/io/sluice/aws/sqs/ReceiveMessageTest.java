package io.sluice.aws.sqs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.aws.CallContext;
import io.sluice.aws.testing.Callers;
import io.sluice.aws.testing.EmbeddedServices;
import io.sluice.aws.testing.Refused;
import io.sluice.broker.QueueSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sqs.model.InvalidAttributeNameException;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.OverLimitException;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

class ReceiveMessageTest {

  @RegisterExtension final EmbeddedServices services = new EmbeddedServices();
  private String queue;

  @BeforeEach
  void open() {
    queue = services.queue("orders");
  }

  @Test
  void one_message_is_received_unless_more_are_asked_for() {
    send("a");
    send("b");

    assertEquals(1, services.sqs().receiveMessage(r -> r.queueUrl(queue)).messages().size());
  }

  @Test
  void a_received_message_is_hidden_for_the_queue_s_visibility_timeout() {
    set(QueueAttributeName.VISIBILITY_TIMEOUT, "5");
    send("a");
    services.receiveOne(queue);

    services.clock().advance(Duration.ofSeconds(4));
    assertEquals(List.of(), services.peek(queue));
    services.clock().advance(Duration.ofSeconds(2));
    assertEquals("a", services.receiveOne(queue).body());
  }

  @Test
  void a_receive_may_name_its_own_visibility_timeout() {
    send("a");
    services.sqs().receiveMessage(r -> r.queueUrl(queue).visibilityTimeout(100));

    services.clock().advance(Duration.ofSeconds(99));
    assertEquals(List.of(), services.peek(queue));
    services.clock().advance(Duration.ofSeconds(2));
    assertEquals("a", services.receiveOne(queue).body());
  }

  @Test
  void a_receive_that_waits_gets_what_is_sent_meanwhile() throws InterruptedException {
    AtomicReference<List<Message>> received = new AtomicReference<>(List.of());
    CountDownLatch started = new CountDownLatch(1);
    Thread receiver =
        Thread.startVirtualThread(
            () -> {
              started.countDown();
              received.set(
                  services
                      .sqs()
                      .receiveMessage(r -> r.queueUrl(queue).waitTimeSeconds(20))
                      .messages());
            });
    started.await();
    send("a");
    receiver.join();

    assertEquals(List.of("a"), received.get().stream().map(Message::body).toList());
  }

  @Test
  void an_interrupted_receive_ends_empty_handed() throws InterruptedException {
    AtomicReference<List<Message>> received = new AtomicReference<>();
    AtomicReference<Boolean> interrupted = new AtomicReference<>(false);
    Thread receiver =
        Thread.startVirtualThread(
            () -> {
              received.set(
                  services
                      .sqs()
                      .receiveMessage(r -> r.queueUrl(queue).waitTimeSeconds(20))
                      .messages());
              interrupted.set(Thread.currentThread().isInterrupted());
            });
    receiver.interrupt();
    receiver.join();

    assertEquals(List.of(), received.get());
    assertTrue(interrupted.get());
  }

  @Test
  void a_receive_that_nobody_waits_for_leaves_the_messages_to_others() throws Exception {
    CompletableFuture<Void> abandoned = new CompletableFuture<>();
    CallContext caller = Callers.of("000000000000", "us-east-1", "http://h", abandoned);
    CompletableFuture<List<Message>> received = new CompletableFuture<>();
    Thread.startVirtualThread(
        () ->
            received.complete(
                caller.run(
                    () ->
                        services
                            .sqs()
                            .receiveMessage(r -> r.queueUrl(queue).waitTimeSeconds(20))
                            .messages())));
    abandoned.complete(null);

    assertEquals(List.of(), received.get());
    send("a");
    assertEquals("a", services.receiveOne(queue).body());
  }

  @Test
  void too_many_messages_in_flight_are_an_error_to_a_receive_that_does_not_wait() {
    limitInFlight(1);
    send("a");
    send("b");
    services.receiveOne(queue);

    Refused.with(
        OverLimitException.class,
        "OverLimit",
        403,
        "the queue has 1 messages in flight, its limit is 1",
        () -> services.sqs().receiveMessage(r -> r.queueUrl(queue).waitTimeSeconds(0)));
    assertEquals(
        List.of(),
        services.sqs().receiveMessage(r -> r.queueUrl(queue).waitTimeSeconds(1)).messages());
  }

  @Test
  void a_receive_that_waits_gets_a_message_when_another_is_deleted() {
    limitInFlight(1);
    send("a");
    send("b");
    Message first = services.receiveOne(queue);
    CompletableFuture<Message> second = new CompletableFuture<>();
    Thread.startVirtualThread(
        () ->
            second.complete(
                services
                    .sqs()
                    .receiveMessage(r -> r.queueUrl(queue).waitTimeSeconds(20))
                    .messages()
                    .getFirst()));

    services.sqs().deleteMessage(r -> r.queueUrl(queue).receiptHandle(first.receiptHandle()));

    assertEquals(Set.of("a", "b"), new TreeSet<>(List.of(first.body(), second.join().body())));
  }

  @Test
  void each_message_goes_to_one_worker() throws Exception {
    int messages = 600;
    Queue<String> received = new ConcurrentLinkedQueue<>();
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      workers.add(
          Thread.startVirtualThread(
              () -> {
                while (received.size() < messages) {
                  for (Message message :
                      services
                          .sqs()
                          .receiveMessage(
                              r -> r.queueUrl(queue).maxNumberOfMessages(7).waitTimeSeconds(1))
                          .messages()) {
                    received.add(message.body());
                    services
                        .sqs()
                        .deleteMessage(
                            r -> r.queueUrl(queue).receiptHandle(message.receiptHandle()));
                  }
                }
              }));
    }
    List<Thread> senders = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      int first = i;
      senders.add(
          Thread.startVirtualThread(
              () -> {
                for (int n = first; n < messages; n += 6) {
                  send("m" + n);
                }
              }));
    }
    for (Thread thread : senders) {
      thread.join();
    }
    for (Thread thread : workers) {
      thread.join();
    }

    assertEquals(messages, received.size());
    assertEquals(messages, new TreeSet<>(received).size());
    services.clock().advance(Duration.ofMinutes(1));
    assertEquals(List.of(), services.peek(queue));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 11, -1})
  void one_to_ten_messages_can_be_asked_for(int number) {
    Refused.with(
        "InvalidParameterValue",
        "Value "
            + number
            + " for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if"
            + " provided.",
        () -> services.sqs().receiveMessage(r -> r.queueUrl(queue).maxNumberOfMessages(number)));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 21})
  void a_receive_waits_at_most_twenty_seconds(int seconds) {
    Refused.with(
        "InvalidParameterValue",
        "Value "
            + seconds
            + " for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if"
            + " provided.",
        () -> services.sqs().receiveMessage(r -> r.queueUrl(queue).waitTimeSeconds(seconds)));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 43_201})
  void a_message_is_hidden_at_most_twelve_hours(int seconds) {
    Refused.with(
        "InvalidParameterValue",
        "Value "
            + seconds
            + " for parameter VisibilityTimeout is invalid. Reason: Must be >= 0 and <= 43200, if"
            + " provided.",
        () -> services.sqs().receiveMessage(r -> r.queueUrl(queue).visibilityTimeout(seconds)));
  }

  @Test
  void an_unknown_queue_does_not_exist() {
    Refused.with(
        QueueDoesNotExistException.class,
        "AWS.SimpleQueueService.NonExistentQueue",
        400,
        "The specified queue does not exist.",
        () -> services.sqs().receiveMessage(r -> r.queueUrl("nothing")));
  }

  @Test
  void message_attributes_come_when_they_are_asked_for() {
    services
        .sqs()
        .sendMessage(
            r ->
                r.queueUrl(queue)
                    .messageBody("msg")
                    .messageAttributes(
                        Map.of(
                            "Help.Me", string("Me"),
                            "Hello", string("There"),
                            "General", string("Kenobi"))));

    assertEquals(Set.of(), names());
    assertEquals(Set.of("General", "Hello", "Help.Me"), names("All"));
    assertEquals(Set.of("General", "Hello", "Help.Me"), names("*"));
    assertEquals(Set.of("General", "Hello", "Help.Me"), names(".*"));
    assertEquals(Set.of(), names("Foo", "Help"));
    assertEquals(Set.of("General", "Hello"), names("Hello", "General"));
    assertEquals(Set.of("Hello"), names("Foo", "Hello"));
    assertEquals(Set.of("Hello", "Help.Me"), names("Hel.*"));
    assertEquals(Set.of(), names("AWS.", "..foo"));
  }

  @Test
  void the_digest_covers_the_attributes_that_came() {
    services
        .sqs()
        .sendMessage(
            r ->
                r.queueUrl(queue)
                    .messageBody("msg")
                    .messageAttributes(Map.of("Hello", string("There"), "x", string("y"))));
    Message message =
        services
            .sqs()
            .receiveMessage(r -> r.queueUrl(queue).messageAttributeNames("Hello"))
            .messages()
            .getFirst();

    assertEquals("a311262e065454b75da111d535b8dacd", message.md5OfMessageAttributes());
  }

  @Test
  void system_attributes_come_when_they_are_asked_for() {
    set(QueueAttributeName.VISIBILITY_TIMEOUT, "0");
    send("a");

    assertEquals(Set.of(), systemAttributes(List.of(), List.of()));
    Set<String> all =
        Set.of(
            "SenderId",
            "SentTimestamp",
            "ApproximateReceiveCount",
            "ApproximateFirstReceiveTimestamp");
    assertEquals(all, systemAttributes(List.of("All"), List.of()));
    assertEquals(all, systemAttributes(List.of(), List.of("All")));
    assertEquals(
        Set.of("SenderId", "SentTimestamp"),
        systemAttributes(List.of("SenderId"), List.of("SentTimestamp")));
    assertEquals(
        Set.of("SenderId"), systemAttributes(List.of("SenderId", "SequenceNumber"), List.of()));
    assertEquals(Set.of(), systemAttributes(List.of("Policy"), List.of()));
  }

  @Test
  void an_unknown_system_attribute_is_refused() {
    Refused.with(
        InvalidAttributeNameException.class,
        "InvalidAttributeName",
        400,
        "Unknown Attribute Nonsense.",
        () -> systemAttributes(List.of(), List.of("Nonsense")));
  }

  @Test
  void the_first_receive_is_remembered() {
    send("a");
    long first = services.clock().instant().toEpochMilli();
    services.receiveOne(queue);
    services.clock().advance(Duration.ofSeconds(31));
    Map<String, String> attributes = services.receiveOne(queue).attributesAsStrings();

    assertEquals(Long.toString(first), attributes.get("ApproximateFirstReceiveTimestamp"));
    assertEquals("2", attributes.get("ApproximateReceiveCount"));
  }

  private Set<String> names(String... asked) {
    set(QueueAttributeName.VISIBILITY_TIMEOUT, "0");
    return new TreeSet<>(
        services
            .sqs()
            .receiveMessage(r -> r.queueUrl(queue).waitTimeSeconds(1).messageAttributeNames(asked))
            .messages()
            .getFirst()
            .messageAttributes()
            .keySet());
  }

  @SuppressWarnings("deprecation") // older clients still use the first list
  private Set<String> systemAttributes(List<String> asked, List<String> askedBySystemName) {
    return services
        .sqs()
        .receiveMessage(
            r ->
                r.queueUrl(queue)
                    .waitTimeSeconds(1)
                    .attributeNamesWithStrings(asked)
                    .messageSystemAttributeNamesWithStrings(askedBySystemName))
        .messages()
        .getFirst()
        .attributesAsStrings()
        .keySet();
  }

  private void limitInFlight(int messages) {
    io.sluice.broker.Queue broker = services.broker().queues().find("orders").orElseThrow();
    broker.alter(
        broker.attributes(),
        new QueueSettings(
            broker.settings().retention(), broker.settings().maxMessageBytes(), messages));
  }

  private void set(QueueAttributeName name, String value) {
    services.sqs().setQueueAttributes(r -> r.queueUrl(queue).attributes(Map.of(name, value)));
  }

  private void send(String body) {
    services.sqs().sendMessage(r -> r.queueUrl(queue).messageBody(body));
  }

  private static MessageAttributeValue string(String text) {
    return MessageAttributeValue.builder().dataType("String").stringValue(text).build();
  }
}
