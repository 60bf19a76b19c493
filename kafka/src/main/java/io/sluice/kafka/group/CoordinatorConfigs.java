package io.sluice.kafka.group;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.coordinator.group.GroupConfigManager;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.modern.share.ShareGroupConfig;

/**
 * The coordinator's configuration: Apache Kafka's defaults, but for what is said here. Immutable.
 */
record CoordinatorConfigs(AbstractConfig config) {

  /** One machine has few cores, and each thread of the coordinator is a platform thread. */
  private static final int THREADS = 2;

  static CoordinatorConfigs of(int initialRebalanceDelayMs) {
    Map<String, Object> configs =
        Map.of(
            GroupCoordinatorConfig.GROUP_INITIAL_REBALANCE_DELAY_MS_CONFIG,
            initialRebalanceDelayMs,
            GroupCoordinatorConfig.STREAMS_GROUP_INITIAL_REBALANCE_DELAY_MS_CONFIG,
            initialRebalanceDelayMs,
            GroupCoordinatorConfig.GROUP_COORDINATOR_NUM_THREADS_CONFIG,
            THREADS,
            GroupCoordinatorConfig.GROUP_COORDINATOR_NUM_BACKGROUND_THREADS_CONFIG,
            1,
            GroupCoordinatorConfig.OFFSETS_TOPIC_PARTITIONS_CONFIG,
            OffsetsTopic.DEFAULT_PARTITIONS);
    return new CoordinatorConfigs(
        new AbstractConfig(
            Utils.mergeConfigs(
                List.of(GroupCoordinatorConfig.CONFIG_DEF, ShareGroupConfig.CONFIG_DEF)),
            configs,
            false));
  }

  GroupCoordinatorConfig groups() {
    return new GroupCoordinatorConfig(config);
  }

  ShareGroupConfig shareGroups() {
    return new ShareGroupConfig(config);
  }

  /** What a group's configs are when the group has none of its own. */
  Map<String, Integer> ofEveryGroup() {
    return groups().extractGroupConfigMap(shareGroups());
  }

  GroupConfigManager perGroup() {
    return new GroupConfigManager(ofEveryGroup(), groups(), shareGroups());
  }
}
