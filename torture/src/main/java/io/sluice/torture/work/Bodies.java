package io.sluice.torture.work;

import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** Texts to send: each begins with a name that no other has. Thread-safe. */
final class Bodies {

  private static final char END = '|';
  private static final int MOST_PADDING = 2000;

  private final String prefix;
  private final AtomicLong next = new AtomicLong();

  Bodies(String prefix) {
    this.prefix = prefix;
  }

  /** The name of the next. */
  String name() {
    return prefix + next.getAndIncrement();
  }

  /** A text of that name, and of some length. */
  static String of(String name, Random random) {
    int padding = random.nextInt(10) == 0 ? random.nextInt(MOST_PADDING) : random.nextInt(50);
    return name + END + "x".repeat(padding);
  }

  /** The name of a text. */
  static String name(String body) {
    int end = body.indexOf(END);
    return end < 0 ? body : body.substring(0, end);
  }
}
