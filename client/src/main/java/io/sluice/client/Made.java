package io.sluice.client;

import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.kafka.common.utils.Utils;

/** What a constructor has made so far, to be closed when a later step fails. One thread's. */
final class Made {

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  <T extends AutoCloseable> T add(T part) {
    parts.push(part);
    return part;
  }

  /** Closes everything, the latest first, whatever that throws. */
  void close() {
    parts.forEach(part -> Utils.closeQuietly(part, "a part of a client that cannot be made"));
  }
}
