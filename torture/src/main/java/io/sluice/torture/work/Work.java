package io.sluice.torture.work;

import java.util.List;

/** Activities that share a topic or a queue, and their history. */
public interface Work extends AutoCloseable {

  /** What is done at once while the broker is killed. */
  List<Activity> activities();

  /** Nobody is active and the broker is up: reads whatever is left, and ends the history. */
  void settle() throws Exception;

  /** As {@link #settle()}, once, after which nothing more is done. */
  default void finish() throws Exception {
    settle();
  }

  /** Closes the clients. */
  @Override
  void close();
}
