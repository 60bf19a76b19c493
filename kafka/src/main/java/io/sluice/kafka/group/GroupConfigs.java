package io.sluice.kafka.group;

import io.sluice.broker.ConfigKind;
import io.sluice.broker.Configs;
import java.util.Properties;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.coordinator.group.GroupConfigManager;

/**
 * Keeps the coordinator's configs of single groups as the metadata journal has them. Safe for use
 * by many threads.
 */
final class GroupConfigs {

  private final Configs configs;
  private final GroupConfigManager coordinators;

  /** Held from reading to passing on, so that nothing older is passed on after something newer. */
  private final ReentrantLock lock = new ReentrantLock();

  private GroupConfigs(Configs configs, GroupConfigManager coordinators) {
    this.configs = configs;
    this.coordinators = coordinators;
  }

  /** Passes on what is set, and from now on every change. */
  static void passOn(Configs configs, GroupConfigManager coordinators) {
    GroupConfigs groups = new GroupConfigs(configs, coordinators);
    configs.addListener(ConfigKind.GROUP, groups::passOn);
    configs.names(ConfigKind.GROUP).forEach(groups::passOn);
  }

  private void passOn(String group) {
    lock.lock();
    try {
      Properties set = new Properties();
      set.putAll(configs.of(ConfigKind.GROUP, group));
      coordinators.updateGroupConfig(group, set);
    } finally {
      lock.unlock();
    }
  }
}
