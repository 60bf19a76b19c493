package io.sluice.aws.sns;

import io.sluice.aws.CallContext;
import io.sluice.aws.sns.HttpSubscription.State;
import io.sluice.broker.LimitExceededException;
import io.sluice.broker.NewQueue;
import io.sluice.broker.Queue;
import io.sluice.broker.Source;
import io.sluice.broker.Sources;
import io.sluice.broker.StartingPoint;
import io.sluice.broker.Topic;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sns.model.ConfirmSubscriptionRequest;
import software.amazon.awssdk.services.sns.model.ConfirmSubscriptionResponse;

/**
 * Subscriptions of HTTP endpoints: made pending, confirmed by a token, ended. One is a source whose
 * queue belongs to it alone; it exists from Subscribe on, and starts to read when it is confirmed.
 *
 * <p>Changes are made under the lock that orders all changes of subscriptions.
 */
final class HttpSubscriptions {

  private final Sources sources;
  private final TopicDirectory topics;
  private final HttpDeliveries deliveries;
  private final ConfirmationTokens tokens;
  private final InstantSource clock;
  private final Lock changes;

  HttpSubscriptions(
      Sources sources,
      TopicDirectory topics,
      HttpDeliveries deliveries,
      ConfirmationTokens tokens,
      InstantSource clock,
      Lock changes) {
    this.sources = sources;
    this.topics = topics;
    this.deliveries = deliveries;
    this.tokens = tokens;
    this.clock = clock;
    this.changes = changes;
  }

  /** A subscription with what is kept of its endpoint. */
  private record Subscribed(Source source, HttpSubscription http) {}

  /** Goes on where the last process ended, and forgets what a crash or the time has ended. */
  void resume() {
    changes.lock();
    try {
      removeExpired();
      for (Queue queue : deliveries.queues().list()) {
        if (sources.ofQueue(queue.name()).isEmpty()) {
          deliveries.queues().delete(queue.name());
        }
      }
    } finally {
      changes.unlock();
    }
    for (Subscribed one : all()) {
      if (one.http().isConfirmed()) {
        deliveries.begin(one.source());
      }
    }
  }

  private List<Subscribed> all() {
    return sources.list().stream().flatMap(source -> subscribed(source).stream()).toList();
  }

  private static Optional<Subscribed> subscribed(Source source) {
    return HttpSubscription.of(source).map(http -> new Subscribed(source, http));
  }

  private void removeExpired() {
    Instant now = clock.instant();
    for (Subscribed one : all()) {
      if (one.http().isExpired(now)) {
        remove(one.source());
      }
    }
  }

  /**
   * The subscription of an endpoint that is subscribed already, whose confirmation is asked for
   * again, or a new one. The caller holds the lock.
   *
   * @param attributes those that the request names
   */
  Source subscribe(
      Topic topic, String protocol, @Nullable String endpoint, Map<String, String> attributes) {
    String checked = check(protocol, endpoint);
    removeExpired();
    Optional<Subscribed> known =
        sources.ofTopic(topic.name()).stream()
            .flatMap(source -> subscribed(source).stream())
            .filter(one -> one.http().endpoint().equals(checked))
            .filter(one -> one.http().protocol().equals(protocol))
            .findAny();
    if (known.isPresent() && known.get().http().state() != State.DELETED) {
      SubscriptionActions.checkSame(known.get().source(), attributes);
      if (!known.get().http().isConfirmed()) {
        ask(known.get());
      }
      return known.get().source();
    }
    known.ifPresent(one -> remove(one.source()));
    checkPending();
    Subscribed made =
        create(topic, HttpSubscription.pending(protocol, checked, clock.instant()), attributes);
    ask(made);
    return made.source();
  }

  private String check(String protocol, @Nullable String endpoint) {
    if (deliveries.options().mode() == HttpDeliveryMode.OFF) {
      throw SnsErrors.invalidParameter(
          "Protocol", "This server was told not to deliver over " + protocol);
    }
    if (endpoint == null || endpoint.isEmpty()) {
      throw SnsErrors.missingParameter("Endpoint");
    }
    if (!endpoint.startsWith(protocol + "://")) {
      throw SnsErrors.invalidParameter("Endpoint must match the specified protocol");
    }
    if (endpoint.length() > SnsLimits.ENDPOINT_LENGTH
        || !HttpPoster.isEndpoint(protocol, endpoint)) {
      throw SnsErrors.invalidParameter("Endpoint", "not a URL that can be posted to");
    }
    return endpoint;
  }

  private void checkPending() {
    long pending = all().stream().filter(one -> !one.http().isConfirmed()).count();
    if (pending >= SnsLimits.PENDING_SUBSCRIPTIONS) {
      throw new LimitExceededException(
          "at most " + SnsLimits.PENDING_SUBSCRIPTIONS + " subscriptions may be pending");
    }
  }

  private Subscribed create(Topic topic, HttpSubscription http, Map<String, String> attributes) {
    Queue queue = deliveries.queues().create(NewQueue.named(UUID.randomUUID().toString()));
    try {
      Source source =
          sources.add(topic.name(), queue.name(), http.in(attributes), new StartingPoint.Latest());
      return new Subscribed(source, http);
    } catch (RuntimeException e) {
      deliveries.queues().delete(queue.name());
      throw e;
    }
  }

  private void ask(Subscribed one) {
    deliveries.ask(
        one.source(),
        one.http(),
        Confirmation.of(
            one.source(), one.http(), tokens.of(one.source(), one.http()), clock.instant()));
  }

  ConfirmSubscriptionResponse confirm(ConfirmSubscriptionRequest request) {
    Topic topic = topics.require("TopicArn", request.topicArn());
    if (request.token() == null) {
      throw SnsErrors.missingParameter("Token");
    }
    boolean onUnsubscribe = Boolean.parseBoolean(request.authenticateOnUnsubscribe());
    Source confirmed;
    changes.lock();
    try {
      confirmed = confirm(topic, request.token(), onUnsubscribe);
    } finally {
      changes.unlock();
    }
    deliveries.begin(confirmed);
    String arn = HttpSubscription.of(confirmed).orElseThrow().arn(confirmed);
    return ConfirmSubscriptionResponse.builder().subscriptionArn(arn).build();
  }

  private Source confirm(Topic topic, String token, boolean onUnsubscribe) {
    Instant now = clock.instant();
    Subscribed found =
        ConfirmationTokens.subscription(token)
            .flatMap(sources::find)
            .filter(source -> source.topicId().equals(topic.id()))
            .flatMap(HttpSubscriptions::subscribed)
            .filter(one -> !one.http().isExpired(now))
            .filter(one -> isTokenOf(token, one, now))
            .orElseThrow(() -> SnsErrors.invalidParameter("Token"));
    if (found.http().isConfirmed()) {
      return found.source();
    }
    boolean isAuthenticated = !CallContext.isAnonymous();
    SortedMap<String, String> attributes =
        found
            .http()
            .confirmed(isAuthenticated, isAuthenticated && onUnsubscribe, now)
            .in(found.source().attributes());
    // What was published before is not for an endpoint that may not have wanted it.
    sources.restart(found.source().id(), SubscriptionAttributes.start(attributes));
    return sources
        .setAttributes(found.source().id(), attributes)
        .orElseThrow(SnsErrors::subscriptionNotFound);
  }

  /** Confirming twice is no error while the token is valid. */
  private boolean isTokenOf(String token, Subscribed one, Instant now) {
    if (!one.http().isConfirmed()) {
      return tokens.isOf(token, one.source(), one.http().state());
    }
    return now.isBefore(one.http().since().plus(SnsLimits.TOKEN_VALIDITY))
        && (tokens.isOf(token, one.source(), State.PENDING)
            || tokens.isOf(token, one.source(), State.DELETED));
  }

  /**
   * Ends a subscription. When it was confirmed and whoever asks did not sign, the endpoint is told,
   * and may take it back (Amazon's "Unsubscribe").
   */
  void unsubscribe(Source source, HttpSubscription http) {
    changes.lock();
    try {
      if (!http.isConfirmed() || !CallContext.isAnonymous()) {
        remove(source);
        return;
      }
      if (http.isAuthenticatedOnUnsubscribe()) {
        throw SnsErrors.unauthorized();
      }
      deliveries.end(source);
      HttpSubscription deleted = http.deleted(clock.instant());
      sources
          .setAttributes(source.id(), deleted.in(source.attributes()))
          .ifPresent(ended -> ask(new Subscribed(ended, deleted)));
    } finally {
      changes.unlock();
    }
  }

  private void remove(Source source) {
    deliveries.end(source);
    deliveries.queues().delete(source.queue());
  }
}
