package io.sluice.log;

/** Where a topic-level config may be set (KIP-226), what counts first first. */
public enum ConfigLayer {
  /** By the topic itself. */
  TOPIC,
  /** By this broker, for topics that say nothing. */
  BROKER,
  /** By the cluster, for brokers that say nothing. */
  CLUSTER
}
