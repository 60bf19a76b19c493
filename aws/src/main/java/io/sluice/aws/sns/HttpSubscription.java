package io.sluice.aws.sns;

import io.sluice.aws.CallContext;
import io.sluice.aws.message.Arns;
import io.sluice.aws.message.Notifications.Receiver;
import io.sluice.aws.message.Subscriptions;
import io.sluice.broker.Source;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is kept with a source whose queue no client takes from: the endpoint that its messages are
 * posted to. It lies among the source's attributes, under names that no client can set.
 *
 * <p>Nobody calls when a message is delivered, so the subscription keeps region, account and
 * address that its subscriber used: they go into the ARNs and URLs of what is posted.
 *
 * @param protocol {@code http} or {@code https}
 * @param endpoint the URL to post to, as it was given
 * @param receiver region, account and our address
 * @param state whether the endpoint wants messages
 * @param since when it came to be in that state
 * @param isAuthenticated whether the confirmation was signed
 * @param isAuthenticatedOnUnsubscribe whether an unsigned request may not end it
 */
record HttpSubscription(
    String protocol,
    String endpoint,
    Receiver receiver,
    State state,
    Instant since,
    boolean isAuthenticated,
    boolean isAuthenticatedOnUnsubscribe) {

  static final String HTTP = "http";
  static final String HTTPS = "https";

  private static final String PROTOCOL = Subscriptions.INTERNAL + "protocol";
  private static final String ENDPOINT = Subscriptions.INTERNAL + "endpoint";
  private static final String REGION = Subscriptions.INTERNAL + "region";
  private static final String ACCOUNT = Subscriptions.INTERNAL + "account";
  private static final String ADDRESS = Subscriptions.INTERNAL + "address";
  private static final String STATE = Subscriptions.INTERNAL + "state";
  private static final String SINCE = Subscriptions.INTERNAL + "since";
  private static final String AUTHENTICATED = Subscriptions.INTERNAL + "authenticated";
  private static final String ON_UNSUBSCRIBE = Subscriptions.INTERNAL + "authenticate-unsubscribe";

  /** Whether an endpoint wants messages. */
  enum State {
    /** It was asked, and has not answered. */
    PENDING("SubscriptionsPending"),
    /** It said that it does. */
    CONFIRMED("SubscriptionsConfirmed"),
    /** An unsigned request ended it; the endpoint was told, and may take that back. */
    DELETED("SubscriptionsDeleted");

    private final String topicAttribute;

    State(String topicAttribute) {
      this.topicAttribute = topicAttribute;
    }

    /** The attribute of a topic that counts its subscriptions in this state. */
    String topicAttribute() {
      return topicAttribute;
    }
  }

  static boolean isProtocol(String protocol) {
    return protocol.equals(HTTP) || protocol.equals(HTTPS);
  }

  /** A new subscription of the caller's. */
  static HttpSubscription pending(String protocol, String endpoint, Instant now) {
    CallContext context = CallContext.current();
    return new HttpSubscription(
        protocol,
        endpoint,
        new Receiver(context.region(), context.accountId(), context.endpoint()),
        State.PENDING,
        now,
        false,
        false);
  }

  /** What is kept with a source; empty for one of a queue that clients take from. */
  static Optional<HttpSubscription> of(Source source) {
    if (!source.attributes().containsKey(PROTOCOL)) {
      return Optional.empty();
    }
    return Optional.of(
        new HttpSubscription(
            kept(source, PROTOCOL),
            kept(source, ENDPOINT),
            new Receiver(
                kept(source, REGION), kept(source, ACCOUNT), URI.create(kept(source, ADDRESS))),
            State.valueOf(kept(source, STATE)),
            Instant.parse(kept(source, SINCE)),
            Boolean.parseBoolean(kept(source, AUTHENTICATED)),
            Boolean.parseBoolean(kept(source, ON_UNSUBSCRIBE))));
  }

  private static String kept(Source source, String name) {
    return Objects.requireNonNull(source.attributes().get(name), name);
  }

  /** Attributes of a source with these instead of what was kept. */
  SortedMap<String, String> in(Map<String, String> attributes) {
    SortedMap<String, String> kept = new TreeMap<>(attributes);
    kept.put(PROTOCOL, protocol);
    kept.put(ENDPOINT, endpoint);
    kept.put(REGION, receiver.region());
    kept.put(ACCOUNT, receiver.account());
    kept.put(ADDRESS, receiver.endpoint().toString());
    kept.put(STATE, state.name());
    kept.put(SINCE, since.toString());
    kept.put(AUTHENTICATED, Boolean.toString(isAuthenticated));
    kept.put(ON_UNSUBSCRIBE, Boolean.toString(isAuthenticatedOnUnsubscribe));
    return kept;
  }

  HttpSubscription confirmed(boolean authenticated, boolean onUnsubscribe, Instant now) {
    return new HttpSubscription(
        protocol, endpoint, receiver, State.CONFIRMED, now, authenticated, onUnsubscribe);
  }

  HttpSubscription deleted(Instant now) {
    return new HttpSubscription(
        protocol,
        endpoint,
        receiver,
        State.DELETED,
        now,
        isAuthenticated,
        isAuthenticatedOnUnsubscribe);
  }

  boolean isConfirmed() {
    return state == State.CONFIRMED;
  }

  /** Whether it is too late to confirm it: such a subscription is as good as gone. */
  boolean isExpired(Instant now) {
    return state != State.CONFIRMED && now.isAfter(since.plus(SnsLimits.TOKEN_VALIDITY));
  }

  /** The topic's ARN as this subscriber knows it. */
  String topicArn(Source source) {
    return Arns.topic(receiver.region(), receiver.account(), source.topic());
  }

  /** The subscription's ARN as this subscriber knows it. */
  String arn(Source source) {
    return Subscriptions.arn(source, receiver.region(), receiver.account());
  }

  /** Where to post, for a log: without a password. */
  String shownEndpoint() {
    return endpoint.replaceFirst("//[^/@]*@", "//");
  }
}
