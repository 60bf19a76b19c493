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
      SortedMap<String, String> attributes = change.apply(topic.attributes());
      // A crash in between leaves messages that are kept too long rather than not long enough.
      boolean isShorter = TopicRetention.isShorter(topic.attributes(), attributes);
      if (!isShorter) {
        keep(topic, attributes);
      }
      topics.setAttributes(topic.name(), attributes);
      if (isShorter) {
        keep(topic, attributes);
      }
    } finally {
      changes.unlock();
    }
  }

  private void keep(Topic before, Map<String, String> attributes) {
    SortedMap<String, String> configs =
        TopicRetention.configs(topics.layers(before), before.attributes(), attributes);
    if (!configs.equals(before.configs())) {
      topics.alterConfigs(before.name(), configs);
    }
  }
}
