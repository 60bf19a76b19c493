package io.sluice.aws.sns;

import static io.sluice.aws.message.Subscriptions.REPLAY_POLICY;

import io.sluice.aws.CallContext;
import io.sluice.aws.message.Arns;
import io.sluice.aws.message.FifoTopics;
import io.sluice.aws.message.Subscriptions;
import io.sluice.broker.Queue;
import io.sluice.broker.Queues;
import io.sluice.broker.Source;
import io.sluice.broker.Sources;
import io.sluice.broker.Topic;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.locks.Lock;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sns.model.GetSubscriptionAttributesRequest;
import software.amazon.awssdk.services.sns.model.GetSubscriptionAttributesResponse;
import software.amazon.awssdk.services.sns.model.SetSubscriptionAttributesRequest;
import software.amazon.awssdk.services.sns.model.SetSubscriptionAttributesResponse;
import software.amazon.awssdk.services.sns.model.SubscribeRequest;
import software.amazon.awssdk.services.sns.model.SubscribeResponse;
import software.amazon.awssdk.services.sns.model.UnsubscribeRequest;
import software.amazon.awssdk.services.sns.model.UnsubscribeResponse;

/**
 * Subscribe, Unsubscribe, GetSubscriptionAttributes and SetSubscriptionAttributes. A lock orders
 * the changes, so that of two at once both take effect.
 */
final class SubscriptionActions {

  static final String PROTOCOL = "sqs";

  /** What Amazon delivers to besides. */
  private static final Set<String> OTHER_PROTOCOLS =
      Set.of("email", "email-json", "sms", "application", "lambda", "firehose");

  private final Queues queues;
  private final Sources sources;
  private final TopicDirectory topics;
  private final HttpSubscriptions http;
  private final InstantSource clock;
  private final Lock changes;

  SubscriptionActions(
      Queues queues,
      Sources sources,
      TopicDirectory topics,
      HttpSubscriptions http,
      InstantSource clock,
      Lock changes) {
    this.queues = queues;
    this.sources = sources;
    this.topics = topics;
    this.http = http;
    this.clock = clock;
    this.changes = changes;
  }

  /**
   * Subscribes a queue. Needs no confirmation, since topic and queue have one owner. Subscribing
   * again returns the subscription there is, unless the request names other attributes.
   */
  SubscribeResponse subscribe(SubscribeRequest request) {
    Topic topic = topics.require("TopicArn", request.topicArn());
    checkProtocol(topic, request.protocol());
    ReplayPolicy.Bounds bounds = ReplayPolicy.Bounds.of(topic, clock.instant());
    if (HttpSubscription.isProtocol(request.protocol())) {
      return subscribeEndpoint(topic, request, bounds);
    }
    String queue = queue(topic, request.endpoint());
    SortedMap<String, String> given =
        SubscriptionAttributes.ofSubscribe(request.attributes(), bounds);
    Source source;
    changes.lock();
    try {
      Optional<Source> existing =
          sources.ofQueue(queue).stream().filter(one -> one.topicId().equals(topic.id())).findAny();
      if (existing.isPresent()) {
        source = existing.get();
        checkSame(source, given);
      } else {
        SubscriptionAttributes.checkRedriveType("Attributes Reason: ", queue, given);
        source = sources.add(topic.name(), queue, given, SubscriptionAttributes.start(given));
      }
    } catch (io.sluice.broker.QueueDoesNotExistException _) {
      throw noQueue(queue);
    } finally {
      changes.unlock();
    }
    return SubscribeResponse.builder().subscriptionArn(arn(source)).build();
  }

  private SubscribeResponse subscribeEndpoint(
      Topic topic, SubscribeRequest request, ReplayPolicy.Bounds bounds) {
    Source source;
    changes.lock();
    try {
      source =
          http.subscribe(
              topic,
              request.protocol(),
              request.endpoint(),
              SubscriptionAttributes.ofSubscribe(request.attributes(), bounds));
    } finally {
      changes.unlock();
    }
    boolean isConfirmed = HttpSubscription.of(source).orElseThrow().isConfirmed();
    boolean wantsArn = Boolean.TRUE.equals(request.returnSubscriptionArn());
    return SubscribeResponse.builder()
        .subscriptionArn(isConfirmed || wantsArn ? arn(source) : "pending confirmation")
        .build();
  }

  /** Ends a subscription; that there is none is no error. */
  UnsubscribeResponse unsubscribe(UnsubscribeRequest request) {
    Optional<Source> found = find(request.subscriptionArn());
    if (found.isPresent()) {
      HttpSubscription.of(found.get())
          .ifPresentOrElse(
              endpoint -> http.unsubscribe(found.get(), endpoint),
              () -> sources.remove(found.get().id()));
    }
    return UnsubscribeResponse.builder().build();
  }

  GetSubscriptionAttributesResponse attributes(GetSubscriptionAttributesRequest request) {
    Source source = require(request.subscriptionArn());
    String account = CallContext.current().accountId();
    Optional<HttpSubscription> endpoint = HttpSubscription.of(source);
    Map<String, String> attributes = SubscriptionAttributes.visible(source.attributes());
    if (attributes.containsKey(REPLAY_POLICY)) {
      attributes.put("ReplayStatus", replayStatus(source));
    }
    attributes.put("SubscriptionArn", arn(source));
    attributes.put("TopicArn", TopicDirectory.arn(source.topic()));
    attributes.put("Protocol", protocol(source));
    attributes.put("Endpoint", endpoint(source));
    attributes.put("Owner", account);
    attributes.put("SubscriptionPrincipal", "arn:aws:iam::" + account + ":root");
    attributes.put(
        "PendingConfirmation",
        Boolean.toString(endpoint.isPresent() && !endpoint.get().isConfirmed()));
    attributes.put(
        "ConfirmationWasAuthenticated",
        Boolean.toString(endpoint.isEmpty() || endpoint.get().isAuthenticated()));
    if (endpoint.isPresent()) {
      DeliveryPolicy own = SubscriptionAttributes.deliveryPolicy(source.attributes());
      attributes.put(
          "EffectiveDeliveryPolicy",
          topics
              .find(source.topic())
              .map(topic -> TopicAttributes.deliveryPolicy(topic.attributes()))
              .orElse(DeliveryPolicy.NONE)
              .effectiveOf(own)
              .subscriptionJson());
    }
    return GetSubscriptionAttributesResponse.builder().attributes(attributes).build();
  }

  /**
   * The words of Amazon's "Subscribe". No replay fails here; it is complete when the queue has got
   * to its end, or to where the topic was when the replay began.
   */
  private String replayStatus(Source source) {
    boolean isPending =
        HttpSubscription.of(source).filter(endpoint -> !endpoint.isConfirmed()).isPresent();
    boolean isCompleted =
        ReplayPolicy.completion(source.attributes())
            .filter(point -> !sources.hasPassed(source.id(), point))
            .isEmpty();
    return isPending ? "Pending" : isCompleted ? "Completed" : "In progress";
  }

  /**
   * Setting a replay policy moves the queue in the topic's log there and then, in place of the
   * replay that there was. Without one, the queue goes on with what is published from now on; what
   * it has not received of the replay is still there, as at Amazon, where the queue has copies.
   */
  SetSubscriptionAttributesResponse setAttribute(SetSubscriptionAttributesRequest request) {
    Uuid id = require(request.subscriptionArn()).id();
    String name = request.attributeName();
    if (name == null) {
      throw SnsErrors.missingParameter("AttributeName");
    }
    String value = request.attributeValue() == null ? "" : request.attributeValue();
    changes.lock();
    try {
      Source source = sources.find(id).orElseThrow(SnsErrors::subscriptionNotFound);
      Topic topic = topics.find(source.topic()).orElseThrow(SnsErrors::topicNotFound);
      SortedMap<String, String> attributes =
          SubscriptionAttributes.with(
              source.attributes(), name, value, ReplayPolicy.Bounds.of(topic, clock.instant()));
      if (name.equals(RedrivePolicy.ATTRIBUTE)) {
        SubscriptionAttributes.checkRedriveType("", source.queue(), attributes);
      }
      if (sources.setAttributes(id, attributes).isEmpty()) {
        throw SnsErrors.subscriptionNotFound();
      }
      if (name.equals(REPLAY_POLICY) && attributes.containsKey(REPLAY_POLICY)) {
        sources.restart(id, SubscriptionAttributes.start(attributes));
      }
    } finally {
      changes.unlock();
    }
    return SetSubscriptionAttributesResponse.builder().build();
  }

  /** The ARN of a subscription for the caller. */
  static String arn(Source source) {
    CallContext context = CallContext.current();
    return Subscriptions.arn(source, context.region(), context.accountId());
  }

  /** The protocol that a subscription delivers by. */
  static String protocol(Source source) {
    return HttpSubscription.of(source).map(HttpSubscription::protocol).orElse(PROTOCOL);
  }

  /** What a subscription delivers to: a queue's ARN, for the caller, or a URL. */
  static String endpoint(Source source) {
    CallContext context = CallContext.current();
    return HttpSubscription.of(source)
        .map(HttpSubscription::endpoint)
        .orElseGet(() -> Arns.queue(context.region(), context.accountId(), source.queue()));
  }

  private static void checkProtocol(Topic topic, @Nullable String protocol) {
    if (protocol == null || protocol.isEmpty()) {
      throw SnsErrors.missingParameter("Protocol");
    }
    boolean isKnown = OTHER_PROTOCOLS.contains(protocol) || HttpSubscription.isProtocol(protocol);
    if (isKnown && FifoTopics.isFifo(topic)) {
      throw SnsErrors.invalidParameter("Invalid protocol type: " + protocol);
    }
    if (OTHER_PROTOCOLS.contains(protocol)) {
      throw SnsErrors.invalidParameter(
          "Protocol", "Sluice delivers to sqs, http and https, not to " + protocol);
    }
    if (!protocol.equals(PROTOCOL) && !HttpSubscription.isProtocol(protocol)) {
      throw SnsErrors.invalidParameter(
          "Amazon SNS does not support this protocol string: " + protocol);
    }
  }

  private String queue(Topic topic, @Nullable String endpoint) {
    if (endpoint == null || endpoint.isEmpty()) {
      throw SnsErrors.missingParameter("Endpoint");
    }
    Arns.Arn arn =
        Arns.parse(endpoint)
            .filter(parsed -> parsed.service().equals("sqs") && !parsed.resource().contains(":"))
            .orElseThrow(() -> SnsErrors.invalidParameter("SQS endpoint ARN"));
    boolean own =
        arn.account().equals(CallContext.current().accountId())
            || arn.account().equals(CallContext.DEFAULT_ACCOUNT_ID);
    Queue queue = queues.find(arn.resource()).filter(_ -> own).orElseThrow(() -> noQueue(endpoint));
    if (queue.settings().fifo().isPresent() && !FifoTopics.isFifo(topic)) {
      throw SnsErrors.invalidParameter(
          "Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard"
              + " SNS topics");
    }
    return queue.name();
  }

  private static RuntimeException noQueue(String queue) {
    return SnsErrors.invalidParameter("Endpoint", "The queue " + queue + " does not exist");
  }

  /** An attribute that the request names must be what it is. */
  static void checkSame(Source source, Map<String, String> given) {
    Map<String, String> visible = SubscriptionAttributes.visible(source.attributes());
    for (var attribute : SubscriptionAttributes.visible(given).entrySet()) {
      boolean named = given.containsKey(attribute.getKey());
      if (named && !attribute.getValue().equals(visible.get(attribute.getKey()))) {
        throw SnsErrors.invalidParameter(
            "Attributes", "Subscription already exists with different attributes");
      }
    }
  }

  private Source require(@Nullable String arn) {
    return find(arn).orElseThrow(SnsErrors::subscriptionNotFound);
  }

  private Optional<Source> find(@Nullable String arn) {
    String[] parts =
        TopicDirectory.parse("SubscriptionArn", arn, SnsErrors::subscriptionNotFound)
            .resource()
            .split(":", -1);
    if (parts.length != 2) {
      throw SnsErrors.invalidParameter("SubscriptionId");
    }
    return Arns.subscriptionId(parts[1])
        .flatMap(sources::find)
        .filter(source -> source.topic().equals(parts[0]))
        .filter(source -> !isGone(source));
  }

  /** Whether it is an endpoint's that is ended, or was not confirmed in time. */
  private boolean isGone(Source source) {
    return HttpSubscription.of(source)
        .filter(
            endpoint ->
                endpoint.state() == HttpSubscription.State.DELETED
                    || endpoint.isExpired(clock.instant()))
        .isPresent();
  }
}
