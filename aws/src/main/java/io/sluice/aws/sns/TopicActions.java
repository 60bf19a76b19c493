package io.sluice.aws.sns;

import io.sluice.aws.CallContext;
import io.sluice.aws.message.FifoNames;
import io.sluice.aws.message.FifoTopics;
import io.sluice.aws.message.Notifications;
import io.sluice.broker.NewTopic;
import io.sluice.broker.Source;
import io.sluice.broker.Sources;
import io.sluice.broker.Topic;
import io.sluice.broker.TopicKind;
import io.sluice.broker.Topics;
import io.sluice.log.LayeredConfigs;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.regex.Pattern;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import software.amazon.awssdk.services.sns.model.CreateTopicRequest;
import software.amazon.awssdk.services.sns.model.CreateTopicResponse;
import software.amazon.awssdk.services.sns.model.DeleteTopicRequest;
import software.amazon.awssdk.services.sns.model.DeleteTopicResponse;
import software.amazon.awssdk.services.sns.model.GetTopicAttributesRequest;
import software.amazon.awssdk.services.sns.model.GetTopicAttributesResponse;
import software.amazon.awssdk.services.sns.model.ListTopicsRequest;
import software.amazon.awssdk.services.sns.model.ListTopicsResponse;
import software.amazon.awssdk.services.sns.model.SetTopicAttributesRequest;
import software.amazon.awssdk.services.sns.model.SetTopicAttributesResponse;

/** CreateTopic, DeleteTopic, ListTopics, GetTopicAttributes and SetTopicAttributes. */
final class TopicActions {

  private static final Pattern NAME =
      Pattern.compile("[a-zA-Z0-9_-]{1," + SnsLimits.TOPIC_NAME_LENGTH + "}");

  private final Topics topics;
  private final Sources sources;
  private final TopicDirectory directory;
  private final TopicStore store;
  private final InstantSource clock;

  TopicActions(
      Topics topics,
      Sources sources,
      TopicDirectory directory,
      TopicStore store,
      InstantSource clock) {
    this.clock = clock;
    this.topics = topics;
    this.sources = sources;
    this.directory = directory;
    this.store = store;
  }

  /**
   * Creates a topic, or returns the one of that name when it has the attributes and tags that the
   * request names. A topic that a Kafka client made may have a name that SNS would not give.
   */
  CreateTopicResponse create(CreateTopicRequest request) {
    String name = request.name();
    if (name == null) {
      throw SnsErrors.missingParameter("Name");
    }
    Optional<Topic> existing = directory.find(name);
    SortedMap<String, String> attributes = TopicAttributes.ofCreation(request.attributes());
    boolean isFifo = FifoTopics.isFifo(attributes);
    if (existing.isEmpty() ? !isLegal(name, isFifo) : isOther(existing.get(), isFifo)) {
      throw SnsErrors.invalidParameter("Topic Name");
    }
    if (existing.isPresent()) {
      checkSame(existing.get(), attributes, request);
    } else {
      TopicTags.add(attributes, request.tags());
      DataProtection.put(attributes, request.dataProtectionPolicy());
      ArchivePolicy.note(attributes, clock.instant());
      create(name, attributes, request);
    }
    return CreateTopicResponse.builder().topicArn(TopicDirectory.arn(name)).build();
  }

  /** FIFO topics, and no others, have a name that ends so. */
  private static boolean isLegal(String name, boolean isFifo) {
    return FifoNames.isFifo(name) == isFifo
        && name.length() <= SnsLimits.TOPIC_NAME_LENGTH
        && NAME.matcher(FifoNames.withoutSuffix(name)).matches();
  }

  /** Whether the name is not of the kind that is asked for; Kafka clients give any name. */
  private static boolean isOther(Topic existing, boolean isFifo) {
    return isFifo ? !FifoNames.isFifo(existing.name()) : FifoTopics.isFifo(existing);
  }

  private void create(
      String name, SortedMap<String, String> attributes, CreateTopicRequest request) {
    try {
      LayeredConfigs defaults = topics.layers(TopicKind.USER, Map.of());
      topics.create(
          NewTopic.named(name)
              .withAttributes(attributes)
              .withConfigs(TopicRetention.configs(defaults, Map.of(), attributes)));
    } catch (TopicExistsException e) {
      Topic other = directory.find(name).orElseThrow(() -> e); // somebody was faster
      checkSame(other, TopicAttributes.ofCreation(request.attributes()), request);
    }
  }

  private static void checkSame(
      Topic topic, Map<String, String> attributes, CreateTopicRequest request) {
    Map<String, String> visible = TopicAttributes.visible(topic.attributes());
    FifoTopicAttributes.addDefaults(visible);
    for (var attribute : attributes.entrySet()) {
      if (!attribute.getValue().equals(visible.get(attribute.getKey()))) {
        throw SnsErrors.invalidParameter(
            "Attributes", "Topic already exists with different attributes");
      }
    }
    if (!TopicTags.has(topic.attributes(), request.tags())) {
      throw SnsErrors.invalidParameter("Tags", "Topic already exists with different tags");
    }
  }

  DeleteTopicResponse delete(DeleteTopicRequest request) {
    String name = TopicDirectory.name("TopicArn", request.topicArn(), SnsErrors::topicNotFound);
    Optional<Topic> topic = directory.find(name);
    if (topic.isPresent()) {
      if (ArchivePolicy.of(topic.get().attributes()).isPresent()) {
        throw SnsErrors.invalidState("Cannot delete a topic with an ArchivePolicy");
      }
      try {
        topics.delete(name);
      } catch (UnknownTopicOrPartitionException _) {
        // Somebody was faster; deleting is idempotent (Amazon's "DeleteTopic").
      }
    }
    return DeleteTopicResponse.builder().build();
  }

  ListTopicsResponse list(ListTopicsRequest request) {
    String after = TopicDirectory.readToken(request.nextToken());
    List<String> found =
        topics.list().stream()
            .filter(topic -> topic.kind() == TopicKind.USER)
            .map(Topic::name)
            .filter(name -> name.compareTo(after) > 0)
            .limit(SnsLimits.PAGE + 1L)
            .toList();
    List<String> page = found.subList(0, Math.min(found.size(), SnsLimits.PAGE));
    ListTopicsResponse.Builder response =
        ListTopicsResponse.builder()
            .topics(
                page.stream()
                    .map(TopicDirectory::arn)
                    .map(
                        arn ->
                            software.amazon.awssdk.services.sns.model.Topic.builder()
                                .topicArn(arn)
                                .build())
                    .toList());
    if (found.size() > page.size()) {
      response.nextToken(TopicDirectory.token(page.getLast()));
    }
    return response.build();
  }

  GetTopicAttributesResponse attributes(GetTopicAttributesRequest request) {
    Topic topic = directory.require("TopicArn", request.topicArn());
    String owner = CallContext.current().accountId();
    String arn = TopicDirectory.arn(topic.name());
    SortedMap<String, String> attributes = TopicAttributes.visible(topic.attributes());
    attributes.putIfAbsent(TopicAttributes.DISPLAY_NAME, "");
    attributes.putIfAbsent(TopicAttributes.POLICY, DefaultPolicies.topic(arn, owner));
    attributes.put(
        "EffectiveDeliveryPolicy",
        TopicAttributes.deliveryPolicy(topic.attributes()).effectiveTopicJson());
    FifoTopicAttributes.addShown(attributes);
    ArchivePolicy.beginning(topic.attributes(), clock.instant())
        .map(Notifications::timestamp)
        .ifPresent(beginning -> attributes.put("BeginningArchiveTime", beginning));
    attributes.put("TopicArn", arn);
    attributes.put("Owner", owner);
    countSubscriptions(topic, attributes);
    return GetTopicAttributesResponse.builder().attributes(attributes).build();
  }

  private void countSubscriptions(Topic topic, Map<String, String> attributes) {
    Map<HttpSubscription.State, Integer> counts = new EnumMap<>(HttpSubscription.State.class);
    Instant now = clock.instant();
    for (Source source : sources.ofTopic(topic.name())) {
      Optional<HttpSubscription> endpoint = HttpSubscription.of(source);
      if (endpoint.isEmpty() || !endpoint.get().isExpired(now)) {
        counts.merge(
            endpoint.map(HttpSubscription::state).orElse(HttpSubscription.State.CONFIRMED),
            1,
            Integer::sum);
      }
    }
    for (HttpSubscription.State state : HttpSubscription.State.values()) {
      attributes.put(state.topicAttribute(), Integer.toString(counts.getOrDefault(state, 0)));
    }
  }

  SetTopicAttributesResponse setAttribute(SetTopicAttributesRequest request) {
    Topic found = directory.require("TopicArn", request.topicArn());
    if (request.attributeName() == null) {
      throw SnsErrors.missingParameter("AttributeName");
    }
    String value = request.attributeValue() == null ? "" : request.attributeValue();
    store.change(
        found,
        stored -> {
          SortedMap<String, String> changed =
              TopicAttributes.with(stored, request.attributeName(), value);
          ArchivePolicy.note(changed, clock.instant());
          return changed;
        });
    return SetTopicAttributesResponse.builder().build();
  }
}
