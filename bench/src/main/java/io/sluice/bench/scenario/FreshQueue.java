package io.sluice.bench.scenario;

import io.sluice.bench.load.AwsCalls;

/**
 * A queue that is replaced by an empty one before each run, so that no run pays for another's
 * messages. Owned by the thread of the scenario.
 */
final class FreshQueue implements AutoCloseable {

  private final AwsCalls calls;
  private String url;
  private int created;

  FreshQueue(AwsCalls calls) {
    this.calls = calls;
    this.url = create();
  }

  private String create() {
    created++;
    return calls.createQueue("queue-" + System.nanoTime() + "-" + created);
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
