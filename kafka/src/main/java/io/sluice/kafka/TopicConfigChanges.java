package io.sluice.kafka;

import io.sluice.broker.Topic;
import io.sluice.broker.Topics;
import io.sluice.log.TopicConfigs;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * What clients change of the configuration of topics. The broker's own configuration is read at its
 * start and cannot be altered by a client. Safe for use by many threads.
 */
final class TopicConfigChanges {

  private final Topics topics;

  /** Held from reading a configuration to writing it, so that no change undoes another. */
  private final ReentrantLock lock = new ReentrantLock();

  TopicConfigChanges(Topics topics) {
    this.topics = topics;
  }

  /** The resources that a request names more than once: Kafka refuses to alter them. */
  static Set<ConfigResource> repeated(Collection<ConfigResource> named) {
    Set<ConfigResource> seen = new HashSet<>();
    Set<ConfigResource> repeated = new HashSet<>();
    named.stream().filter(resource -> !seen.add(resource)).forEach(repeated::add);
    return repeated;
  }

  /**
   * Applies {@code change} to the configuration that {@code resource} has, if it is valid then.
   *
   * @param configNames what the client alters, each of which it may name once
   */
  void change(
      ConfigResource resource,
      Collection<String> configNames,
      boolean validateOnly,
      Consumer<SortedMap<String, String>> change) {
    if (new HashSet<>(configNames).size() < configNames.size()) {
      throw new InvalidRequestException("a config is altered twice: " + configNames);
    }
    if (resource.type() != ConfigResource.Type.TOPIC) {
      throw new InvalidRequestException(
          "only the configuration of topics can be altered, not of " + resource.type());
    }
    org.apache.kafka.common.internals.Topic.validate(resource.name());
    lock.lock();
    try {
      Topic topic =
          topics
              .find(resource.name())
              .orElseThrow(
                  () -> new UnknownTopicOrPartitionException("no topic " + resource.name()));
      SortedMap<String, String> configs = new TreeMap<>(topic.configs());
      change.accept(configs);
      TopicConfigs.validate(configs);
      if (!validateOnly) {
        topics.alterConfigs(topic.name(), configs);
      }
    } finally {
      lock.unlock();
    }
  }
}
