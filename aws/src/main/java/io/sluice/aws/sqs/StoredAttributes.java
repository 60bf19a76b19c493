package io.sluice.aws.sqs;

import io.sluice.broker.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * Changes what is stored with a queue: attributes and tags. A lock orders the changes, so that of
 * two at once both take effect.
 */
final class StoredAttributes {

  private final Lock changes = new ReentrantLock();

  /**
   * Replaces what is stored.
   *
   * @param change gets a copy that it may alter; when it returns what it got unaltered, or throws,
   *     nothing is written
   */
  void change(Queue queue, UnaryOperator<SortedMap<String, String>> change) {
    changes.lock();
    try {
      SortedMap<String, String> stored = change.apply(new TreeMap<>(queue.attributes()));
      if (!stored.equals(queue.attributes())) {
        queue.alter(stored, QueueAttributes.settings(stored));
      }
    } finally {
      changes.unlock();
    }
  }
}
