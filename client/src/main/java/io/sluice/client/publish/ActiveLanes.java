package io.sluice.client.publish;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The lanes that have something, by topic, and which of it goes next: topics by turns, and the
 * lanes of each. Guarded by the lock of {@link Publishing}.
 */
final class ActiveLanes {

  private final Map<String, TopicLanes> topics = new LinkedHashMap<>();
  private final int maxRequestBytes;

  ActiveLanes(int maxRequestBytes) {
    this.maxRequestBytes = maxRequestBytes;
  }

  /** A lane may have something. */
  void add(String topicArn, Lane lane) {
    if (!lane.isEmpty()) {
      TopicLanes topic = topics.get(topicArn);
      if (topic == null) {
        topic = new TopicLanes(topicArn, maxRequestBytes);
        topics.put(topicArn, topic);
      }
      topic.add(lane.active());
    }
  }

  /** What goes next, whose lanes are in flight until they {@link #land}; null for nothing. */
  @Nullable Request next(long now) {
    for (TopicLanes topic : topics.values()) {
      Request request = topic.next(now);
      if (!request.isEmpty()) {
        // Others first, the next time.
        topics.remove(topic.arn());
        topics.put(topic.arn(), topic);
        return request;
      }
    }
    return null;
  }

  /** The lanes of a request are not in flight any more. */
  void land(Request request) {
    TopicLanes topic = topics.get(request.topicArn());
    if (topic != null) {
      topic.land(request);
      if (topic.isEmpty()) {
        topics.remove(request.topicArn());
      }
    }
  }

  /** How long until one is ready, ns; at most {@code longest}. */
  long nanosToWait(long now, long longest) {
    long wait = longest;
    for (TopicLanes topic : topics.values()) {
      wait = Math.min(wait, topic.nanosToWait(now, longest));
    }
    return wait;
  }

  /** Whether nothing waits or is in flight. */
  boolean isEmpty() {
    return topics.isEmpty();
  }

  /** Takes all of which nobody knows what comes; of a lane that fails, what it gave before. */
  List<Outgoing> whatIsLeft() {
    List<Outgoing> left = new ArrayList<>();
    topics.values().forEach(topic -> left.addAll(topic.whatIsLeft()));
    topics.clear();
    return left;
  }
}
