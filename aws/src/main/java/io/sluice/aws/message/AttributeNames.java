package io.sluice.aws.message;

import java.util.Locale;

/**
 * The rule for names of message attributes: 1–256 letters, digits, {@code _}, {@code -} and {@code
 * .}; no period first, last or twice in a row; not beginning with {@code AWS.} or {@code Amazon.}
 * in any case (Amazon's "Amazon SQS message metadata"). Letters with accents pass, as they do at
 * Amazon.
 */
public final class AttributeNames {

  /** The longest name. */
  public static final int MAX_LENGTH = 256;

  private AttributeNames() {}

  /** Whether SQS takes {@code name}. */
  public static boolean isLegal(String name) {
    int length = name.length();
    if (length == 0 || length > MAX_LENGTH || name.charAt(length - 1) == '.') {
      return false;
    }
    char before = '.';
    for (int i = 0; i < length; i++) {
      char c = name.charAt(i);
      if (c == '.' ? before == '.' : !isWordCharacter(c)) {
        return false;
      }
      before = c;
    }
    return !isAmazons(name);
  }

  private static boolean isWordCharacter(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-'
        || (c >= '\u00C0' && c <= '\u017F');
  }

  private static boolean isAmazons(String name) {
    char first = name.charAt(0);
    if (first != 'a' && first != 'A') {
      return false;
    }
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.startsWith("aws.") || lower.startsWith("amazon.");
  }
}
