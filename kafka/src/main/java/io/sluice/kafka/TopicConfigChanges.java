package io.sluice.kafka;

import io.sluice.broker.Topic;
import io.sluice.broker.Topics;
import io.sluice.log.TopicConfigs;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

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

  /**
   * What a client asks of one resource.
   *
   * @param configNames what the client alters, each of which it may name once
   * @param effect on the configuration that the resource has
   */
  record Change(
      ConfigResource resource,
      Collection<String> configNames,
      Consumer<SortedMap<String, String>> effect) {}

  /** A resource as requests name it. */
  static ConfigResource resource(byte type, String name) {
    return new ConfigResource(ConfigResource.Type.forId(type), name);
  }

  /**
   * Makes each change whose outcome is valid, and says in the same order how each went. As in Kafka
   * a resource that is named more than once is not altered at all.
   */
  List<ApiError> make(List<Change> changes, boolean validateOnly) {
    Set<ConfigResource> seen = new HashSet<>();
    Set<ConfigResource> repeated = new HashSet<>();
    changes.stream()
        .map(Change::resource)
        .filter(resource -> !seen.add(resource))
        .forEach(repeated::add);
    return changes.stream()
        .map(
            change ->
                repeated.contains(change.resource())
                    ? new ApiError(
                        Errors.INVALID_REQUEST, "Each resource must appear at most once.")
                    : make(change, validateOnly))
        .toList();
  }

  private ApiError make(Change change, boolean validateOnly) {
    try {
      check(change);
      apply(change, validateOnly);
      return ApiError.NONE;
    } catch (RuntimeException e) {
      return new ApiError(ErrorCodes.of(e), e.getMessage());
    }
  }

  private static void check(Change change) {
    if (new HashSet<>(change.configNames()).size() < change.configNames().size()) {
      throw new InvalidRequestException("a config is altered twice: " + change.configNames());
    }
    ConfigResource resource = change.resource();
    if (resource.type() != ConfigResource.Type.TOPIC) {
      throw new InvalidRequestException(
          "only the configuration of topics can be altered, not of " + resource.type());
    }
    org.apache.kafka.common.internals.Topic.validate(resource.name());
  }

  private void apply(Change change, boolean validateOnly) {
    String name = change.resource().name();
    lock.lock();
    try {
      Topic topic =
          topics
              .find(name)
              .orElseThrow(() -> new UnknownTopicOrPartitionException("no topic " + name));
      SortedMap<String, String> configs = new TreeMap<>(topic.configs());
      change.effect().accept(configs);
      TopicConfigs.validate(configs);
      if (!validateOnly) {
        topics.alterConfigs(name, configs);
      }
    } finally {
      lock.unlock();
    }
  }
}
