package io.sluice.server;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/**
 * The flags of one {@code serve}.
 *
 * @param file that of {@code --config}
 * @param settings text by the settings' names
 */
record ServeFlags(Optional<Path> file, Map<String, String> settings) {

  /**
   * Reads arguments that are nothing but known flags, each once, each followed by its value. This
   * spares a server the picocli classes, which no AOT cache can hold (they are compiled for Java 5)
   * and which take longer to load than everything else.
   *
   * @param arguments those after {@code serve}
   * @return empty when picocli has to look: there is help to give, a word to complain about, or a
   *     spelling that only it understands
   */
  static Optional<ServeFlags> plain(String... arguments) {
    Map<String, String> values = new HashMap<>();
    if (arguments.length % 2 != 0) {
      return Optional.empty();
    }
    for (int i = 0; i < arguments.length; i += 2) {
      if (!isPlain(arguments[i], arguments[i + 1])
          || values.put(arguments[i], arguments[i + 1]) != null) {
        return Optional.empty();
      }
    }
    return Optional.of(of(values));
  }

  private static boolean isPlain(String flag, String value) {
    // picocli reads the arguments of @FILE from that file.
    return (flag.equals(ServeCommand.CONFIG)
            || Settings.ALL.stream().anyMatch(setting -> setting.flag().equals(flag)))
        && !value.startsWith("-")
        && !value.startsWith("@");
  }

  /** What picocli has parsed. */
  static ServeFlags of(ParseResult parsed) {
    Map<String, String> values = new HashMap<>();
    parsed
        .matchedOptions()
        .forEach(option -> values.put(option.longestName(), option.getValue().toString()));
    return of(values);
  }

  private static ServeFlags of(Map<String, String> values) {
    Map<String, String> settings = new HashMap<>();
    for (Setting<?> setting : Settings.ALL) {
      if (values.containsKey(setting.flag())) {
        settings.put(setting.name(), values.get(setting.flag()));
      }
    }
    return new ServeFlags(
        Optional.ofNullable(values.get(ServeCommand.CONFIG)).map(Path::of), Map.copyOf(settings));
  }
}
