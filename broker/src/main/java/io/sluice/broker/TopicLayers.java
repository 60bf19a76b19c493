package io.sluice.broker;

import io.sluice.broker.MetadataState.StoredTopic;
import io.sluice.log.LayeredConfigs;
import io.sluice.log.TopicDefaults;
import java.util.HashMap;
import java.util.Map;

/**
 * Which configs hold for topics beside their own: what is set for this broker, and for the cluster
 * (KIP-226). The inboxes of queues have the settings of their queues and nothing else, as whoever
 * alters the defaults of topics does not mean queues to lose messages. Safe for use by many
 * threads.
 */
final class TopicLayers {

  /** What is set for no broker by its id is set for the cluster. */
  static final String CLUSTER = "";

  private final MetadataState state;
  private final String nodeId;

  TopicLayers(MetadataState state, int nodeId) {
    this.state = state;
    this.nodeId = Integer.toString(nodeId);
  }

  LayeredConfigs over(TopicKind kind, Map<String, String> ofTopic) {
    return switch (kind) {
      case USER, INTERNAL -> new LayeredConfigs(ofTopic, setFor(nodeId), setFor(CLUSTER));
      case QUEUE_INBOX -> LayeredConfigs.of(ofTopic);
    };
  }

  private Map<String, String> setFor(String broker) {
    Map<String, String> set = state.configs(ConfigKind.BROKER, broker);
    // Most brokers set nothing, and need not load what would read it.
    return set.isEmpty() ? Map.of() : TopicDefaults.ofTopics(set);
  }

  /** What counts for every topic, deleted ones that are still drained included, by storage name. */
  Map<String, Map<String, String>> effective() {
    Map<String, Map<String, String>> effective = new HashMap<>();
    for (StoredTopic stored : state.storedTopics()) {
      effective.put(stored.storageName(), effective(stored.topic()));
    }
    return effective;
  }

  /** What counts for one. */
  Map<String, String> effective(Topic topic) {
    return over(topic.kind(), topic.configs()).effective();
  }
}
