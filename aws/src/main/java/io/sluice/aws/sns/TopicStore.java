package io.sluice.aws.sns;

import io.sluice.broker.Topic;
import io.sluice.broker.Topics;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Changes what is stored with topics. A lock orders the changes, so that of two at once both take
 * effect.
 */
final class TopicStore {

  private final Topics topics;
  private final TopicDirectory directory;
  private final Lock changes = new ReentrantLock();

  TopicStore(Topics topics, TopicDirectory directory) {
    this.topics = topics;
    this.directory = directory;
  }

  /** Replaces what is stored with a topic by what {@code change} makes of it. */
  void change(Topic found, Function<Map<String, String>, SortedMap<String, String>> change) {
    changes.lock();
    try {
      Topic topic = directory.find(found.name()).orElseThrow(SnsErrors::topicNotFound);
      topics.setAttributes(topic.name(), change.apply(topic.attributes()));
    } finally {
      changes.unlock();
    }
  }
}
