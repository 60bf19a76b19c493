package io.sluice.bench.cost;

import java.util.Map;
import java.util.Set;

/** The requests of one run, by operation. */
public record Calls(Map<Operation, Usage> usage) {

  /**
   * An operation of a service.
   *
   * @param service the SDK's word for it: {@code Sns}, {@code Sqs}, {@code Sts}
   */
  public record Operation(String service, String name) {}

  /** SNS's, with the messages. */
  public static final Operation PUBLISH = new Operation("Sns", "PublishBatch");

  /** SQS's, with the messages. */
  public static final Operation RECEIVE = new Operation("Sqs", "ReceiveMessage");

  /** SQS's, of commits. */
  public static final Operation DELETE = new Operation("Sqs", "DeleteMessageBatch");

  /** SQS's, of leases. */
  public static final Operation CHANGE_VISIBILITY =
      new Operation("Sqs", "ChangeMessageVisibilityBatch");

  private static final Set<Operation> OF_MESSAGES =
      Set.of(PUBLISH, RECEIVE, DELETE, CHANGE_VISIBILITY);

  /** Copies it. */
  public Calls {
    usage = Map.copyOf(usage);
  }

  /** What was used of an operation. */
  public Usage of(Operation operation) {
    return usage.getOrDefault(operation, Usage.NONE);
  }

  /** Every request. */
  public long requests() {
    return usage.values().stream().mapToLong(Usage::requests).sum();
  }

  /** The same as Amazon bills them. */
  public long billed() {
    return usage.values().stream().mapToLong(Usage::billed).sum();
  }

  /** Those that are not about messages. */
  public long others() {
    return usage.keySet().stream().map(Operation::service).distinct().mapToLong(this::others).sum();
  }

  /** Those of a service that are about topics, queues and subscriptions. */
  long others(String service) {
    return usage.entrySet().stream()
        .filter(each -> each.getKey().service().equals(service))
        .filter(each -> !OF_MESSAGES.contains(each.getKey()))
        .mapToLong(each -> each.getValue().requests())
        .sum();
  }

  /**
   * Requests for a million records of a group that has the publishing for itself: the others cost
   * less.
   */
  public double perMillionAndGroup(long records, int groups) {
    long publishing = of(PUBLISH).requests() + others("Sns");
    double reading = (double) (requests() - publishing) / groups;
    return (publishing + reading) * 1e6 / records;
  }
}
