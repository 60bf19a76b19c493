package io.sluice.log;

import org.apache.kafka.server.common.TransactionVersion;
import org.apache.kafka.storage.internals.log.VerificationGuard;

/**
 * What an append needs to know of the transaction that its records belong to. Immutable.
 *
 * @param guard what {@link PartitionLog#startVerification} gave when the transaction's coordinator
 *     was asked whether the partition belongs to it (KIP-890); needed for its first records
 * @param version the transaction version by which an end marker is checked (KIP-890): from 2 on its
 *     epoch is one more than that of the records
 */
public record TransactionAppend(VerificationGuard guard, short version) {

  /** Of records that belong to no transaction, or to one that is known to the partition. */
  public static final TransactionAppend NONE =
      new TransactionAppend(VerificationGuard.SENTINEL, TransactionVersion.TV_UNKNOWN);

  /** Of a transaction's first records. */
  static TransactionAppend verifiedBy(VerificationGuard guard) {
    return new TransactionAppend(guard, TransactionVersion.TV_UNKNOWN);
  }

  /** Of an end marker. */
  public static TransactionAppend marker(short version) {
    return new TransactionAppend(VerificationGuard.SENTINEL, version);
  }
}
