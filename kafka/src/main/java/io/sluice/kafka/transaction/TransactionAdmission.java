package io.sluice.kafka.transaction;

import io.sluice.log.PartitionLog;
import io.sluice.log.TransactionAppend;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.ProducerIdAndEpoch;
import org.apache.kafka.server.common.TransactionVersion;

/**
 * Lets the records of transactions into partitions, once the coordinator knows that these belong to
 * the transaction (KIP-890). Safe for use by many threads.
 */
public final class TransactionAdmission {

  /**
   * Kafka's {@code add.partitions.to.txn.retry.backoff.max.ms}: how long records wait for the end
   * of the transaction before, which is quicker than to have them sent again.
   */
  private static final Duration PATIENCE = Duration.ofMillis(100);

  /** What the version of a request says of its client. */
  public enum ClientSupport {
    /** It has added the partitions, and knows {@code INVALID_TXN_STATE} when it has not. */
    NONE,
    /** It has added the partitions, and knows {@code TRANSACTION_ABORTABLE} when it has not. */
    ABORTABLE_ERROR,
    /** Its records add their partitions: transaction version 2. */
    ADDS_BY_WRITING;

    /** Of a Produce request. */
    public static ClientSupport ofProduce(int version) {
      return version > 11 ? ADDS_BY_WRITING : version > 10 ? ABORTABLE_ERROR : NONE;
    }

    /** Of a TxnOffsetCommit request. */
    public static ClientSupport ofOffsetCommit(int version) {
      return version > 4 ? ADDS_BY_WRITING : version > 3 ? ABORTABLE_ERROR : NONE;
    }
  }

  /** Records to let into a partition, and the sequence number of the first. */
  public record Records(PartitionLog partition, int baseSequence) {}

  /** Whether records may be appended, and with what. */
  public sealed interface Admission {

    /**
     * What to append with.
     *
     * @throws ApiException why they may not be appended
     */
    TransactionAppend orThrow();
  }

  private record Admitted(TransactionAppend append) implements Admission {
    @Override
    public TransactionAppend orThrow() {
      return append;
    }
  }

  private record Refused(ApiException reason) implements Admission {
    @Override
    public TransactionAppend orThrow() {
      throw reason;
    }
  }

  private final TransactionSource coordinator;

  TransactionAdmission(TransactionSource coordinator) {
    this.coordinator = coordinator;
  }

  /**
   * Lets one producer's records of one request into their partitions.
   *
   * @return the answer for each
   */
  public Map<TopicPartition, Admission> admit(
      String transactionalId,
      ProducerIdAndEpoch producer,
      List<Records> records,
      ClientSupport support)
      throws InterruptedException {
    Map<TopicPartition, Admission> admissions = new HashMap<>();
    Map<TopicPartition, TransactionAppend> open = new HashMap<>();
    for (Records each : records) {
      TopicPartition name = each.partition().topicPartition();
      try {
        Optional<TransactionAppend> first =
            each.partition()
                .startVerification(
                    producer.producerId,
                    producer.epoch,
                    each.baseSequence(),
                    support == ClientSupport.ADDS_BY_WRITING);
        first.ifPresentOrElse(
            found -> open.put(name, found),
            () -> admissions.put(name, new Admitted(TransactionAppend.NONE)));
      } catch (ApiException e) {
        admissions.put(name, new Refused(e));
      }
    }
    if (!open.isEmpty()) {
      ask(transactionalId, producer, open, support, admissions);
    }
    return admissions;
  }

  /**
   * Lets records into one partition.
   *
   * @return what to append them with
   * @throws ApiException they may not be appended
   */
  public TransactionAppend admit(
      String transactionalId, ProducerIdAndEpoch producer, Records records, ClientSupport support)
      throws InterruptedException {
    return admit(transactionalId, producer, List.of(records), support)
        .values()
        .iterator()
        .next()
        .orThrow();
  }

  private void ask(
      String transactionalId,
      ProducerIdAndEpoch producer,
      Map<TopicPartition, TransactionAppend> open,
      ClientSupport support,
      Map<TopicPartition, Admission> admissions)
      throws InterruptedException {
    try {
      Set<TopicPartition> members =
          members(transactionalId, producer, Set.copyOf(open.keySet()), support);
      Refused stranger =
          new Refused(
              (support == ClientSupport.NONE
                      ? Errors.INVALID_TXN_STATE
                      : Errors.TRANSACTION_ABORTABLE)
                  .exception("the partition was not added to the transaction"));
      open.forEach(
          (partition, append) ->
              admissions.put(
                  partition, members.contains(partition) ? new Admitted(append) : stranger));
    } catch (ApiException e) {
      // Producers that write know a newer one by this error.
      ApiException reason =
          Errors.forException(e) == Errors.PRODUCER_FENCED
              ? Errors.INVALID_PRODUCER_EPOCH.exception()
              : e;
      open.keySet().forEach(partition -> admissions.put(partition, new Refused(reason)));
    }
  }

  private Set<TopicPartition> members(
      String transactionalId,
      ProducerIdAndEpoch producer,
      Set<TopicPartition> partitions,
      ClientSupport support)
      throws InterruptedException {
    TransactionEntry entry = coordinator.get().entry(transactionalId);
    TransactionParticipation participation = coordinator.get().participation();
    if (support == ClientSupport.ADDS_BY_WRITING) {
      participation.add(entry, producer, partitions, TransactionVersion.TV_2, PATIENCE);
      return partitions;
    }
    return participation.among(entry, producer, partitions);
  }
}
