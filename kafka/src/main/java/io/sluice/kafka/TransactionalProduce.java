package io.sluice.kafka;

import io.sluice.kafka.transaction.TransactionAdmission;
import io.sluice.kafka.transaction.TransactionAdmission.Admission;
import io.sluice.kafka.transaction.TransactionAdmission.ClientSupport;
import io.sluice.log.PartitionLog;
import io.sluice.log.TransactionAppend;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.utils.ProducerIdAndEpoch;

/**
 * The transactional batches of one Produce request: what must be known before they are appended
 * (KIP-890). Owned by the thread that answers the request.
 */
final class TransactionalProduce {

  private final TransactionAdmission admission;
  private final String transactionalId;
  private final ClientSupport support;
  private final List<TransactionAdmission.Records> records = new ArrayList<>();
  private final Map<TopicPartition, ProducerIdAndEpoch> producers = new HashMap<>();
  private Map<TopicPartition, Admission> admissions = Map.of();

  TransactionalProduce(
      TransactionAdmission admission, String transactionalId, ClientSupport support) {
    this.admission = admission;
    this.transactionalId = transactionalId;
    this.support = support;
  }

  /** A batch is to be appended, if it belongs to a transaction as part of that. */
  void add(PartitionLog partition, MutableRecordBatch batch) {
    if (batch.isTransactional()) {
      producers.put(
          partition.topicPartition(),
          new ProducerIdAndEpoch(batch.producerId(), batch.producerEpoch()));
      records.add(new TransactionAdmission.Records(partition, batch.baseSequence()));
    }
  }

  /** Asks for all that were added. */
  void admit() throws InterruptedException {
    if (!records.isEmpty() && producers.values().stream().distinct().count() == 1) {
      admissions =
          admission.admit(transactionalId, producers.values().iterator().next(), records, support);
    }
  }

  /**
   * What the batch of a partition is appended with.
   *
   * @throws ApiException it may not be appended
   */
  TransactionAppend append(TopicPartition partition) {
    if (!producers.containsKey(partition)) {
      return TransactionAppend.NONE;
    }
    Admission answer = admissions.get(partition);
    if (answer == null) {
      // A request has one transactional id, and that one producer.
      throw Errors.INVALID_PRODUCER_ID_MAPPING.exception();
    }
    try {
      return answer.orThrow();
    } catch (ApiException e) {
      throw knownByProducers(e);
    }
  }

  /** Producers send again what met too few replicas, without a look for another leader. */
  private ApiException knownByProducers(ApiException e) {
    return switch (Errors.forException(e)) {
      case COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR ->
          unverified(e);
      case CONCURRENT_TRANSACTIONS -> support == ClientSupport.ADDS_BY_WRITING ? e : unverified(e);
      default -> e;
    };
  }

  private static ApiException unverified(ApiException e) {
    return new NotEnoughReplicasException(
        "whether the partition is part of the transaction is not known yet: " + e.getMessage());
  }
}
