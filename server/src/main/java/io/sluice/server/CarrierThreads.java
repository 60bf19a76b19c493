package io.sluice.server;

/** How many threads carry the virtual ones, which serve SQS and SNS. */
final class CarrierThreads {

  /** The JDK's own setting, which it reads with the first virtual thread. */
  private static final String PARALLELISM = "jdk.virtualThreadScheduler.parallelism";

  private CarrierThreads() {}

  /**
   * Leaves it at one on a machine with two processors, unless the operator has said otherwise: the
   * waking of a second for every few microseconds of work costs more than it gains, and the other
   * processor is not idle, for the system, the disk and mostly the clients need it too (ADR 006).
   * To be called before there is a virtual thread.
   */
  static void choose(int processors) {
    if (processors == 2 && System.getProperty(PARALLELISM) == null) {
      System.setProperty(PARALLELISM, "1");
    }
  }
}
