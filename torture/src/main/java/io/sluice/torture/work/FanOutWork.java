package io.sluice.torture.work;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.torture.history.Findings;
import io.sluice.torture.history.MessageHistory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.internals.RecordHeader;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sns.model.PublishBatchResponse;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Publishes to a topic through SNS and Kafka, with two queues that are subscribed to it: one gets
 * everything, the other what its filter policy lets through.
 */
final class FanOutWork implements Work {

  private static final String TOPIC = "events";
  private static final String KIND = "kind";
  private static final String WANTED = "wanted";
  private static final int MOST_OUTSTANDING = 400;
  private static final int MOST_AT_ONCE = 10;

  private final SqsClient sqs;
  private final SnsClient sns;
  private final KafkaProducer<String, String> producer;
  private final String topicArn;
  private final MessageHistory all;
  private final MessageHistory wanted;
  private final Consuming consumingAll;
  private final Consuming consumingWanted;
  private final Bodies bodies = new Bodies("e");

  FanOutWork(Doors doors, Findings findings) {
    sqs = doors.sqs();
    sns = doors.sns();
    producer = doors.producer(Map.of());
    topicArn = sns.createTopic(request -> request.name(TOPIC)).topicArn();
    QueueClient everything = subscribed("events-all", Map.of());
    QueueClient filtered =
        subscribed("events-wanted", Map.of("FilterPolicy", "{\"kind\":[\"wanted\"]}"));
    all = new MessageHistory(everything.name(), findings);
    wanted = new MessageHistory(filtered.name(), findings);
    consumingAll = new Consuming(sqs, everything, all);
    consumingWanted = new Consuming(sqs, filtered, wanted);
  }

  private QueueClient subscribed(String name, Map<String, String> filter) {
    QueueClient queue = new QueueClient(sqs, name, Map.of());
    Map<String, String> attributes = new HashMap<>(filter);
    attributes.put("RawMessageDelivery", "true");
    sns.subscribe(
        request ->
            request
                .topicArn(topicArn)
                .protocol("sqs")
                .endpoint(queue.arn())
                .attributes(attributes));
    return queue;
  }

  @Override
  public List<Activity> activities() {
    return List.of(
        new Activity("publish to a topic", this::publish),
        new Activity("produce to a topic with subscriptions", this::produce),
        new Activity("receive from a subscription", consumingAll::step),
        new Activity("receive from a subscription with a filter", consumingWanted::step));
  }

  private boolean isFull() {
    return all.outstanding() > MOST_OUTSTANDING || wanted.outstanding() > MOST_OUTSTANDING;
  }

  private record Event(String name, String kind) {}

  private Event sending(Random random) {
    Event event = new Event(bodies.name(), random.nextBoolean() ? WANTED : "other");
    all.sending(event.name());
    if (event.kind().equals(WANTED)) {
      wanted.sending(event.name());
    }
    return event;
  }

  private void acknowledged(Event event) {
    all.acknowledged(event.name());
    if (event.kind().equals(WANTED)) {
      wanted.acknowledged(event.name());
    }
  }

  private static Map<String, MessageAttributeValue> attributes(Event event) {
    return Map.of(
        KIND, MessageAttributeValue.builder().dataType("String").stringValue(event.kind()).build());
  }

  private void publish(Random random) {
    if (isFull()) {
      return;
    }
    if (random.nextBoolean()) {
      Event event = sending(random);
      sns.publish(
          request ->
              request
                  .topicArn(topicArn)
                  .message(Bodies.of(event.name(), random))
                  .messageAttributes(attributes(event)));
      acknowledged(event);
    } else {
      publishBatch(random);
    }
  }

  private void publishBatch(Random random) {
    List<Event> events = new ArrayList<>();
    List<PublishBatchRequestEntry> entries = new ArrayList<>();
    for (int i = random.nextInt(MOST_AT_ONCE); i >= 0; i--) {
      Event event = sending(random);
      events.add(event);
      entries.add(
          PublishBatchRequestEntry.builder()
              .id(event.name())
              .message(Bodies.of(event.name(), random))
              .messageAttributes(attributes(event))
              .build());
    }
    PublishBatchResponse answer =
        sns.publishBatch(request -> request.topicArn(topicArn).publishBatchRequestEntries(entries));
    for (Event event : events) {
      if (answer.successful().stream().anyMatch(entry -> entry.id().equals(event.name()))) {
        acknowledged(event);
      }
    }
  }

  private void produce(Random random) throws InterruptedException {
    if (isFull()) {
      return;
    }
    Event event = sending(random);
    try {
      producer
          .send(
              new ProducerRecord<>(
                  TOPIC,
                  null,
                  null,
                  null,
                  Bodies.of(event.name(), random),
                  List.of(new RecordHeader(KIND, event.kind().getBytes(UTF_8)))))
          .get();
    } catch (ExecutionException e) {
      throw new KafkaException("an idempotent producer could not send", e);
    }
    acknowledged(event);
  }

  @Override
  public void settle() {
    consumingAll.settle();
    consumingWanted.settle();
  }

  @Override
  public void close() {
    producer.close();
    sns.close();
    sqs.close();
  }
}
