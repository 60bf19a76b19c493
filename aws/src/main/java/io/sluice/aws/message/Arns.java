package io.sluice.aws.message;

import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.common.Uuid;

/**
 * Amazon Resource Names of queues, topics and subscriptions. Names are one namespace over all
 * regions: the region in an ARN is the one its request was signed for, and any will do.
 */
public final class Arns {

  /** How many parts an ARN has at least, as Amazon's errors count them. */
  public static final int ELEMENTS = 6;

  private Arns() {}

  /**
   * An ARN in parts.
   *
   * @param service for instance {@code sqs}
   * @param region for instance {@code eu-west-1}
   * @param account twelve digits
   * @param resource the rest, colons included
   */
  public record Arn(String service, String region, String account, String resource) {}

  /** A queue's ARN. */
  public static String queue(String region, String account, String name) {
    return "arn:aws:sqs:" + region + ":" + account + ":" + name;
  }

  /** A topic's ARN. */
  public static String topic(String region, String account, String name) {
    return "arn:aws:sns:" + region + ":" + account + ":" + name;
  }

  /** The ARN of a subscription to the topic of that ARN. */
  public static String subscription(String topicArn, Uuid id) {
    return topicArn + ":" + new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
  }

  /** The id at the end of a subscription's ARN. */
  public static Optional<Uuid> subscriptionId(String text) {
    try {
      UUID id = UUID.fromString(text);
      return Optional.of(new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits()));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** How many parts {@code text} has, as Amazon's errors count them. */
  public static int elements(String text) {
    return text.split(":", -1).length;
  }

  /** The parts of an ARN; empty when it is none. */
  public static Optional<Arn> parse(String text) {
    String[] parts = text.split(":", ELEMENTS);
    if (parts.length < ELEMENTS || !parts[0].equals("arn")) {
      return Optional.empty();
    }
    return Optional.of(new Arn(parts[2], parts[3], parts[4], parts[5]));
  }
}
