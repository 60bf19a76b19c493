package io.sluice.broker;

import io.sluice.log.clock.Clocks;
import java.time.InstantSource;

/**
 * How a {@link Broker} behaves.
 *
 * @param nodeId Kafka's {@code node.id} of the one broker
 * @param defaultPartitions partitions of a topic whose creator does not say
 * @param autoCreateTopics whether a Kafka client's metadata request creates a missing topic, as
 *     Kafka's {@code auto.create.topics.enable}
 * @param maxTopics how many topics may exist
 * @param maxPartitions how many partitions may exist, over all topics
 * @param maxQueues how many queues may exist
 * @param clocks what records are stamped with, and what deadlines go by
 * @param recordFilters makes the filters of sources
 */
public record BrokerOptions(
    int nodeId,
    int defaultPartitions,
    boolean autoCreateTopics,
    int maxTopics,
    int maxPartitions,
    int maxQueues,
    Clocks clocks,
    RecordFilters recordFilters) {

  /** One partition per topic, auto-creation on, as Apache Kafka's own defaults. */
  public static BrokerOptions defaults() {
    return new BrokerOptions(
        1, 1, true, 20_000, 100_000, 100_000, Clocks.system(), RecordFilters.NONE);
  }

  /** These options with another number of partitions for topics whose creator does not say. */
  public BrokerOptions withDefaultPartitions(int other) {
    return new BrokerOptions(
        nodeId,
        other,
        autoCreateTopics,
        maxTopics,
        maxPartitions,
        maxQueues,
        clocks,
        recordFilters);
  }

  /** These options with auto-creation on or off. */
  public BrokerOptions withAutoCreateTopics(boolean other) {
    return new BrokerOptions(
        nodeId,
        defaultPartitions,
        other,
        maxTopics,
        maxPartitions,
        maxQueues,
        clocks,
        recordFilters);
  }

  /** These options with one clock for everything. */
  public BrokerOptions withClock(InstantSource other) {
    return withClocks(Clocks.of(other));
  }

  /** These options with other clocks. */
  public BrokerOptions withClocks(Clocks other) {
    return new BrokerOptions(
        nodeId,
        defaultPartitions,
        autoCreateTopics,
        maxTopics,
        maxPartitions,
        maxQueues,
        other,
        recordFilters);
  }

  /** These options with another maker of filters. */
  public BrokerOptions withRecordFilters(RecordFilters other) {
    return new BrokerOptions(
        nodeId,
        defaultPartitions,
        autoCreateTopics,
        maxTopics,
        maxPartitions,
        maxQueues,
        clocks,
        other);
  }
}
