package io.sluice.aws.sqs;

import io.sluice.broker.QueueSettings;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * The attributes that only FIFO queues have (Amazon's "CreateQueue"): names, defaults and values. A
 * queue is FIFO from its creation on; the others may change.
 */
final class FifoAttributes {

  private static final String FIFO_QUEUE = "FifoQueue";
  private static final String CONTENT_BASED = "ContentBasedDeduplication";
  private static final String SCOPE = "DeduplicationScope";
  private static final String THROUGHPUT_LIMIT = "FifoThroughputLimit";
  private static final String BY_GROUP = "messageGroup";

  private static final Map<String, Set<String>> VALUES =
      Map.of(
          FIFO_QUEUE, Set.of("true"),
          CONTENT_BASED, Set.of("false", "true"),
          SCOPE, Set.of("queue", BY_GROUP),
          THROUGHPUT_LIMIT, Set.of("perQueue", "perMessageGroupId"));

  private static final Map<String, String> DEFAULTS =
      Map.of(CONTENT_BASED, "false", SCOPE, "queue", THROUGHPUT_LIMIT, "perQueue");

  private FifoAttributes() {}

  /** Whether it is one of them. */
  static boolean isOne(String name) {
    return VALUES.containsKey(name);
  }

  /** Whether a queue with these attributes is FIFO. */
  static boolean isFifo(Map<String, String> stored) {
    return "true".equals(stored.get(FIFO_QUEUE));
  }

  /** Whether the body's digest stands for a deduplication id that is missing. */
  static boolean isContentBased(Map<String, String> stored) {
    return "true".equals(stored.get(CONTENT_BASED));
  }

  /** What the broker heeds. */
  static Optional<QueueSettings.Fifo> settings(Map<String, String> stored) {
    return isFifo(stored)
        ? Optional.of(new QueueSettings.Fifo(BY_GROUP.equals(stored.get(SCOPE))))
        : Optional.empty();
  }

  /** Adds what the owner of a FIFO queue sees although it was never set. */
  static void addDefaults(Map<String, String> stored, Map<String, String> visible) {
    if (isFifo(stored)) {
      visible.putAll(DEFAULTS);
    }
  }

  /** Makes a new queue FIFO when its creator says so. */
  static void create(SortedMap<String, String> stored, Map<String, String> given) {
    if ("true".equals(given.get(FIFO_QUEUE))) {
      stored.put(FIFO_QUEUE, "true");
    }
  }

  /** Sets one of them; {@link #check} must follow when all are set. */
  static void set(Map<String, String> stored, String name, String value) {
    if (name.equals(FIFO_QUEUE) && !isFifo(stored)) {
      throw SqsErrors.unknownAttribute(name);
    }
    if (name.equals(FIFO_QUEUE) && !value.equals("true")) {
      throw SqsErrors.invalidAttributeValue(
          name, " Reason: Modifying queue type is not supported.");
    }
    if (!isFifo(stored)) {
      throw name.equals(CONTENT_BASED)
          ? SqsErrors.unknownAttribute(name)
          : SqsErrors.invalidAttributeName(
              "You can specify the " + name + " only when FifoQueue is set to true.");
    }
    Set<String> legal = VALUES.get(name);
    if (legal == null || !legal.contains(value)) {
      throw SqsErrors.invalidAttributeValue(name);
    }
    stored.put(name, value);
  }

  /** High throughput needs that groups are independent of each other. */
  static void check(Map<String, String> stored) {
    if ("perMessageGroupId".equals(stored.get(THROUGHPUT_LIMIT))
        && !BY_GROUP.equals(stored.get(SCOPE))) {
      throw SqsErrors.invalidAttributeValue(
          THROUGHPUT_LIMIT,
          " Reason: perMessageGroupId is allowed only when the value for DeduplicationScope is"
              + " messageGroup.");
    }
  }
}
