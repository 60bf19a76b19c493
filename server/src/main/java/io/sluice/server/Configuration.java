package io.sluice.server;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/**
 * Values for {@link Settings}: flags win over the environment, the environment over the file, the
 * file over the defaults. Immutable; every value in it has been checked.
 */
final class Configuration {

  /** Variables of that prefix which are the launcher's. */
  private static final Set<String> LAUNCHER_VARIABLES = Set.of("SLUICE_LAUNCHER", "SLUICE_HEAP");

  private final Map<String, String> values;

  private Configuration(Map<String, String> values) {
    this.values = Map.copyOf(values);
  }

  /**
   * Reads a configuration.
   *
   * @param flags by the settings' names
   * @throws ConfigurationException an unknown setting or an illegal value; the message names it,
   *     where it came from, and what would be right
   */
  static Configuration of(
      Optional<Path> file, Map<String, String> environment, Map<String, String> flags) {
    Map<String, String> values = new HashMap<>();
    file.ifPresent(path -> values.putAll(fromFile(path)));
    values.putAll(fromEnvironment(environment));
    flags.forEach((name, value) -> put(values, setting(name, "--" + name), value, "--" + name));
    return new Configuration(values);
  }

  private static Map<String, String> fromFile(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new ConfigurationException("configuration file " + file + " cannot be read: " + e);
    }
    Map<String, String> values = new HashMap<>();
    for (String name : properties.stringPropertyNames()) {
      String where = name + " in " + file;
      put(values, setting(name, where), properties.getProperty(name), where);
    }
    return values;
  }

  private static Map<String, String> fromEnvironment(Map<String, String> environment) {
    Map<String, String> values = new HashMap<>();
    environment.forEach(
        (variable, value) -> {
          if (variable.startsWith(Settings.ENVIRONMENT_PREFIX)
              && !LAUNCHER_VARIABLES.contains(variable)) {
            String name =
                variable
                    .substring(Settings.ENVIRONMENT_PREFIX.length())
                    .toLowerCase(java.util.Locale.ROOT)
                    .replace('_', '-');
            put(values, setting(name, variable), value, variable);
          }
        });
    return values;
  }

  private static Setting<?> setting(String name, String where) {
    return Settings.ALL.stream()
        .filter(setting -> setting.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new ConfigurationException(
                    "unknown setting " + where + "; did you mean " + nearest(name) + "?"));
  }

  private static String nearest(String name) {
    List<String> names = Settings.ALL.stream().map(Setting::name).toList();
    return names.stream()
        .min(Comparator.comparingInt(candidate -> distance(candidate, name)))
        .orElseThrow();
  }

  /** Levenshtein's: how many letters must be changed, added or dropped. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j - 1], row[j]));
      }
    }
    return row[b.length()];
  }

  private static void put(
      Map<String, String> values, Setting<?> setting, String value, String where) {
    try {
      setting.check(value);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(where + " is " + value + " but must be " + e.getMessage());
    }
    values.put(setting.name(), value);
  }

  /** The value of a setting. */
  <T> T get(Setting<T> setting) {
    return setting.parse().apply(values.getOrDefault(setting.name(), setting.defaultValue()));
  }
}
