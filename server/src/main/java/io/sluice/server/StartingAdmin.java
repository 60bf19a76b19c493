package io.sluice.server;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** The admin port while a thread of its own starts it. Safe for use by many threads. */
final class StartingAdmin implements AutoCloseable {

  private final FutureTask<AdminListener> start;

  StartingAdmin(Configuration configuration) {
    this.start =
        new FutureTask<>(
            () -> {
              HelidonServices.discoverNothing();
              return AdminListener.start(
                  configuration.get(Settings.HOST), configuration.get(Settings.ADMIN_PORT));
            });
    Thread.ofPlatform().daemon().name("admin-start").start(start);
  }

  /**
   * Waits until it listens.
   *
   * @throws IOException it cannot; the message names the address
   */
  AdminListener await() throws IOException {
    try {
      return start.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cannotListen) {
        throw cannotListen;
      }
      throw new IllegalStateException("the admin port cannot start: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the admin port starts", e);
    }
  }

  /** Waits until it listens, or has failed to, and stops it. */
  @Override
  public void close() {
    try {
      await().close();
    } catch (IOException | IllegalStateException e) {
      // Whoever waited for it has been told, or fails for a reason of its own.
      return;
    }
  }
}
