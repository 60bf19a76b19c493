package io.sluice.kafka.share;

import io.sluice.broker.subscription.Settlement;
import io.sluice.broker.subscription.Settlement.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.errors.InvalidRecordStateException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.ShareAcknowledgeRequestData;
import org.apache.kafka.common.message.ShareFetchRequestData;

/**
 * What a client says of consecutive offsets of one partition: one type for all of them, or one for
 * each.
 */
record Acknowledgement(long first, long last, List<Byte> types) {

  private static final byte GAP = 0;
  private static final byte ACCEPT = 1;
  private static final byte RELEASE = 2;
  private static final byte REJECT = 3;

  /** KIP-1222. */
  private static final byte RENEW = 4;

  static List<Acknowledgement> of(ShareFetchRequestData.FetchPartition partition) {
    return partition.acknowledgementBatches().stream()
        .map(
            each ->
                new Acknowledgement(each.firstOffset(), each.lastOffset(), each.acknowledgeTypes()))
        .toList();
  }

  static List<Acknowledgement> of(ShareAcknowledgeRequestData.AcknowledgePartition partition) {
    return partition.acknowledgementBatches().stream()
        .map(
            each ->
                new Acknowledgement(each.firstOffset(), each.lastOffset(), each.acknowledgeTypes()))
        .toList();
  }

  /**
   * What is to become of the records.
   *
   * @param renews whether the request says that it renews locks
   * @param renewable whether locks of the group can be renewed
   * @throws InvalidRequestException they are not in order, or say nothing that there is to say
   * @throws InvalidRecordStateException locks of this group cannot be renewed
   */
  static List<Settlement> settlements(
      List<Acknowledgement> acknowledgements, boolean renews, boolean renewable) {
    List<Settlement> settlements = new ArrayList<>();
    long before = -1;
    for (Acknowledgement each : acknowledgements) {
      if (each.first > each.last || each.first < 0 || each.first < before) {
        throw new InvalidRequestException("Acknowledged offsets must ascend.");
      }
      before = each.last;
      settlements.add(each.settlement(renews, renewable));
    }
    return settlements;
  }

  private Settlement settlement(boolean renews, boolean renewable) {
    boolean oneEach = types.size() == 1 || types.size() - 1 == last - first;
    if (types.isEmpty() || !oneEach) {
      throw new InvalidRequestException(
          types.size() + " acknowledge types for offsets " + first + " to " + last + ".");
    }
    List<Verdict> verdicts = new ArrayList<>(types.size());
    for (byte type : types) {
      verdicts.add(
          switch (type) {
            case GAP, ACCEPT, REJECT -> Verdict.DONE;
            case RELEASE -> Verdict.RELEASE;
            case RENEW -> renewal(renews, renewable);
            default -> throw new InvalidRequestException("Invalid acknowledge type: " + type);
          });
    }
    return new Settlement(first, last, verdicts);
  }

  private static Verdict renewal(boolean renews, boolean renewable) {
    if (!renews) {
      throw new InvalidRequestException("A request that renews locks must say so.");
    }
    if (!renewable) {
      throw new InvalidRecordStateException(
          "Renewing acquisition locks is not enabled for the group.");
    }
    return Verdict.RENEW;
  }
}
