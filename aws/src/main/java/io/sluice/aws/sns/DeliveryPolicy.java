package io.sluice.aws.sns;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sluice.aws.message.Json;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The attribute {@code DeliveryPolicy} of a topic or of a subscription: how messages are delivered
 * over HTTP (Amazon's "Creating an HTTP/S delivery policy", "SetTopicAttributes delivery policy
 * JSON format", "SetSubscriptionAttributes delivery policy JSON format"). What a policy leaves
 * open, the topic's says for its subscriptions, and Amazon's own for all.
 *
 * @param healthyRetryPolicy when a delivery is tried again
 * @param maxReceivesPerSecond how many deliveries one subscription gets in a second, at least 1
 * @param headerContentType the header {@code Content-Type} of notifications
 * @param disableSubscriptionOverrides of a topic: its subscriptions' policies do not count
 */
record DeliveryPolicy(
    Optional<RetryPolicy> healthyRetryPolicy,
    OptionalInt maxReceivesPerSecond,
    Optional<String> headerContentType,
    boolean disableSubscriptionOverrides) {

  /** Says nothing. */
  static final DeliveryPolicy NONE =
      new DeliveryPolicy(Optional.empty(), OptionalInt.empty(), Optional.empty(), false);

  /** The {@code Content-Type} where no policy says one. */
  static final String DEFAULT_CONTENT_TYPE = "text/plain; charset=UTF-8";

  private static final String HTTP = "http";
  private static final String MAX_RECEIVES_PER_SECOND = "maxReceivesPerSecond";
  private static final String HEADER_CONTENT_TYPE = "headerContentType";
  private static final String DISABLE_OVERRIDES = "disableSubscriptionOverrides";
  private static final String SICKLY_RETRY_POLICY = "sicklyRetryPolicy";
  private static final String GUARANTEED = "guaranteed";

  /** The content types that may be asked for (Amazon's "Creating an HTTP/S delivery policy"). */
  private static final Pattern CONTENT_TYPE =
      Pattern.compile(
          "(application/(atom\\+xml|json|octet-stream|soap\\+xml|x-www-form-urlencoded|xhtml\\+xml|xml)|text/(css|csv|html|plain|xml))(["
              + " \\t]*;[ \\t]*charset[ \\t]*=[ \\t]*\"?[\\w.:+-]+\"?)?",
          Pattern.CASE_INSENSITIVE);

  /** What the parts of a policy are called in one kind of resource. */
  private record Names(String retry, String throttle, String request) {
    static final Names TOPIC =
        new Names("defaultHealthyRetryPolicy", "defaultThrottlePolicy", "defaultRequestPolicy");
    static final Names SUBSCRIPTION =
        new Names("healthyRetryPolicy", "throttlePolicy", "requestPolicy");
  }

  /** The policy that a topic's attribute says. */
  static DeliveryPolicy ofTopic(String text) throws InvalidDeliveryPolicyException {
    DeliveryPolicyFields all = new DeliveryPolicyFields("", parse(text));
    all.allow(Set.of(HTTP));
    Optional<DeliveryPolicyFields> http = all.object(HTTP);
    if (http.isEmpty()) {
      return NONE;
    }
    Names names = Names.TOPIC;
    http.get().allow(Set.of(names.retry(), names.throttle(), names.request(), DISABLE_OVERRIDES));
    return read(http.get(), names);
  }

  /** The policy that a subscription's attribute says. */
  static DeliveryPolicy ofSubscription(String text) throws InvalidDeliveryPolicyException {
    DeliveryPolicyFields policy = new DeliveryPolicyFields("", parse(text));
    Names names = Names.SUBSCRIPTION;
    policy.allow(
        Set.of(names.retry(), names.throttle(), names.request(), SICKLY_RETRY_POLICY, GUARANTEED));
    return read(policy, names);
  }

  private static Map<String, @Nullable Object> parse(String text)
      throws InvalidDeliveryPolicyException {
    try {
      return Json.object(text);
    } catch (Json.NotJsonException e) {
      throw new InvalidDeliveryPolicyException("failed to parse JSON. " + e.messageWithPlace());
    }
  }

  private static DeliveryPolicy read(DeliveryPolicyFields policy, Names names)
      throws InvalidDeliveryPolicyException {
    Optional<DeliveryPolicyFields> retry = policy.object(names.retry());
    Optional<DeliveryPolicyFields> throttle = policy.object(names.throttle());
    OptionalInt maxReceives = OptionalInt.empty();
    if (throttle.isPresent()) {
      throttle.get().allow(Set.of(MAX_RECEIVES_PER_SECOND));
      maxReceives = throttle.get().optional(MAX_RECEIVES_PER_SECOND, 1, Integer.MAX_VALUE);
    }
    return new DeliveryPolicy(
        retry.isEmpty()
            ? Optional.empty()
            : Optional.of(RetryPolicy.read(retry.get().path(), retry.get().members())),
        maxReceives,
        contentType(policy.object(names.request())),
        policy.flag(DISABLE_OVERRIDES));
  }

  private static Optional<String> contentType(Optional<DeliveryPolicyFields> request)
      throws InvalidDeliveryPolicyException {
    if (request.isEmpty()) {
      return Optional.empty();
    }
    request.get().allow(Set.of(HEADER_CONTENT_TYPE));
    Optional<String> type = request.get().text(HEADER_CONTENT_TYPE);
    if (type.isPresent() && !CONTENT_TYPE.matcher(type.get()).matches()) {
      throw request.get().invalid(HEADER_CONTENT_TYPE, "is not supported: " + type.get());
    }
    return type;
  }

  /** A subscription's policy where this is its topic's: what counts, nothing left open. */
  DeliveryPolicy effectiveOf(DeliveryPolicy subscription) {
    DeliveryPolicy own = disableSubscriptionOverrides ? NONE : subscription;
    return new DeliveryPolicy(
        Optional.of(
            own.healthyRetryPolicy.or(this::healthyRetryPolicy).orElse(RetryPolicy.DEFAULT)),
        own.maxReceivesPerSecond.isPresent() ? own.maxReceivesPerSecond : maxReceivesPerSecond,
        Optional.of(own.headerContentType.or(this::headerContentType).orElse(DEFAULT_CONTENT_TYPE)),
        disableSubscriptionOverrides);
  }

  /** When a delivery is tried again, which nothing leaves open. */
  RetryPolicy retries() {
    return healthyRetryPolicy.orElse(RetryPolicy.DEFAULT);
  }

  /** The {@code Content-Type} of notifications, which nothing leaves open. */
  String contentType() {
    return headerContentType.orElse(DEFAULT_CONTENT_TYPE);
  }

  /** A topic's attribute {@code DeliveryPolicy} as Amazon returns it. */
  String topicJson() {
    return Json.write(json -> writeTopic(json, healthyRetryPolicy, headerContentType));
  }

  /** A topic's attribute {@code EffectiveDeliveryPolicy}. */
  String effectiveTopicJson() {
    return Json.write(
        json -> writeTopic(json, Optional.of(retries().complete()), Optional.of(contentType())));
  }

  private void writeTopic(
      JsonGenerator json, Optional<RetryPolicy> retry, Optional<String> contentType)
      throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart(HTTP);
    if (retry.isPresent()) {
      json.writeFieldName(Names.TOPIC.retry());
      retry.get().write(json);
    }
    json.writeBooleanField(DISABLE_OVERRIDES, disableSubscriptionOverrides);
    if (maxReceivesPerSecond.isPresent()) {
      json.writeFieldName(Names.TOPIC.throttle());
      writeThrottle(json);
    }
    if (contentType.isPresent()) {
      json.writeFieldName(Names.TOPIC.request());
      writeRequest(json, contentType.get());
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  /**
   * A subscription's attribute {@code DeliveryPolicy} as Amazon returns it, and of {@link
   * #effectiveOf} its {@code EffectiveDeliveryPolicy}.
   */
  String subscriptionJson() {
    return Json.write(
        json -> {
          json.writeStartObject();
          json.writeFieldName(Names.SUBSCRIPTION.retry());
          if (healthyRetryPolicy.isPresent()) {
            healthyRetryPolicy.get().complete().write(json);
          } else {
            json.writeNull();
          }
          json.writeNullField(SICKLY_RETRY_POLICY);
          json.writeFieldName(Names.SUBSCRIPTION.throttle());
          if (maxReceivesPerSecond.isPresent()) {
            writeThrottle(json);
          } else {
            json.writeNull();
          }
          json.writeFieldName(Names.SUBSCRIPTION.request());
          if (headerContentType.isPresent()) {
            writeRequest(json, headerContentType.get());
          } else {
            json.writeNull();
          }
          json.writeBooleanField(GUARANTEED, false);
          json.writeEndObject();
        });
  }

  private void writeThrottle(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeNumberField(MAX_RECEIVES_PER_SECOND, maxReceivesPerSecond.orElseThrow());
    json.writeEndObject();
  }

  private static void writeRequest(JsonGenerator json, String contentType) throws IOException {
    json.writeStartObject();
    json.writeStringField(HEADER_CONTENT_TYPE, contentType);
    json.writeEndObject();
  }
}
