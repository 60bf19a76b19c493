package io.sluice.kafka.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.LogLevelConfig;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;

/**
 * The loggers of this broker and their levels (KIP-412), by the names of log4j that Kafka's clients
 * know. Levels last until the broker stops. Beside each logger its packages can be set, too.
 */
final class ConfigurableLoggers implements Configurable {

  private static final String ROOT = "root";

  private final int nodeId;

  /** Held, as {@code java.util.logging} forgets the levels of loggers that nobody holds. */
  private final Set<Logger> set = ConcurrentHashMap.newKeySet();

  ConfigurableLoggers(int nodeId) {
    this.nodeId = nodeId;
  }

  @Override
  public ConfigResource.Type type() {
    return ConfigResource.Type.BROKER_LOGGER;
  }

  @Override
  public List<String> names() {
    return List.of(Integer.toString(nodeId));
  }

  @Override
  public List<DescribedConfig> describe(String id) {
    checkId(id);
    List<DescribedConfig> described = new ArrayList<>();
    for (Logger logger : loggers()) {
      described.add(
          new DescribedConfig(
              kafkaName(logger),
              name(effectiveLevel(logger)),
              null,
              false,
              ConfigSource.DYNAMIC_BROKER_LOGGER_CONFIG,
              List.of(),
              null));
    }
    return described;
  }

  private void checkId(String id) {
    if (id.isEmpty()) {
      throw new InvalidRequestException("Broker id must not be empty");
    }
    if (!id.equals(Integer.toString(nodeId))) {
      throw new InvalidRequestException(
          "Unexpected broker id, expected " + nodeId + " but received " + id);
    }
  }

  private static List<Logger> loggers() {
    List<Logger> loggers = new ArrayList<>();
    for (String name : Collections.list(LogManager.getLogManager().getLoggerNames())) {
      Logger logger = LogManager.getLogManager().getLogger(name);
      if (logger != null && !logger.getName().equals(Logger.GLOBAL_LOGGER_NAME)) {
        loggers.add(logger);
      }
    }
    return loggers;
  }

  private static String kafkaName(Logger logger) {
    return logger.getName().isEmpty() ? ROOT : logger.getName();
  }

  private static Level effectiveLevel(Logger logger) {
    Logger at = logger;
    while (at.getLevel() == null && at.getParent() != null) {
      at = at.getParent();
    }
    return at.getLevel() == null ? Level.INFO : at.getLevel();
  }

  private static String name(Level level) {
    int value = level.intValue();
    if (value == Level.OFF.intValue()) {
      return "OFF";
    }
    if (value >= Level.SEVERE.intValue()) {
      return LogLevelConfig.ERROR_LOG_LEVEL;
    }
    if (value >= Level.WARNING.intValue()) {
      return LogLevelConfig.WARN_LOG_LEVEL;
    }
    if (value >= Level.INFO.intValue()) {
      return LogLevelConfig.INFO_LOG_LEVEL;
    }
    return value >= Level.FINE.intValue()
        ? LogLevelConfig.DEBUG_LOG_LEVEL
        : LogLevelConfig.TRACE_LOG_LEVEL;
  }

  private static Level level(String name) {
    return switch (name) {
      case LogLevelConfig.FATAL_LOG_LEVEL, LogLevelConfig.ERROR_LOG_LEVEL -> Level.SEVERE;
      case LogLevelConfig.WARN_LOG_LEVEL -> Level.WARNING;
      case LogLevelConfig.INFO_LOG_LEVEL -> Level.INFO;
      case LogLevelConfig.DEBUG_LOG_LEVEL -> Level.FINE;
      case LogLevelConfig.TRACE_LOG_LEVEL -> Level.FINER;
      default ->
          throw new InvalidConfigurationException(
              "Cannot set a log level to "
                  + name
                  + " as it is not a supported log level. Valid log levels are "
                  + LogLevelConfig.VALID_LOG_LEVELS);
    };
  }

  /** Those that have a level of their own. */
  @Override
  public SortedMap<String, String> current(String id) {
    SortedMap<String, String> levels = new TreeMap<>();
    for (Logger logger : loggers()) {
      if (logger.getLevel() != null) {
        levels.put(kafkaName(logger), name(logger.getLevel()));
      }
    }
    return levels;
  }

  @Override
  public void validate(String id, SortedMap<String, String> levels) {
    checkId(id);
    if (!levels.containsKey(ROOT)) {
      throw new InvalidRequestException(
          "Removing the log level of the " + ROOT + " logger is not allowed");
    }
    SortedMap<String, String> before = current(id);
    Set<String> known = new HashSet<>();
    loggers().forEach(logger -> known.add(kafkaName(logger)));
    levels.forEach(
        (name, level) -> {
          if (!level.equals(before.get(name))) {
            level(level);
            if (known.stream().noneMatch(each -> (each + ".").startsWith(name + "."))) {
              throw new InvalidConfigurationException("Logger " + name + " does not exist!");
            }
          }
        });
  }

  @Override
  public void replace(String id, SortedMap<String, String> levels) {
    SortedMap<String, String> before = current(id);
    for (String name : before.keySet()) {
      if (!levels.containsKey(name)) {
        logger(name).setLevel(null);
      }
    }
    levels.forEach(
        (name, level) -> {
          if (!level.equals(before.get(name))) {
            Logger logger = logger(name);
            set.add(logger);
            logger.setLevel(level(level));
          }
        });
  }

  private static Logger logger(String kafkaName) {
    return Logger.getLogger(kafkaName.equals(ROOT) ? "" : kafkaName);
  }
}
