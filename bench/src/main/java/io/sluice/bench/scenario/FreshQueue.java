package io.sluice.bench.scenario;

import io.sluice.bench.load.AwsCalls;
import java.util.function.UnaryOperator;

/**
 * A queue that is replaced by an empty one before each run, so that no run pays for another's
 * messages. Owned by the thread of the scenario.
 */
final class FreshQueue implements AutoCloseable {

  private final AwsCalls calls;
  private final UnaryOperator<String> creation;
  private String url;
  private int created;

  private FreshQueue(AwsCalls calls, UnaryOperator<String> creation) {
    this.calls = calls;
    this.creation = creation;
    this.url = create();
  }

  static FreshQueue standard(AwsCalls calls) {
    return new FreshQueue(calls, calls::createQueue);
  }

  static FreshQueue fifo(AwsCalls calls) {
    return new FreshQueue(calls, calls::createFifoQueue);
  }

  private String create() {
    created++;
    return creation.apply("queue-" + System.nanoTime() + "-" + created);
  }

  /** Deletes the queue with what is in it, and creates another. */
  String renew() {
    calls.deleteQueue(url);
    url = create();
    return url;
  }

  String url() {
    return url;
  }

  @Override
  public void close() {
    calls.deleteQueue(url);
  }
}
