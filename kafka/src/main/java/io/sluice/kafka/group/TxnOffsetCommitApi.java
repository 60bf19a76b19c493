package io.sluice.kafka.group;

import io.sluice.broker.Topic;
import io.sluice.broker.Topics;
import io.sluice.kafka.KafkaApi;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.TxnOffsetCommitRequest;
import org.apache.kafka.common.requests.TxnOffsetCommitResponse;
import org.apache.kafka.common.utils.BufferSupplier;

/**
 * TxnOffsetCommit, 0–5 (KIP-98; from 5 on the offsets' partition joins the transaction by itself,
 * KIP-890). Partitions that do not exist are refused one by one; the coordinator decides on the
 * others, which are true when the transaction is committed.
 */
final class TxnOffsetCommitApi implements KafkaApi {

  private static final int KNOWS_LOADING = 2;

  private final CoordinatorSource source;
  private final Topics topics;

  TxnOffsetCommitApi(CoordinatorSource source, Topics topics) {
    this.source = source;
    this.topics = topics;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.TXN_OFFSET_COMMIT;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request)
      throws InterruptedException {
    TxnOffsetCommitRequestData asked = ((TxnOffsetCommitRequest) request).data();
    TxnOffsetCommitResponse.Builder response = new TxnOffsetCommitResponse.Builder();
    List<TxnOffsetCommitRequestTopic> known = new ArrayList<>();
    for (TxnOffsetCommitRequestTopic topic : asked.topics()) {
      TxnOffsetCommitRequestTopic existing = existingPartitions(topic, response);
      if (!existing.partitions().isEmpty()) {
        known.add(existing);
      }
    }
    if (!known.isEmpty()) {
      TxnOffsetCommitRequestData checked = asked.duplicate().setTopics(known);
      response.merge(
          CoordinatorApi.await(
              source
                  .get()
                  .commitTransactionalOffsets(context, checked, BufferSupplier.NO_CACHING)));
    }
    return knownErrors(response.build(), context.apiVersion());
  }

  private TxnOffsetCommitRequestTopic existingPartitions(
      TxnOffsetCommitRequestTopic asked, TxnOffsetCommitResponse.Builder response) {
    int partitions = topics.find(asked.name()).map(Topic::partitions).orElse(0);
    TxnOffsetCommitRequestTopic existing = new TxnOffsetCommitRequestTopic().setName(asked.name());
    for (TxnOffsetCommitRequestPartition partition : asked.partitions()) {
      int index = partition.partitionIndex();
      if (index >= 0 && index < partitions) {
        existing.partitions().add(partition);
      } else {
        response.addPartition(asked.name(), index, Errors.UNKNOWN_TOPIC_OR_PARTITION);
      }
    }
    return existing;
  }

  /** Clients before Kafka 2.3 break at a coordinator that is loading (KAFKA-7296). */
  private static TxnOffsetCommitResponse knownErrors(
      TxnOffsetCommitResponse response, short version) {
    if (version < KNOWS_LOADING) {
      response.data().topics().stream()
          .flatMap(topic -> topic.partitions().stream())
          .filter(each -> each.errorCode() == Errors.COORDINATOR_LOAD_IN_PROGRESS.code())
          .forEach(each -> each.setErrorCode(Errors.COORDINATOR_NOT_AVAILABLE.code()));
    }
    return response;
  }
}
