package io.sluice.kafka.config;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.kafka.common.config.ConfigResource;

/**
 * All resources of one type that have configuration. Safe for use by many threads. What is wrong
 * with a name or a config is one of Kafka's own exceptions.
 */
public interface Configurable {

  /** Which type. */
  ConfigResource.Type type();

  /** The resources that there are, as ListConfigResources names them. */
  List<String> names();

  /**
   * Every config of a resource with its effective value.
   *
   * @throws org.apache.kafka.common.errors.ApiException there is no such resource
   */
  List<DescribedConfig> describe(String name);

  /**
   * The built-in default of a config that is a list, which grows and shrinks from there when it is
   * not set; empty for a config that is none.
   */
  default Optional<String> defaultOfList(String config) {
    return Optional.empty();
  }

  /** What is set now; nothing when there is no such resource. */
  SortedMap<String, String> current(String name);

  /**
   * Checks what shall be set, and that there is such a resource.
   *
   * @throws org.apache.kafka.common.errors.ApiException the name or a config is wrong
   * @throws org.apache.kafka.common.config.ConfigException a config is wrong
   */
  void validate(String name, SortedMap<String, String> configs);

  /** Sets what has been validated, and unsets everything else. */
  void replace(String name, SortedMap<String, String> configs);
}
