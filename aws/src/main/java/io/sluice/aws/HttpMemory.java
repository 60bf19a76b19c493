package io.sluice.aws;

import java.time.Duration;

/**
 * How much memory the listener lets its clients take together.
 *
 * @param bodiesBytes for the bodies of requests, from their first byte to the answer
 * @param bodyWait how long a body waits, unread, until others have left room for it
 * @param answersBytes for answers, while they are written
 */
record HttpMemory(long bodiesBytes, Duration bodyWait, long answersBytes) {

  /**
   * An eighth of the heap for bodies, since what is decoded from one and appended takes some times
   * its length; a quarter for answers.
   */
  static HttpMemory ofHeap() {
    long heap = Runtime.getRuntime().maxMemory();
    return new HttpMemory(heap / 8, Duration.ofSeconds(10), heap / 4);
  }
}
