package io.sluice.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.Topic;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/** One suite, several clients: what a user does with the SDK, in process and over HTTP. */
@ParameterizedClass
@EnumSource(Door.class)
class ClientsTest {

  private final Sluice sluice = Sluice.embedded();
  private final SqsClient sqs;
  private final SnsClient sns;

  ClientsTest(Door door) {
    sqs = door.sqs(sluice);
    sns = door.sns(sluice);
  }

  @AfterEach
  void close() {
    sqs.close();
    sns.close();
    sluice.close();
  }

  @Test
  void a_message_is_sent_received_and_deleted() {
    String queue = queue("orders");
    MessageAttributeValue colour =
        MessageAttributeValue.builder().dataType("String").stringValue("red").build();

    SendMessageResponse sent =
        sqs.sendMessage(
            r -> r.queueUrl(queue).messageBody("one").messageAttributes(Map.of("colour", colour)));
    Message received = receive(queue).getFirst();
    sqs.deleteMessage(r -> r.queueUrl(queue).receiptHandle(received.receiptHandle()));
    sluice.advance(Duration.ofSeconds(31));

    assertEquals(sent.messageId(), received.messageId());
    assertEquals("one", received.body());
    assertEquals(Map.of("colour", colour), received.messageAttributes());
    assertEquals(sent.md5OfMessageBody(), received.md5OfBody());
    assertEquals(List.of(), receive(queue));
  }

  @Test
  void clients_say_which_region_they_are_for() {
    assertEquals(Region.US_EAST_1, sqs.serviceClientConfiguration().region());
    assertEquals(Region.US_EAST_1, sns.serviceClientConfiguration().region());
  }

  @Test
  void time_can_be_moved_over_a_visibility_timeout() {
    String queue = queue("orders");
    sqs.sendMessage(r -> r.queueUrl(queue).messageBody("one"));
    Message first = receive(queue).getFirst();
    assertEquals(List.of(), receive(queue));

    sluice.advance(Duration.ofSeconds(30));

    assertEquals(first.messageId(), receive(queue).getFirst().messageId());
  }

  @Test
  void batches_have_an_outcome_for_each_entry() {
    String queue = queue("orders");
    sqs.sendMessageBatch(
        r ->
            r.queueUrl(queue)
                .entries(
                    IntStream.range(0, 10)
                        .mapToObj(
                            i ->
                                SendMessageBatchRequestEntry.builder()
                                    .id("m" + i)
                                    .messageBody("order " + i)
                                    .build())
                        .toList()));

    List<Message> messages = receive(queue);
    List<DeleteMessageBatchRequestEntry> entries =
        Stream.concat(messages.stream().map(Message::receiptHandle), Stream.of("no receipt handle"))
            .skip(1)
            .map(handle -> DeleteMessageBatchRequestEntry.builder().receiptHandle(handle))
            .map(entry -> entry.id("d" + System.identityHashCode(entry)).build())
            .toList();
    var deleted = sqs.deleteMessageBatch(r -> r.queueUrl(queue).entries(entries));

    assertEquals(10, messages.size());
    assertEquals(9, deleted.successful().size());
    assertEquals(entries.getLast().id(), deleted.failed().getFirst().id());
    assertTrue(deleted.failed().getFirst().senderFault());
  }

  @Test
  void a_topic_reaches_every_queue() {
    String topic = sns.createTopic(r -> r.name("orders")).topicArn();
    for (String name : List.of("dispatch", "audit")) {
      String arn =
          sqs.getQueueAttributes(
                  r -> r.queueUrl(queue(name)).attributeNames(QueueAttributeName.QUEUE_ARN))
              .attributes()
              .get(QueueAttributeName.QUEUE_ARN);
      sns.subscribe(
          r ->
              r.topicArn(topic)
                  .protocol("sqs")
                  .endpoint(arn)
                  .attributes(Map.of("RawMessageDelivery", "true")));
    }

    sns.publish(r -> r.topicArn(topic).message("first"));

    assertEquals("first", receive(queue("dispatch")).getFirst().body());
    assertEquals("first", receive(queue("audit")).getFirst().body());
  }

  @Test
  void paginators_walk_through_pages() {
    List<String> names = IntStream.range(0, 5).mapToObj(i -> "queue-" + i).toList();
    names.forEach(this::queue);
    IntStream.range(0, 101).forEach(i -> sns.createTopic(r -> r.name("topic-" + i)));

    List<String> found =
        sqs.listQueuesPaginator(r -> r.queueNamePrefix("queue-").maxResults(2)).stream()
            .flatMap(page -> page.queueUrls().stream())
            .map(url -> url.substring(url.lastIndexOf('/') + 1))
            .toList();

    assertEquals(names, found);
    assertEquals(101, sns.listTopicsPaginator().topics().stream().map(Topic::topicArn).count());
  }

  @Test
  void an_answer_carries_its_request_id_and_the_http_status() {
    SendMessageResponse sent = sqs.sendMessage(r -> r.queueUrl(queue("orders")).messageBody("one"));

    assertFalse(sent.responseMetadata().requestId().isEmpty());
    assertNotEquals("UNKNOWN", sent.responseMetadata().requestId());
    assertEquals(200, sent.sdkHttpResponse().statusCode());
  }

  private String queue(String name) {
    return sqs.createQueue(r -> r.queueName(name)).queueUrl();
  }

  private List<Message> receive(String queue) {
    return sqs.receiveMessage(
            r -> r.queueUrl(queue).maxNumberOfMessages(10).messageAttributeNames("All"))
        .messages();
  }
}
