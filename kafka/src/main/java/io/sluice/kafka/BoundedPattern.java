package io.sluice.kafka;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import org.apache.kafka.common.errors.InvalidRegularExpression;

/**
 * Regular expressions of clients: RE2's, which match in linear time, and which are refused where
 * nested repetitions would unfold into more than the heap takes: {@code ((a{1000}){1000}){1000}}.
 */
public final class BoundedPattern {

  /** Roughly the instructions of a compiled pattern, of some 100 bytes each. */
  private static final long MAX_SIZE = 20_000;

  private static final java.util.regex.Pattern REPETITION =
      java.util.regex.Pattern.compile("\\{(\\d{1,9})(,(\\d{0,9}))?}");

  private final String text;
  private final Matcher repetition;

  /** What the groups around the present position have come to, the whole pattern first. */
  private final Deque<Long> sizes = new ArrayDeque<>();

  /** What a repetition that follows would repeat. */
  private long last;

  private int position;

  private BoundedPattern(String text) {
    this.text = text;
    this.repetition = REPETITION.matcher(text);
    sizes.push(0L);
  }

  /**
   * Compiles a pattern.
   *
   * @throws InvalidRegularExpression it is none of RE2's, or too large
   */
  public static Pattern compile(String pattern) {
    check(pattern);
    try {
      return Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw new InvalidRegularExpression("the pattern is none: " + e.getMessage());
    }
  }

  /**
   * Looks only whether a pattern would be too large.
   *
   * @throws InvalidRegularExpression it would
   */
  public static void check(String pattern) {
    new BoundedPattern(pattern).measure();
  }

  private void measure() {
    while (position < text.length()) {
      char next = text.charAt(position);
      switch (next) {
        case '\\' -> escape();
        case '[' -> characterClass();
        case '(' -> {
          sizes.push(0L);
          position++;
        }
        case ')' -> endGroup();
        case '{' -> repeat();
        default -> atom(position + 1);
      }
    }
    while (sizes.size() > 1) {
      endGroup();
    }
  }

  private void escape() {
    if (text.startsWith("\\Q", position)) {
      int end = text.indexOf("\\E", position);
      int length = (end < 0 ? text.length() : end) - position;
      grow(length);
      last = 1;
      position = end < 0 ? text.length() : end + 2;
    } else {
      atom(Math.min(text.length(), position + 2));
    }
  }

  private void characterClass() {
    // A bracket that comes first is a member.
    int end = position + (text.startsWith("[^", position) ? 3 : 2);
    while (end < text.length() && text.charAt(end) != ']') {
      end += text.charAt(end) == '\\' ? 2 : 1;
    }
    atom(Math.min(text.length(), end + 1));
  }

  private void endGroup() {
    long group = sizes.size() > 1 ? sizes.pop() : 0;
    grow(group);
    last = group;
    position++;
  }

  private void repeat() {
    if (!repetition.region(position, text.length()).lookingAt()) {
      atom(position + 1);
      return;
    }
    long most = Long.parseLong(repetition.group(1));
    String bound = repetition.group(3);
    if (bound != null && !bound.isEmpty()) {
      most = Math.max(most, Long.parseLong(bound));
    }
    grow(last * Math.max(0, most - 1));
    last *= Math.max(1, most);
    position = repetition.end();
  }

  private void atom(int end) {
    grow(1);
    last = 1;
    position = end;
  }

  private void grow(long by) {
    long size = sizes.pop() + by;
    if (size > MAX_SIZE) {
      throw new InvalidRegularExpression("the pattern repeats too much");
    }
    sizes.push(size);
  }
}
