package io.sluice.broker.subscription;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Those who wait for a subscription's next message, in the order of their arrival. Only the first
 * of them, the leader, hears of news; when it leaves, for whatever reason, the next one leads and
 * looks again. So a crowd of idle receivers costs nothing, and nobody takes news away with them.
 * Guarded by its monitor, which is never held for long.
 */
final class Waiters {

  private final Set<Waiting> waiting = new LinkedHashSet<>();

  /** Spares the monitor where nobody waits: a busy queue. Whoever comes looks after it is set. */
  private volatile boolean anyone;

  /** Begins a receiver's stay; it must look for messages after this and before it waits. */
  Waiting begin() {
    Waiting last = new Waiting();
    synchronized (this) {
      waiting.add(last);
      anyone = true;
    }
    return last;
  }

  /** Called on the log's own threads too: returns at once. */
  void wakeLeader() {
    if (anyone) {
      wakeFirst();
    }
  }

  private synchronized void wakeFirst() {
    if (!waiting.isEmpty()) {
      waiting.iterator().next().wake();
    }
  }

  synchronized void wakeAll() {
    waiting.forEach(Waiting::wake);
  }

  private synchronized boolean leads(Waiting candidate) {
    return waiting.iterator().next() == candidate;
  }

  private synchronized void leave(Waiting leaver) {
    boolean led = leads(leaver);
    waiting.remove(leaver);
    anyone = !waiting.isEmpty();
    if (led) {
      wakeFirst();
    }
  }

  /** Between beginning to wait and the end of it; owned by the thread that waits. */
  final class Waiting implements AutoCloseable {

    private final Semaphore woken = new Semaphore(0);

    /** Whether news and deadlines are this one's business. Ask before looking for messages. */
    boolean leads() {
      return Waiters.this.leads(this);
    }

    /** Returns when woken, also if that was before the call, or when the time is over. */
    void await(long nanos) throws InterruptedException {
      if (woken.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
        woken.drainPermits();
      }
    }

    /** Ends the present or the next wait. Any thread. */
    void wake() {
      if (woken.availablePermits() == 0) {
        woken.release();
      }
    }

    @Override
    public void close() {
      leave(this);
    }
  }
}
