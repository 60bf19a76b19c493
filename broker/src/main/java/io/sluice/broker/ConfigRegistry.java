package io.sluice.broker;

import io.sluice.broker.MetadataState.ConfigName;
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
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  /** Owned by the metadata lock. */
  private long characters;

  ConfigRegistry(Metadata metadata) {
    this.metadata = metadata;
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
    SortedMap<String, String> configs = metadata.state().configs().get(new ConfigName(kind, name));
    return configs == null ? new TreeMap<>() : configs;
  }

  @Override
  public List<String> names(ConfigKind kind) {
    return metadata.state().configs().keySet().stream()
        .filter(of -> of.kind() == kind)
        .map(ConfigName::name)
        .toList();
  }

  @Override
  public void replace(ConfigKind kind, String name, Map<String, String> configs) {
    metadata.alone(
        () -> {
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
