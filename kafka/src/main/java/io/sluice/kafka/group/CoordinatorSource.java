package io.sluice.kafka.group;

import org.apache.kafka.coordinator.group.GroupCoordinator;

/** Gives the coordinator, starting it when it is not running. */
@FunctionalInterface
interface CoordinatorSource {

  /**
   * The running coordinator.
   *
   * @throws org.apache.kafka.common.errors.CoordinatorNotAvailableException the broker shuts down
   */
  GroupCoordinator get() throws InterruptedException;
}
