package io.sluice.broker;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Consumer;

/**
 * The configuration of everything but topics, by Kafka's names. A broker's are the defaults of its
 * topics and hold for them at once. Whether any other config means anything is for the door to say;
 * here they are kept. Safe for use by many threads. A change is durable, and visible to every door,
 * when its method returns.
 */
public interface Configs {

  /** What is set; empty for what was never configured, as it need not exist to be. */
  SortedMap<String, String> of(ConfigKind kind, String name);

  /** The names of all that has any config set, in their order. */
  List<String> names(ConfigKind kind);

  /**
   * Checks what shall be set for a broker; everything else is for the door to check.
   *
   * @throws org.apache.kafka.common.errors.InvalidConfigurationException a config of a broker that
   *     is no default of topics, or an illegal value
   */
  void validate(ConfigKind kind, String name, Map<String, String> configs);

  /**
   * Replaces what is set.
   *
   * @throws org.apache.kafka.common.errors.InvalidConfigurationException as {@link #validate}
   * @throws org.apache.kafka.common.errors.PolicyViolationException more than this broker keeps
   */
  void replace(ConfigKind kind, String name, Map<String, String> configs);

  /**
   * Calls {@code listener} with the name of what has changed, on the thread that made the change
   * and before its method returns; not for what is set already.
   */
  void addListener(ConfigKind kind, Consumer<String> listener);
}
