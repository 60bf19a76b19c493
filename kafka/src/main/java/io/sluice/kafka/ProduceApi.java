package io.sluice.kafka;

import io.sluice.broker.Topic;
import io.sluice.broker.TopicKind;
import io.sluice.broker.Topics;
import io.sluice.kafka.transaction.TransactionAdmission;
import io.sluice.kafka.transaction.TransactionAdmission.ClientSupport;
import io.sluice.log.AppendSource;
import io.sluice.log.Appended;
import io.sluice.log.PartitionLog;
import io.sluice.log.RejectedRecords;
import io.sluice.log.TransactionAppend;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.InvalidRequiredAcksException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.BatchIndexAndErrorMessage;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.jspecify.annotations.Nullable;

/**
 * Produce, 3–13 (topic ids from 13). With one replica {@code acks=1} and {@code acks=all} are the
 * same: both are answered when the records are durable. {@code acks=0} is not answered, but for an
 * error, which costs the connection. From version 12 on the records of a transaction add their
 * partitions to it (KIP-890).
 */
final class ProduceApi implements PipelinedApi {

  private final TopicResolver resolver;

  private final TransactionAdmission admission;

  ProduceApi(Topics topics, TransactionAdmission admission) {
    this.resolver = new TopicResolver(topics);
    this.admission = admission;
  }

  /** A batch that may be appended, as far as can be seen; or its answer, which is an error. */
  private record Checked(
      PartitionProduceResponse response, @Nullable PartitionLog partition, MemoryRecords records) {}

  /** Records that may be durable only later. */
  private record Written(PartitionLog partition, Appended appended) {}

  /** One partition's answer, complete but for its durability. */
  private record Begun(PartitionProduceResponse response, Optional<Written> written) {}

  @Override
  public ApiKeys key() {
    return ApiKeys.PRODUCE;
  }

  @Override
  public Pending begin(RequestContext context, AbstractRequest request)
      throws InterruptedException {
    ProduceRequest produce = (ProduceRequest) request;
    ProduceResponseData response = new ProduceResponseData();
    List<Checked> checked = new ArrayList<>();
    TransactionalProduce transaction =
        new TransactionalProduce(
            admission, produce.transactionalId(), ClientSupport.ofProduce(context.apiVersion()));
    for (TopicProduceData topic : produce.data().topicData()) {
      TopicProduceResponse answer =
          new TopicProduceResponse().setName(topic.name()).setTopicId(topic.topicId());
      for (PartitionProduceData partition : topic.partitionData()) {
        Checked each = check(produce, context.apiVersion(), topic, partition);
        if (each.partition() != null) {
          transaction.add(each.partition(), each.records().batches().iterator().next());
        }
        checked.add(each);
        answer.partitionResponses().add(each.response());
      }
      response.responses().add(answer);
    }
    transaction.admit();
    List<Begun> begun = new ArrayList<>(checked.size());
    for (Checked each : checked) {
      begun.add(begin(each, transaction));
    }
    // What waits for the disk must not hold on to the request: its records are written.
    return produce.acks() == 0 ? unanswered(begun) : new Answered(begun, response);
  }

  private static List<Written> notDurable(List<Begun> begun) {
    List<Written> open = new ArrayList<>(begun.size());
    for (Begun each : begun) {
      Written written = each.written().orElse(null);
      if (written != null && !written.appended().durable().isDone()) {
        open.add(written);
      }
    }
    return open;
  }

  private static void start(List<Written> written) {
    written.forEach(each -> each.partition().startFlush());
  }

  /** An answer that is sent when all its records are durable. */
  private record Answered(List<Begun> begun, ProduceResponseData data) implements Pending {

    @Override
    public boolean isDone() {
      return notDurable(begun).isEmpty();
    }

    @Override
    public void start() {
      ProduceApi.start(notDurable(begun));
    }

    /** Several partitions are flushed beside each other. */
    @Override
    public void flush() {
      List<Written> open = notDurable(begun);
      if (!open.isEmpty()) {
        ProduceApi.start(open.subList(0, open.size() - 1));
        open.getLast().partition().flush();
      }
    }

    @Override
    public Optional<AbstractResponse> await() throws InterruptedException {
      for (Begun each : begun) {
        awaitDurable(each);
      }
      return Optional.of(new ProduceResponse(data));
    }
  }

  /** There is no answer to tell of an error, so the client loses its connection, as with Kafka. */
  private static Pending unanswered(List<Begun> begun) {
    start(notDurable(begun));
    return () -> {
      for (Begun each : begun) {
        Errors error = Errors.forCode(each.response().errorCode());
        if (error != Errors.NONE) {
          throw new InvalidRequestException("produce with acks=0 failed: " + error);
        }
      }
      return Optional.empty();
    };
  }

  private Checked check(
      ProduceRequest produce, short version, TopicProduceData data, PartitionProduceData records) {
    PartitionProduceResponse response =
        new PartitionProduceResponse().setIndex(records.index()).setBaseOffset(-1);
    try {
      check(produce, version, records);
      Topic topic = resolver.topic(data.name(), data.topicId());
      if (topic.kind() == TopicKind.INTERNAL) {
        throw new InvalidTopicException("topic " + topic.name() + " is internal");
      }
      return new Checked(
          response, resolver.partition(topic, records.index()), (MemoryRecords) records.records());
    } catch (RuntimeException e) {
      fail(response, e);
      return new Checked(response, null, MemoryRecords.EMPTY);
    }
  }

  private static Begun begin(Checked checked, TransactionalProduce transaction) {
    PartitionLog partition = checked.partition();
    if (partition == null) {
      return new Begun(checked.response(), Optional.empty());
    }
    try {
      return append(checked, partition, transaction.append(partition.topicPartition()));
    } catch (RuntimeException e) {
      fail(checked.response(), e);
      return new Begun(checked.response(), Optional.empty());
    }
  }

  private static Begun append(
      Checked checked, PartitionLog partition, TransactionAppend transaction) {
    try {
      Appended appended = append(partition, checked.records(), transaction);
      checked
          .response()
          .setBaseOffset(appended.baseOffset())
          .setLogAppendTimeMs(appended.logAppendTimeMs())
          .setLogStartOffset(appended.logStartOffset());
      return new Begun(checked.response(), Optional.of(new Written(partition, appended)));
    } catch (RuntimeException e) {
      if (saysWhereTheLogStarts(ErrorCodes.of(e))) {
        checked.response().setLogStartOffset(partition.startOffset());
      }
      throw e;
    }
  }

  /** By which an idempotent producer knows whether records that it misses were deleted. */
  private static boolean saysWhereTheLogStarts(Errors refusal) {
    return switch (refusal) {
      case UNKNOWN_TOPIC_OR_PARTITION,
          UNKNOWN_TOPIC_ID,
          NOT_LEADER_OR_FOLLOWER,
          MESSAGE_TOO_LARGE,
          RECORD_LIST_TOO_LARGE,
          CORRUPT_MESSAGE,
          KAFKA_STORAGE_ERROR ->
          false;
      default -> true;
    };
  }

  private static Appended append(
      PartitionLog partition, MemoryRecords records, TransactionAppend transaction) {
    try {
      return partition.appendUnflushed(records, AppendSource.CLIENT, transaction);
    } catch (ApiException e) {
      throw e;
    } catch (KafkaException e) {
      // Kafka has no exception of its own for a checksum that is right over bytes that are not.
      throw new CorruptRecordException("the batch cannot be unpacked", e);
    }
  }

  private static void check(ProduceRequest produce, short version, PartitionProduceData records) {
    if (produce.acks() < -1 || produce.acks() > 1) {
      throw new InvalidRequiredAcksException("acks must be -1, 0 or 1, not " + produce.acks());
    }
    if (!(records.records() instanceof MemoryRecords batches)) {
      throw new InvalidRecordException("there are no records");
    }
    try {
      ProduceRequest.validateRecords(version, batches);
      UnpackedSize.check(batches);
    } catch (IllegalArgumentException e) {
      throw new InvalidRecordException("the batch names no compression that is known", e);
    }
    if (produce.transactionalId() == null
        && batches.batches().iterator().next().isTransactional()) {
      throw Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED.exception();
    }
  }

  private static void awaitDurable(Begun begun) throws InterruptedException {
    if (begun.written().isPresent()) {
      try {
        begun.written().get().appended().durable().get();
      } catch (ExecutionException e) {
        fail(begun.response(), e.getCause() == null ? e : e.getCause());
      }
    }
  }

  private static void fail(PartitionProduceResponse response, Throwable e) {
    Errors error = ErrorCodes.of(e);
    response.setErrorCode(error.code()).setErrorMessage(e.getMessage()).setBaseOffset(-1);
    if (e instanceof RejectedRecords rejected) {
      response.setRecordErrors(
          rejected.faults().stream()
              .map(
                  fault ->
                      new BatchIndexAndErrorMessage()
                          .setBatchIndex(fault.index())
                          .setBatchIndexErrorMessage(fault.message()))
              .toList());
    }
  }
}
