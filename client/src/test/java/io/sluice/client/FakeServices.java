package io.sluice.client;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.SnsServiceClientConfiguration;
import software.amazon.awssdk.services.sns.model.CreateTopicRequest;
import software.amazon.awssdk.services.sns.model.CreateTopicResponse;
import software.amazon.awssdk.services.sns.model.GetTopicAttributesRequest;
import software.amazon.awssdk.services.sns.model.GetTopicAttributesResponse;
import software.amazon.awssdk.services.sns.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.sns.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.sns.model.NotFoundException;
import software.amazon.awssdk.services.sns.model.PublishBatchRequest;
import software.amazon.awssdk.services.sns.model.PublishBatchResponse;
import software.amazon.awssdk.services.sns.model.PublishBatchResultEntry;
import software.amazon.awssdk.services.sns.model.SetTopicAttributesRequest;
import software.amazon.awssdk.services.sns.model.SetTopicAttributesResponse;
import software.amazon.awssdk.services.sns.model.Tag;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityRequest;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;

/** An SNS that a test tells what to answer. */
final class FakeServices {

  /** A topic: its attributes and tags. */
  record Topic(Map<String, String> attributes, Map<String, String> tags) {}

  final Map<String, Topic> topics = new ConcurrentHashMap<>();
  final List<PublishBatchRequest> published = Collections.synchronizedList(new ArrayList<>());
  final AtomicInteger lookUps = new AtomicInteger();
  final AtomicInteger closed = new AtomicInteger();

  /** What a look-up throws; null for nothing. */
  volatile Supplier<RuntimeException> lookUpFailure;

  /** What creating a topic throws; null for nothing. */
  volatile Supplier<RuntimeException> createFailure;

  /** What publishing does before it answers. */
  volatile Runnable publishing = () -> {};

  static String arn(String name) {
    return "arn:aws:sns:eu-central-1:000000000000:" + name;
  }

  void addTopic(String name, String format, int partitions) {
    topics.put(
        arn(name),
        new Topic(
            new HashMap<>(),
            Map.of("sluice:format", format, "sluice:partitions", Integer.toString(partitions))));
  }

  Services services() {
    return new Services(new Sns(), new Sqs(), new Sts());
  }

  private final class Sns implements SnsClient {
    @Override
    public GetTopicAttributesResponse getTopicAttributes(GetTopicAttributesRequest request) {
      lookUps.incrementAndGet();
      if (lookUpFailure != null) {
        throw lookUpFailure.get();
      }
      return GetTopicAttributesResponse.builder()
          .attributes(topic(request.topicArn()).attributes())
          .build();
    }

    private Topic topic(String arn) {
      Topic topic = topics.get(arn);
      if (topic == null) {
        throw NotFoundException.builder().message("Topic does not exist").statusCode(404).build();
      }
      return topic;
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest request) {
      return ListTagsForResourceResponse.builder()
          .tags(
              topic(request.resourceArn()).tags().entrySet().stream()
                  .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                  .toList())
          .build();
    }

    @Override
    public CreateTopicResponse createTopic(CreateTopicRequest request) {
      if (createFailure != null) {
        throw createFailure.get();
      }
      Map<String, String> tags = new HashMap<>();
      request.tags().forEach(tag -> tags.put(tag.key(), tag.value()));
      topics.putIfAbsent(arn(request.name()), new Topic(new HashMap<>(request.attributes()), tags));
      return CreateTopicResponse.builder().topicArn(arn(request.name())).build();
    }

    @Override
    public SetTopicAttributesResponse setTopicAttributes(SetTopicAttributesRequest request) {
      topic(request.topicArn()).attributes().put(request.attributeName(), request.attributeValue());
      return SetTopicAttributesResponse.builder().build();
    }

    @Override
    public PublishBatchResponse publishBatch(PublishBatchRequest request) {
      publishing.run();
      published.add(request);
      return PublishBatchResponse.builder()
          .successful(
              request.publishBatchRequestEntries().stream()
                  .map(e -> PublishBatchResultEntry.builder().id(e.id()).build())
                  .toList())
          .build();
    }

    @Override
    public SnsServiceClientConfiguration serviceClientConfiguration() {
      return SnsServiceClientConfiguration.builder().region(Region.EU_CENTRAL_1).build();
    }

    @Override
    public String serviceName() {
      return "sns";
    }

    @Override
    public void close() {
      closed.incrementAndGet();
    }
  }

  private static final class Sqs implements SqsClient {
    @Override
    public String serviceName() {
      return "sqs";
    }

    @Override
    public void close() {}
  }

  private static final class Sts implements StsClient {
    @Override
    public GetCallerIdentityResponse getCallerIdentity(GetCallerIdentityRequest request) {
      return GetCallerIdentityResponse.builder()
          .arn("arn:aws:iam::000000000000:user/test")
          .account("000000000000")
          .build();
    }

    @Override
    public GetCallerIdentityResponse getCallerIdentity() {
      return getCallerIdentity(GetCallerIdentityRequest.builder().build());
    }

    @Override
    public String serviceName() {
      return "sts";
    }

    @Override
    public void close() {}
  }
}
