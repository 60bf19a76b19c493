package io.sluice.log;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The configuration of one topic by where it is set, everywhere in the topic's names for it. What
 * no layer sets has its built-in default.
 */
public record LayeredConfigs(
    Map<String, String> ofTopic, Map<String, String> ofBroker, Map<String, String> ofCluster) {

  /** Of a topic that follows nobody's defaults but the built-in ones. */
  public static LayeredConfigs of(Map<String, String> ofTopic) {
    return new LayeredConfigs(ofTopic, Map.of(), Map.of());
  }

  /** What one layer sets. */
  public Map<String, String> of(ConfigLayer layer) {
    return switch (layer) {
      case TOPIC -> ofTopic;
      case BROKER -> ofBroker;
      case CLUSTER -> ofCluster;
    };
  }

  /** What the topic would have if it set nothing itself. */
  public Map<String, String> defaults() {
    return over(ofCluster, ofBroker);
  }

  /** What counts. */
  public Map<String, String> effective() {
    return over(defaults(), ofTopic);
  }

  /** What counts for one config; empty when it has its built-in default. */
  public Optional<String> effective(String name) {
    return Optional.ofNullable(effective().get(name));
  }

  private static Map<String, String> over(Map<String, String> below, Map<String, String> above) {
    if (below.isEmpty()) {
      return above;
    }
    Map<String, String> both = new HashMap<>(below);
    both.putAll(above);
    return both;
  }
}
