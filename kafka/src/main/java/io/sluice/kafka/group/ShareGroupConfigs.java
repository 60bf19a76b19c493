package io.sluice.kafka.group;

import io.sluice.broker.Queues;
import io.sluice.broker.StartingPoint;
import io.sluice.log.ReadIsolation;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.coordinator.group.GroupConfig;
import org.apache.kafka.coordinator.group.GroupConfigManager;
import org.apache.kafka.coordinator.group.ShareGroupAutoOffsetResetStrategy;
import org.apache.kafka.coordinator.group.modern.share.ShareGroupConfig;

/** What is configured of each share group. Safe for use by many threads. */
record ShareGroupConfigs(GroupConfigManager perGroup, ShareGroupConfig defaults, Queues queues) {

  /** How the group's records are delivered now. */
  ShareGroupSettings of(String group) {
    ShareGroupSettings own =
        perGroup.groupConfig(group).map(ShareGroupConfigs::settings).orElseGet(this::settings);
    return queues.find(group).isPresent() ? own.ofQueue() : own;
  }

  private static ShareGroupSettings settings(GroupConfig config) {
    return new ShareGroupSettings(
        Duration.ofMillis(config.shareRecordLockDurationMs()),
        config.shareDeliveryCountLimit(),
        config.sharePartitionMaxRecordLocks(),
        isolation(config.shareIsolationLevel()),
        config.shareRenewAcknowledgeEnable());
  }

  private ShareGroupSettings settings() {
    return new ShareGroupSettings(
        Duration.ofMillis(defaults.shareGroupRecordLockDurationMs()),
        defaults.shareGroupDeliveryCountLimit(),
        defaults.shareGroupPartitionMaxRecordLocks(),
        isolation(GroupConfig.defaultShareIsolationLevel()),
        GroupConfig.SHARE_RENEW_ACKNOWLEDGE_ENABLE_DEFAULT);
  }

  private static ReadIsolation isolation(IsolationLevel level) {
    return switch (level) {
      case READ_COMMITTED -> ReadIsolation.COMMITTED;
      case READ_UNCOMMITTED -> ReadIsolation.HIGH_WATERMARK;
    };
  }

  /** Where the group begins to read a topic: {@code share.auto.offset.reset}. */
  StartingPoint start(String group) {
    ShareGroupAutoOffsetResetStrategy strategy =
        perGroup
            .groupConfig(group)
            .map(GroupConfig::shareAutoOffsetReset)
            .orElseGet(GroupConfig::defaultShareAutoOffsetReset);
    return switch (strategy.type()) {
      case EARLIEST -> new StartingPoint.Earliest();
      case LATEST -> new StartingPoint.Latest();
      case BY_DURATION -> new StartingPoint.At(Instant.ofEpochMilli(strategy.timestamp()));
    };
  }
}
