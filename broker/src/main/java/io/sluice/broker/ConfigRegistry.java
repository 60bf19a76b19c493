package io.sluice.broker;

import io.sluice.broker.MetadataState.ConfigName;
import io.sluice.log.TopicDefaults;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.PolicyViolationException;

/** The configs of the metadata journal. Changes hold the metadata lock. */
final class ConfigRegistry implements Configs {

  /** In the names and values of one thing's configuration: so many fit into one journal record. */
  static final int MAX_CHARACTERS_OF_ONE = 128 * 1024;

  /** In all of them together, for they are kept in memory. */
  static final int MAX_CHARACTERS = 16 * 1024 * 1024;

  private record Listener(ConfigKind kind, Consumer<String> changed) {}

  private final Metadata metadata;
  private final String nodeId;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  /** Owned by the metadata lock. */
  private long characters;

  ConfigRegistry(Metadata metadata, int nodeId) {
    this.metadata = metadata;
    this.nodeId = Integer.toString(nodeId);
    metadata.state().configs().forEach((of, are) -> characters += size(of.name(), are));
  }

  private static long size(String name, Map<String, String> configs) {
    return configs.isEmpty()
        ? 0
        : name.length()
            + configs.entrySet().stream()
                .mapToLong(config -> config.getKey().length() + config.getValue().length())
                .sum();
  }

  @Override
  public SortedMap<String, String> of(ConfigKind kind, String name) {
    return metadata.state().configs(kind, name);
  }

  @Override
  public List<String> names(ConfigKind kind) {
    return metadata.state().configs().keySet().stream()
        .filter(of -> of.kind() == kind)
        .map(ConfigName::name)
        .toList();
  }

  @Override
  public void validate(ConfigKind kind, String name, Map<String, String> configs) {
    if (kind == ConfigKind.BROKER) {
      boolean cluster = name.equals(TopicLayers.CLUSTER);
      Map<String, String> together =
          new HashMap<>(of(kind, cluster ? nodeId : TopicLayers.CLUSTER));
      if (cluster) {
        configs.forEach(together::putIfAbsent);
      } else {
        together.putAll(configs);
      }
      TopicDefaults.validate(configs, together);
    }
  }

  @Override
  public void replace(ConfigKind kind, String name, Map<String, String> configs) {
    metadata.alone(
        () -> {
          validate(kind, name, configs);
          long size = size(name, configs);
          long total = characters - size(name, of(kind, name)) + size;
          if (size > MAX_CHARACTERS_OF_ONE || total > MAX_CHARACTERS) {
            throw new PolicyViolationException(
                "this broker keeps at most %d characters of configs, %d of them for one resource"
                    .formatted(MAX_CHARACTERS, MAX_CHARACTERS_OF_ONE));
          }
          metadata.commit(new MetadataRecord.ConfigsAre(kind, name, new TreeMap<>(configs)));
          characters = total;
          listeners.stream()
              .filter(listener -> listener.kind() == kind)
              .forEach(listener -> listener.changed().accept(name));
          return configs;
        });
  }

  @Override
  public void addListener(ConfigKind kind, Consumer<String> listener) {
    listeners.add(new Listener(kind, listener));
  }
}
