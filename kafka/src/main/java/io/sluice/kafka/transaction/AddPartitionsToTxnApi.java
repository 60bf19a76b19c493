package io.sluice.kafka.transaction;

import io.sluice.broker.Topic;
import io.sluice.broker.Topics;
import io.sluice.kafka.KafkaApi;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnResult;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnResultCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.AddPartitionsToTxnRequest;
import org.apache.kafka.common.requests.AddPartitionsToTxnResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.utils.ProducerIdAndEpoch;
import org.apache.kafka.server.common.TransactionVersion;

/**
 * AddPartitionsToTxn, 0–5 (KIP-98): one transaction, from version 4 on many, which may also be
 * asked for only (KIP-890; brokers do so, clients never). All partitions are added or none. Of a
 * transaction that is named twice the first counts.
 */
final class AddPartitionsToTxnApi implements KafkaApi {

  private static final int MANY_TRANSACTIONS = 4;
  private static final int KNOWS_FENCED = 2;

  private final TransactionSource source;
  private final Topics topics;

  AddPartitionsToTxnApi(TransactionSource source, Topics topics) {
    this.source = source;
    this.topics = topics;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.ADD_PARTITIONS_TO_TXN;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request)
      throws InterruptedException {
    AddPartitionsToTxnRequest asked = (AddPartitionsToTxnRequest) request;
    boolean many = context.apiVersion() >= MANY_TRANSACTIONS;
    AddPartitionsToTxnRequest normalized = many ? asked : asked.normalizeRequest();
    AddPartitionsToTxnResultCollection results = new AddPartitionsToTxnResultCollection();
    for (AddPartitionsToTxnTransaction each : normalized.data().transactions()) {
      if (results.find(each.transactionalId()) == null) {
        results.add(answer(normalized, each, partitions(each), context.apiVersion()));
      }
    }
    AddPartitionsToTxnResponseData response = new AddPartitionsToTxnResponseData();
    if (many) {
      response.setResultsByTransaction(results);
    } else {
      for (AddPartitionsToTxnResult only : results) {
        response.setResultsByTopicV3AndBelow(only.topicResults());
      }
    }
    return new AddPartitionsToTxnResponse(response);
  }

  private static Set<TopicPartition> partitions(AddPartitionsToTxnTransaction asked) {
    Set<TopicPartition> partitions = new HashSet<>();
    for (AddPartitionsToTxnTopic topic : asked.topics()) {
      topic.partitions().forEach(index -> partitions.add(new TopicPartition(topic.name(), index)));
    }
    return partitions;
  }

  private AddPartitionsToTxnResult answer(
      AddPartitionsToTxnRequest request,
      AddPartitionsToTxnTransaction asked,
      Set<TopicPartition> partitions,
      short version)
      throws InterruptedException {
    String id = asked.transactionalId();
    Map<TopicPartition, Errors> answers = new HashMap<>();
    for (TopicPartition partition : partitions) {
      answers.put(
          partition,
          exists(partition) ? Errors.OPERATION_NOT_ATTEMPTED : Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }
    if (answers.containsValue(Errors.UNKNOWN_TOPIC_OR_PARTITION)) {
      return AddPartitionsToTxnResponse.resultForTransaction(id, answers);
    }
    try {
      if (!asked.verifyOnly()) {
        add(request, asked, partitions);
        return request.errorResponseForTransaction(id, Errors.NONE);
      }
      Set<TopicPartition> members = verify(asked, partitions);
      answers.replaceAll(
          (partition, before) ->
              members.contains(partition) ? Errors.NONE : Errors.TRANSACTION_ABORTABLE);
      return AddPartitionsToTxnResponse.resultForTransaction(id, answers);
    } catch (ProducerFencedException e) {
      return request.errorResponseForTransaction(
          id, Errors.forException(ProducerFencing.of(e, version, KNOWS_FENCED)));
    } catch (ApiException e) {
      return request.errorResponseForTransaction(id, Errors.forException(e));
    }
  }

  private boolean exists(TopicPartition partition) {
    Optional<Topic> topic = topics.find(partition.topic());
    return topic.isPresent()
        && partition.partition() >= 0
        && partition.partition() < topic.get().partitions();
  }

  private Set<TopicPartition> verify(
      AddPartitionsToTxnTransaction asked, Set<TopicPartition> partitions)
      throws InterruptedException {
    TransactionCoordinator coordinator = source.get();
    return coordinator
        .participation()
        .among(coordinator.entry(asked.transactionalId()), producer(asked), partitions);
  }

  private void add(
      AddPartitionsToTxnRequest request,
      AddPartitionsToTxnTransaction asked,
      Set<TopicPartition> partitions)
      throws InterruptedException {
    source
        .get()
        .add(
            asked.transactionalId(),
            producer(asked),
            partitions,
            TransactionVersion.transactionVersionForAddPartitionsToTxn(request));
  }

  private static ProducerIdAndEpoch producer(AddPartitionsToTxnTransaction asked) {
    return new ProducerIdAndEpoch(asked.producerId(), asked.producerEpoch());
  }
}
