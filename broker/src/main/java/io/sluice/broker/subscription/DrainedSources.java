package io.sluice.broker.subscription;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;

/**
 * Ended sources that have nothing left, until somebody has been told, which happens outside the
 * subscription's lock. Guarded by its monitor.
 */
final class DrainedSources {

  private final List<Uuid> noted = new ArrayList<>(0);
  private volatile Consumer<Uuid> listener = sourceId -> {};

  /** Spares the monitor where there are none. */
  private volatile boolean any;

  void listener(Consumer<Uuid> newListener) {
    listener = newListener;
  }

  synchronized void note(Uuid sourceId) {
    noted.add(sourceId);
    any = true;
  }

  void tell() {
    if (any) {
      take().forEach(listener);
    }
  }

  private synchronized List<Uuid> take() {
    List<Uuid> taken = List.copyOf(noted);
    noted.clear();
    any = false;
    return taken;
  }
}
