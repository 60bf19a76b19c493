package io.sluice.broker;

/** What, besides topics, has configuration that clients alter while the broker runs. */
public enum ConfigKind {
  /** A broker, by its node id, or by no name what holds for every broker (KIP-226). */
  BROKER,
  /** A group of any type, by its id (KIP-848, KIP-932, KIP-1071). */
  GROUP,
  /** A subscription to the metrics of clients, by its name (KIP-714). */
  CLIENT_METRICS,
  /** Who has a quota (KIP-546), by a name that the door chooses. */
  CLIENT_QUOTA
}
