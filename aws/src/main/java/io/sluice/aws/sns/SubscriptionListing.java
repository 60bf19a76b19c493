package io.sluice.aws.sns;

import io.sluice.aws.CallContext;
import io.sluice.broker.Source;
import io.sluice.broker.Sources;
import io.sluice.broker.Topic;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sns.model.ListSubscriptionsByTopicRequest;
import software.amazon.awssdk.services.sns.model.ListSubscriptionsByTopicResponse;
import software.amazon.awssdk.services.sns.model.ListSubscriptionsRequest;
import software.amazon.awssdk.services.sns.model.ListSubscriptionsResponse;
import software.amazon.awssdk.services.sns.model.Subscription;

/**
 * ListSubscriptions and ListSubscriptionsByTopic: by topic and queue, whose names make the token of
 * a page, so that what comes and goes between two pages neither hides nor repeats another.
 */
final class SubscriptionListing {

  private static final Comparator<Source> ORDER = Comparator.comparing(SubscriptionListing::place);

  private final Sources sources;
  private final TopicDirectory topics;
  private final InstantSource clock;

  SubscriptionListing(Sources sources, TopicDirectory topics, InstantSource clock) {
    this.sources = sources;
    this.topics = topics;
    this.clock = clock;
  }

  private record Page(List<Subscription> subscriptions, @Nullable String nextToken) {}

  ListSubscriptionsResponse list(ListSubscriptionsRequest request) {
    Page page = page(sources.list(), request.nextToken());
    return ListSubscriptionsResponse.builder()
        .subscriptions(page.subscriptions())
        .nextToken(page.nextToken())
        .build();
  }

  ListSubscriptionsByTopicResponse listByTopic(ListSubscriptionsByTopicRequest request) {
    Topic topic = topics.require("TopicArn", request.topicArn());
    Page page = page(sources.ofTopic(topic.name()), request.nextToken());
    return ListSubscriptionsByTopicResponse.builder()
        .subscriptions(page.subscriptions())
        .nextToken(page.nextToken())
        .build();
  }

  private Page page(List<Source> all, @Nullable String token) {
    String after = TopicDirectory.readToken(token);
    Instant now = clock.instant();
    List<Source> found =
        all.stream()
            .filter(
                source -> HttpSubscription.of(source).filter(one -> one.isExpired(now)).isEmpty())
            .filter(source -> place(source).compareTo(after) > 0)
            .sorted(ORDER)
            .limit(SnsLimits.PAGE + 1L)
            .toList();
    List<Source> page = found.subList(0, Math.min(found.size(), SnsLimits.PAGE));
    return new Page(
        page.stream().map(SubscriptionListing::subscription).toList(),
        found.size() > page.size() ? TopicDirectory.token(place(page.getLast())) : null);
  }

  /** A space sorts before every character of a name. */
  private static String place(Source source) {
    return source.topic() + " " + source.queue();
  }

  /** What Amazon shows in place of an ARN that cannot be used. */
  private static String shownArn(Source source, HttpSubscription endpoint) {
    return switch (endpoint.state()) {
      case PENDING -> "PendingConfirmation";
      case CONFIRMED -> SubscriptionActions.arn(source);
      case DELETED -> "Deleted";
    };
  }

  private static Subscription subscription(Source source) {
    return Subscription.builder()
        .subscriptionArn(
            HttpSubscription.of(source)
                .map(one -> shownArn(source, one))
                .orElseGet(() -> SubscriptionActions.arn(source)))
        .owner(CallContext.current().accountId())
        .protocol(SubscriptionActions.protocol(source))
        .endpoint(SubscriptionActions.endpoint(source))
        .topicArn(TopicDirectory.arn(source.topic()))
        .build();
  }
}
