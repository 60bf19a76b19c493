package io.sluice.kafka.config;

import io.sluice.kafka.ErrorCodes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.jspecify.annotations.Nullable;

/**
 * What clients change of the configuration of any resource. Each resource of a request is altered
 * by itself: as a whole, or not at all. Safe for use by many threads.
 */
final class ConfigChanges {

  /** Of Kafka's ConfigurationControlManager. */
  private static final int MAX_VALUE_CHARACTERS = Short.MAX_VALUE;

  private final Map<ConfigResource.Type, Configurable> configurables;

  /** Held from reading a configuration to writing it, so that no change undoes another. */
  private final ReentrantLock lock = new ReentrantLock();

  /**
   * Changes of these.
   *
   * @param configurables by their type
   */
  ConfigChanges(Map<ConfigResource.Type, Configurable> configurables) {
    this.configurables = configurables;
  }

  /**
   * What a client asks of one resource.
   *
   * @param configs the values that the client gives, by their names, each of which it may name once
   * @param effect on the configuration that the resource has
   */
  record Change(ConfigResource resource, List<Value> configs, Effect effect) {}

  /** A config as a client gives it; {@code needed} unless the value does not matter. */
  record Value(String name, @Nullable String value, boolean needed) {}

  /** How a configuration changes. */
  @FunctionalInterface
  interface Effect {
    void on(Configurable configurable, SortedMap<String, String> configs);
  }

  /** A resource as requests name it. */
  static ConfigResource resource(byte type, String name) {
    return new ConfigResource(ConfigResource.Type.forId(type), name);
  }

  /**
   * Makes each change whose outcome is valid, and says in the same order how each went. As in Kafka
   * a resource that is named more than once is not altered at all.
   *
   * @param asked the resources of a request
   * @param change what is asked of one of them
   * @param answer takes each with its outcome
   */
  <R> void make(
      Collection<R> asked,
      Function<R, Change> change,
      boolean validateOnly,
      BiConsumer<R, ApiError> answer) {
    List<Change> changes = asked.stream().map(change).toList();
    Set<ConfigResource> seen = new HashSet<>();
    Set<ConfigResource> repeated = new HashSet<>();
    changes.stream()
        .map(Change::resource)
        .filter(resource -> !seen.add(resource))
        .forEach(repeated::add);
    List<ApiError> outcomes = new ArrayList<>();
    for (Change each : changes) {
      outcomes.add(
          repeated.contains(each.resource())
              ? new ApiError(Errors.INVALID_REQUEST, "Each resource must appear at most once.")
              : make(each, validateOnly));
    }
    int index = 0;
    for (R resource : asked) {
      answer.accept(resource, outcomes.get(index++));
    }
  }

  private ApiError make(Change change, boolean validateOnly) {
    try {
      check(change);
      Configurable configurable = configurables.get(change.resource().type());
      if (configurable == null) {
        throw new InvalidRequestException("Unknown resource type " + change.resource().type());
      }
      apply(change, configurable, validateOnly);
      return ApiError.NONE;
    } catch (ConfigException e) {
      return new ApiError(Errors.INVALID_CONFIG, e.getMessage());
    } catch (RuntimeException e) {
      return new ApiError(ErrorCodes.of(e), e.getMessage());
    }
  }

  private static void check(Change change) {
    Set<String> names = new HashSet<>();
    for (Value config : change.configs()) {
      if (!names.add(config.name())) {
        throw new InvalidRequestException("Error due to duplicate config keys: " + config.name());
      }
    }
    List<String> missing =
        change.configs().stream()
            .filter(config -> config.needed() && config.value() == null)
            .map(Value::name)
            .toList();
    if (!missing.isEmpty()) {
      throw new InvalidRequestException(
          "Null value not supported for : " + String.join(", ", missing));
    }
  }

  private void apply(Change change, Configurable configurable, boolean validateOnly) {
    String name = change.resource().name();
    lock.lock();
    try {
      SortedMap<String, String> configs = new TreeMap<>(configurable.current(name));
      change.effect().on(configurable, configs);
      for (String value : configs.values()) {
        if (value.length() > MAX_VALUE_CHARACTERS) {
          throw new InvalidConfigurationException(
              "The configuration value cannot be added because it exceeds the maximum value size of"
                  + " "
                  + MAX_VALUE_CHARACTERS
                  + " bytes.");
        }
      }
      configurable.validate(name, configs);
      if (!validateOnly) {
        configurable.replace(name, configs);
      }
    } finally {
      lock.unlock();
    }
  }
}
