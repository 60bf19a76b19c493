package io.sluice.server.cli;

import java.time.Duration;

/**
 * What to finish when the process is told to end, as by Ctrl-C, in the middle of a command. Closed
 * when there is nothing left to finish.
 */
final class OnInterrupt implements AutoCloseable {

  /** How long a person who pressed Ctrl-C is kept waiting. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Thread hook;

  /**
   * @param finish runs on a thread of its own, which ends with the process when it takes too long
   */
  OnInterrupt(Runnable finish) {
    this.hook =
        new Thread(
            () -> {
              Thread finishing = Thread.ofPlatform().daemon().start(finish);
              try {
                finishing.join(PATIENCE);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    Runtime.getRuntime().addShutdownHook(hook);
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending, and the hook runs.
    }
  }
}
