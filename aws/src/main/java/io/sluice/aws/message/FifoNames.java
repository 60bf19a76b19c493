package io.sluice.aws.message;

/**
 * The names of FIFO queues and topics (Amazon's "CreateQueue" and "CreateTopic"): every one of them
 * ends alike, and no standard queue's does. A standard topic's may, if a Kafka client made it: see
 * {@link FifoTopics}.
 */
public final class FifoNames {

  private static final String SUFFIX = ".fifo";

  private FifoNames() {}

  /** Whether the name is one of a FIFO queue, or may be one of a FIFO topic. */
  public static boolean isFifo(String name) {
    return name.endsWith(SUFFIX);
  }

  /** The name up to what says that it is one of something FIFO. */
  public static String withoutSuffix(String name) {
    return isFifo(name) ? name.substring(0, name.length() - SUFFIX.length()) : name;
  }
}
