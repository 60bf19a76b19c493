package io.sluice.kafka.telemetry;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.requests.RequestContext;

/** The clients that have asked or pushed lately. Safe for use by many threads. */
final class ClientInstances {

  /** As many as Kafka remembers; who is forgotten may ask and push again at once. */
  private static final int MAX_INSTANCES = 16_384;

  private final MetricsSubscriptions subscriptions;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();

  /** Owned by {@link #lock}. */
  private final Map<Uuid, ClientInstance> instances =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Uuid, ClientInstance> eldest) {
          return size() > MAX_INSTANCES;
        }
      };

  ClientInstances(MetricsSubscriptions subscriptions, InstantSource clock) {
    this.subscriptions = subscriptions;
    this.clock = clock;
  }

  /** What is wanted of a client now. */
  MetricsSubscriptions.Wanted wanted(Uuid id, RequestContext context) {
    return subscriptions.of(id, ClientAttributes.of(id, context));
  }

  /** A client, which is a new one when it is not known. */
  ClientInstance get(Uuid id, MetricsSubscriptions.Wanted wanted) {
    lock.lock();
    try {
      return instances.computeIfAbsent(id, ignored -> new ClientInstance(wanted.id()));
    } finally {
      lock.unlock();
    }
  }

  long nowMs() {
    return clock.millis();
  }
}
