package io.sluice.server.demo;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** Sets queues up as an application on Amazon would. */
final class Queues {

  private final SnsClient sns;
  private final SqsClient sqs;
  private final String topicArn;

  Queues(Clients clients, String topicArn) {
    this.sns = clients.sns();
    this.sqs = clients.sqs();
    this.topicArn = topicArn;
  }

  /** A queue that only the topic may send to, subscribed to it with raw delivery; its URL. */
  String subscribed(String name) {
    return subscribed(name, Map.of());
  }

  /**
   * Such a queue, whose subscription starts at {@code start}: Amazon's own {@code ReplayPolicy}.
   */
  String subscribedSince(String name, Instant start) {
    String policy = "{\"PointType\":\"Timestamp\",\"StartingPoint\":\"" + start + "\"}";
    return subscribed(name, Map.of("ReplayPolicy", policy));
  }

  private String subscribed(String name, Map<String, String> subscriptionAttributes) {
    String url = sqs.createQueue(request -> request.queueName(name)).queueUrl();
    String queueArn = arn(url);
    sqs.setQueueAttributes(
        request ->
            request
                .queueUrl(url)
                .attributes(Map.of(QueueAttributeName.POLICY, onlyTheTopic(queueArn))));
    Map<String, String> attributes = new HashMap<>(subscriptionAttributes);
    attributes.put("RawMessageDelivery", "true");
    sns.subscribe(
        request ->
            request
                .topicArn(topicArn)
                .protocol("sqs")
                .endpoint(queueArn)
                .attributes(attributes)
                .returnSubscriptionArn(true));
    return url;
  }

  private String arn(String url) {
    Map<QueueAttributeName, String> attributes =
        sqs.getQueueAttributes(
                request -> request.queueUrl(url).attributeNames(QueueAttributeName.QUEUE_ARN))
            .attributes();
    return Objects.requireNonNull(attributes.get(QueueAttributeName.QUEUE_ARN), url);
  }

  private String onlyTheTopic(String queueArn) {
    return """
    {"Version":"2012-10-17","Statement":[{"Effect":"Allow",\
    "Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"%s",\
    "Condition":{"ArnEquals":{"aws:SourceArn":"%s"}}}]}\
    """
        .formatted(queueArn, topicArn);
  }

  /** Messages that are available or in flight, by the queue's own count. */
  int left(String url) {
    Map<QueueAttributeName, String> counts =
        sqs.getQueueAttributes(
                request ->
                    request
                        .queueUrl(url)
                        .attributeNames(
                            QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                            QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
            .attributes();
    return counts.values().stream().mapToInt(Integer::parseInt).sum();
  }
}
