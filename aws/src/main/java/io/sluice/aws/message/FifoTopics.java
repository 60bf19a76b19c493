package io.sluice.aws.message;

import io.sluice.broker.Topic;
import java.util.Map;

/**
 * Which topics are FIFO (Amazon's "CreateTopic"): those that an SNS client made so. A topic that a
 * Kafka client made is a standard one, whatever its name.
 */
public final class FifoTopics {

  /** The attribute that says it. */
  public static final String ATTRIBUTE = "FifoTopic";

  private FifoTopics() {}

  /** Whether it is one. */
  public static boolean isFifo(Topic topic) {
    return isFifo(topic.attributes());
  }

  /** Whether a topic with these attributes is one. */
  public static boolean isFifo(Map<String, String> attributes) {
    return "true".equals(attributes.get(ATTRIBUTE));
  }
}
