package io.sluice.bench.cost;

import static io.sluice.bench.cost.Calls.CHANGE_VISIBILITY;
import static io.sluice.bench.cost.Calls.DELETE;
import static io.sluice.bench.cost.Calls.PUBLISH;
import static io.sluice.bench.cost.Calls.RECEIVE;

/**
 * What a FIFO topic with FIFO queues costs, in dollars.
 *
 * @param publishing SNS's requests, and what they carry
 * @param delivering what SNS gives to the queues; these do not pay for it
 * @param reading SQS's requests
 * @param others about topics, queues and subscriptions
 */
public record Bill(double publishing, double delivering, double reading, double others) {

  /**
   * The bill for what was called.
   *
   * @param groups each of which was given every message that was published
   */
  public static Bill of(Calls calls, int groups, Prices prices) {
    Usage publish = calls.of(PUBLISH);
    long reading =
        calls.of(RECEIVE).billed()
            + calls.of(DELETE).billed()
            + calls.of(CHANGE_VISIBILITY).billed();
    return new Bill(
        prices.snsFifoRequests().of(publish.billed())
            + prices.snsFifoPublished().of(publish.bytes()),
        prices.snsFifoDeliveries().of(publish.messages() * groups)
            + prices.snsFifoDelivered().of(publish.bytes() * groups),
        prices.sqsFifoRequests().of(reading),
        prices.snsRequests().of(calls.others("Sns"))
            + prices.sqsRequests().of(calls.others("Sqs")));
  }

  /** All of it. */
  public double total() {
    return publishing + delivering + reading + others;
  }
}
