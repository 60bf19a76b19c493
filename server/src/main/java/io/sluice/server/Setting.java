package io.sluice.server;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * One documented setting of {@code serve}; see {@link Settings} for the list. It is {@code name} in
 * a configuration file, {@code --name} as a flag and {@code SLUICE_NAME} in the environment.
 *
 * @param name lower case, words joined by hyphens
 * @param parameter what stands for the value in the help, such as {@code PORT}
 * @param defaultValue the value when nobody sets it
 * @param description one sentence
 * @param parse turns text into the value; throws {@link IllegalArgumentException} with what would
 *     be right
 */
record Setting<T>(
    String name,
    String parameter,
    String defaultValue,
    String description,
    Function<String, T> parse) {

  String flag() {
    return "--" + name;
  }

  String environmentVariable() {
    return Settings.ENVIRONMENT_PREFIX + name.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  /** Throws {@link IllegalArgumentException} with what would be right, unless the text is legal. */
  void check(String text) {
    Objects.requireNonNull(parse.apply(text));
  }

  static Function<String, Integer> number(int least, int most) {
    return text -> {
      try {
        int number = Integer.parseInt(text.strip());
        if (number >= least && number <= most) {
          return number;
        }
      } catch (NumberFormatException e) {
        // Falls through to the message that says what would be right.
      }
      throw new IllegalArgumentException("a number from " + least + " to " + most);
    };
  }

  static Function<String, Path> path() {
    return text -> {
      try {
        if (!text.isEmpty()) {
          return Path.of(text);
        }
      } catch (InvalidPathException e) {
        // Falls through to the message that says what would be right.
      }
      throw new IllegalArgumentException("a path");
    };
  }

  /** A number, or a word that stands for none. */
  static Function<String, OptionalInt> numberOr(String word, int least, int greatest) {
    Function<String, Integer> number = number(least, greatest);
    return text -> {
      if (text.equals(word)) {
        return OptionalInt.empty();
      }
      try {
        return OptionalInt.of(number.apply(text));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(e.getMessage() + " or " + word, e);
      }
    };
  }

  static Function<String, Boolean> trueOrFalse() {
    return text ->
        switch (text) {
          case "true" -> true;
          case "false" -> false;
          default -> throw new IllegalArgumentException("true or false");
        };
  }

  static Function<String, String> matching(String pattern, String whatWouldBeRight) {
    return text -> {
      if (text.matches(pattern)) {
        return text;
      }
      throw new IllegalArgumentException(whatWouldBeRight);
    };
  }
}
