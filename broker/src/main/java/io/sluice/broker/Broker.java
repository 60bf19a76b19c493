package io.sluice.broker;

import io.sluice.log.LogStore;
import java.nio.file.Path;

/**
 * The broker behind every door: its topics, its queues and the way to publish. Safe for use by many
 * threads. Closing it stops waiting readers; the log store stays open and belongs to the caller.
 */
public final class Broker implements AutoCloseable {

  private Broker() {}

  /**
   * Recovers the broker's state from its journals, which live in {@code log}, and from the
   * snapshots in {@code directory}.
   */
  public static Broker open(LogStore log, Path directory, BrokerOptions options) {
    throw new UnsupportedOperationException(log + " " + directory + " " + options);
  }

  /** How this broker was configured. */
  public BrokerOptions options() {
    throw new UnsupportedOperationException();
  }

  /** A random id that the data folder keeps for life: Kafka's cluster id. */
  public String clusterId() {
    throw new UnsupportedOperationException();
  }

  /**
   * 32 random bytes that the data folder keeps for life, to authenticate what clients hand back.
   */
  public byte[] secret() {
    throw new UnsupportedOperationException();
  }

  /** The topics. */
  public Topics topics() {
    throw new UnsupportedOperationException();
  }

  /** Appends records to topics, whichever door they came through. */
  public Publisher publisher() {
    throw new UnsupportedOperationException();
  }

  /** The queues. */
  public Queues queues() {
    throw new UnsupportedOperationException();
  }

  /** Which queue reads which topic. */
  public Sources sources() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
