package io.sluice.kafka.transaction;

/** Gives the coordinator, starting it when it is not running. */
@FunctionalInterface
interface TransactionSource {

  /**
   * The running coordinator.
   *
   * @throws org.apache.kafka.common.errors.CoordinatorNotAvailableException the broker shuts down
   */
  TransactionCoordinator get() throws InterruptedException;
}
