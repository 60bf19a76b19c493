package io.sluice.aws.sns;

import static io.sluice.aws.message.Subscriptions.RAW_MESSAGE_DELIVERY;
import static io.sluice.aws.message.Subscriptions.REPLAY_POLICY;

import io.sluice.aws.CallContext;
import io.sluice.aws.message.Arns;
import io.sluice.aws.message.Subscriptions;
import io.sluice.broker.Queues;
import io.sluice.broker.Source;
import io.sluice.broker.Sources;
import io.sluice.broker.Topic;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
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
      Set.of("http", "https", "email", "email-json", "sms", "application", "lambda", "firehose");

  private final Queues queues;
  private final Sources sources;
  private final TopicDirectory topics;
  private final InstantSource clock;
  private final Lock changes = new ReentrantLock();

  SubscriptionActions(Queues queues, Sources sources, TopicDirectory topics, InstantSource clock) {
    this.queues = queues;
    this.sources = sources;
    this.topics = topics;
    this.clock = clock;
  }

  /**
   * Subscribes a queue. Needs no confirmation, since topic and queue have one owner. Subscribing
   * again returns the subscription there is, unless the request names other attributes.
   */
  SubscribeResponse subscribe(SubscribeRequest request) {
    Topic topic = topics.require("TopicArn", request.topicArn());
    checkProtocol(request.protocol());
    String queue = queue(request.endpoint());
    Instant now = clock.instant();
    SortedMap<String, String> given = SubscriptionAttributes.ofSubscribe(request.attributes(), now);
    Source source;
    changes.lock();
    try {
      Optional<Source> existing =
          sources.ofQueue(queue).stream().filter(one -> one.topicId().equals(topic.id())).findAny();
      if (existing.isPresent()) {
        source = existing.get();
        checkSame(source, given);
      } else {
        source = sources.add(topic.name(), queue, given, SubscriptionAttributes.start(given, now));
      }
    } catch (io.sluice.broker.QueueDoesNotExistException _) {
      throw noQueue(queue);
    } finally {
      changes.unlock();
    }
    return SubscribeResponse.builder().subscriptionArn(arn(source)).build();
  }

  /** Ends a subscription; that there is none is no error. */
  UnsubscribeResponse unsubscribe(UnsubscribeRequest request) {
    find(request.subscriptionArn()).ifPresent(source -> sources.remove(source.id()));
    return UnsubscribeResponse.builder().build();
  }

  GetSubscriptionAttributesResponse attributes(GetSubscriptionAttributesRequest request) {
    Source source = require(request.subscriptionArn());
    String account = CallContext.current().accountId();
    Map<String, String> attributes = new TreeMap<>(source.attributes());
    attributes.putIfAbsent(RAW_MESSAGE_DELIVERY, "false");
    attributes.put("SubscriptionArn", arn(source));
    attributes.put("TopicArn", TopicDirectory.arn(source.topic()));
    attributes.put("Protocol", PROTOCOL);
    attributes.put("Endpoint", endpoint(source));
    attributes.put("Owner", account);
    attributes.put("SubscriptionPrincipal", "arn:aws:iam::" + account + ":root");
    attributes.put("PendingConfirmation", "false");
    attributes.put("ConfirmationWasAuthenticated", "true");
    return GetSubscriptionAttributesResponse.builder().attributes(attributes).build();
  }

  /** Setting a replay policy moves the queue in the topic's log there and then. */
  SetSubscriptionAttributesResponse setAttribute(SetSubscriptionAttributesRequest request) {
    Uuid id = require(request.subscriptionArn()).id();
    String name = request.attributeName();
    if (name == null) {
      throw SnsErrors.missingParameter("AttributeName");
    }
    String value = request.attributeValue() == null ? "" : request.attributeValue();
    Instant now = clock.instant();
    changes.lock();
    try {
      Source source = sources.find(id).orElseThrow(SnsErrors::subscriptionNotFound);
      SortedMap<String, String> attributes =
          SubscriptionAttributes.with(source.attributes(), name, value, now);
      if (sources.setAttributes(id, attributes).isEmpty()) {
        throw SnsErrors.subscriptionNotFound();
      }
      if (name.equals(REPLAY_POLICY) && attributes.containsKey(REPLAY_POLICY)) {
        sources.restart(id, SubscriptionAttributes.start(attributes, now));
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

  /** The ARN of the queue that a subscription delivers to, for the caller. */
  static String endpoint(Source source) {
    CallContext context = CallContext.current();
    return Arns.queue(context.region(), context.accountId(), source.queue());
  }

  private static void checkProtocol(@Nullable String protocol) {
    if (protocol == null || protocol.isEmpty()) {
      throw SnsErrors.missingParameter("Protocol");
    }
    if (OTHER_PROTOCOLS.contains(protocol)) {
      throw SnsErrors.invalidParameter(
          "Protocol", "Sluice delivers to " + PROTOCOL + " only, not to " + protocol);
    }
    if (!protocol.equals(PROTOCOL)) {
      throw SnsErrors.invalidParameter(
          "Amazon SNS does not support this protocol string: " + protocol);
    }
  }

  private String queue(@Nullable String endpoint) {
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
    if (!own || queues.find(arn.resource()).isEmpty()) {
      throw noQueue(endpoint);
    }
    return arn.resource();
  }

  private static RuntimeException noQueue(String queue) {
    return SnsErrors.invalidParameter("Endpoint", "The queue " + queue + " does not exist");
  }

  private static void checkSame(Source source, Map<String, String> given) {
    for (var attribute : given.entrySet()) {
      String fallback = attribute.getKey().equals(RAW_MESSAGE_DELIVERY) ? "false" : "";
      if (!attribute
          .getValue()
          .equals(source.attributes().getOrDefault(attribute.getKey(), fallback))) {
        throw SnsErrors.invalidParameter(
            "Attributes", "Subscription already exists with different attributes");
      }
    }
  }

  private Source require(@Nullable String arn) {
    return find(arn).orElseThrow(SnsErrors::subscriptionNotFound);
  }

  private Optional<Source> find(@Nullable String arn) {
    String[] parts = TopicDirectory.parse("SubscriptionArn", arn).resource().split(":", -1);
    if (parts.length != 2) {
      throw SnsErrors.invalidParameter("SubscriptionId");
    }
    return Arns.subscriptionId(parts[1])
        .flatMap(sources::find)
        .filter(source -> source.topic().equals(parts[0]));
  }
}
