package io.sluice.kafka.transaction;

import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.TransactionResult;

/**
 * What ends a producer's transaction in each of its partitions (KIP-98).
 *
 * @param version the transaction version by which the epoch is checked (KIP-890)
 */
public record TransactionMarker(
    long producerId,
    short producerEpoch,
    int coordinatorEpoch,
    TransactionResult result,
    short version) {

  MemoryRecords records() {
    ControlRecordType type =
        switch (result) {
          case COMMIT -> ControlRecordType.COMMIT;
          case ABORT -> ControlRecordType.ABORT;
        };
    return MemoryRecords.withEndTransactionMarker(
        producerId, producerEpoch, new EndTransactionMarker(type, coordinatorEpoch));
  }
}
