package io.sluice.kafka.group;

import io.sluice.kafka.KafkaListenerOptions;
import java.util.HashMap;
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

  /** Kafka's least interval between heartbeats, unless a shorter one is asked for. */
  private static final int MIN_HEARTBEAT_INTERVAL_MS = 5_000;

  /** Likewise, for the time without one after which a member is gone. */
  private static final int MIN_SESSION_TIMEOUT_MS = 45_000;

  /** The times are those of groups that have none of their own. */
  static CoordinatorConfigs of(KafkaListenerOptions options) {
    int delay = options.groupInitialRebalanceDelayMs();
    int heartbeat = options.groupHeartbeatIntervalMs();
    int least = Math.min(heartbeat, MIN_HEARTBEAT_INTERVAL_MS);
    int session = options.groupSessionTimeoutMs();
    int leastSession = Math.min(session, MIN_SESSION_TIMEOUT_MS);
    Map<String, Object> configs = new HashMap<>();
    configs.put(GroupCoordinatorConfig.GROUP_INITIAL_REBALANCE_DELAY_MS_CONFIG, delay);
    configs.put(GroupCoordinatorConfig.STREAMS_GROUP_INITIAL_REBALANCE_DELAY_MS_CONFIG, delay);
    configs.put(GroupCoordinatorConfig.CONSUMER_GROUP_HEARTBEAT_INTERVAL_MS_CONFIG, heartbeat);
    configs.put(GroupCoordinatorConfig.CONSUMER_GROUP_MIN_HEARTBEAT_INTERVAL_MS_CONFIG, least);
    configs.put(GroupCoordinatorConfig.SHARE_GROUP_HEARTBEAT_INTERVAL_MS_CONFIG, heartbeat);
    configs.put(GroupCoordinatorConfig.SHARE_GROUP_MIN_HEARTBEAT_INTERVAL_MS_CONFIG, least);
    configs.put(GroupCoordinatorConfig.STREAMS_GROUP_HEARTBEAT_INTERVAL_MS_CONFIG, heartbeat);
    configs.put(GroupCoordinatorConfig.STREAMS_GROUP_MIN_HEARTBEAT_INTERVAL_MS_CONFIG, least);
    configs.put(GroupCoordinatorConfig.CONSUMER_GROUP_SESSION_TIMEOUT_MS_CONFIG, session);
    configs.put(GroupCoordinatorConfig.CONSUMER_GROUP_MIN_SESSION_TIMEOUT_MS_CONFIG, leastSession);
    configs.put(GroupCoordinatorConfig.SHARE_GROUP_SESSION_TIMEOUT_MS_CONFIG, session);
    configs.put(GroupCoordinatorConfig.SHARE_GROUP_MIN_SESSION_TIMEOUT_MS_CONFIG, leastSession);
    configs.put(GroupCoordinatorConfig.STREAMS_GROUP_SESSION_TIMEOUT_MS_CONFIG, session);
    configs.put(GroupCoordinatorConfig.STREAMS_GROUP_MIN_SESSION_TIMEOUT_MS_CONFIG, leastSession);
    configs.put(GroupCoordinatorConfig.GROUP_COORDINATOR_NUM_THREADS_CONFIG, THREADS);
    configs.put(GroupCoordinatorConfig.GROUP_COORDINATOR_NUM_BACKGROUND_THREADS_CONFIG, 1);
    configs.put(
        GroupCoordinatorConfig.OFFSETS_TOPIC_PARTITIONS_CONFIG, OffsetsTopic.DEFAULT_PARTITIONS);
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
