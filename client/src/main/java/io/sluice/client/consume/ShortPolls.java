package io.sluice.client.consume;

/**
 * When to ask for messages beside the long poll of a queue, again and again until an answer is not
 * full. An empty answer costs as much as a full one, and messages that are published ten at a time
 * make each long poll full though little is left: those who bring little are sent less and less
 * often. Safe for use by many threads.
 */
final class ShortPolls {

  /** At once. */
  private static final int MOST = 3;

  private static final int LONGEST_ROW = 64;

  /** As its last answer is not full. */
  private static final int WORTH_IT = 50;

  private int running;

  /** So many full answers in a row send one. */
  private int row = 1;

  private int full;

  /** The long poll was answered; whether to begin one. */
  synchronized boolean begins(boolean isFull) {
    full = isFull ? full + 1 : 0;
    if (full < row || running == MOST) {
      return false;
    }
    full = 0;
    running++;
    return true;
  }

  /** One has ended, which brought so many messages. */
  synchronized void ended(int messages) {
    running--;
    row = messages < WORTH_IT ? Math.min(LONGEST_ROW, 2 * row) : Math.max(1, row / 2);
  }
}
