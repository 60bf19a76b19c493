package io.sluice.kafka;

import io.sluice.broker.Topic;
import io.sluice.broker.Topics;
import io.sluice.log.Fetched;
import io.sluice.log.PartitionLog;
import io.sluice.log.ReadIsolation;
import io.sluice.log.ReadSignal;
import java.time.Duration;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.errors.FetchSessionIdNotFoundException;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.RequestContext;

/**
 * Fetch, 4–18 (topic ids from 13). Every answer is a full one: a client that asks for a fetch
 * session (KIP-227) gets session id 0, which tells it to go on without. Records leave the log's
 * file for the socket without a copy. Waits for {@code min.bytes} up to {@code max.wait}.
 */
final class FetchApi implements KafkaApi {

  /** Kafka's {@code fetch.max.bytes}: whatever the client asks for. */
  private static final int MAX_BYTES = 55 * 1024 * 1024;

  private final TopicResolver resolver;

  FetchApi(Topics topics) {
    this.resolver = new TopicResolver(topics);
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.FETCH;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request)
      throws InterruptedException {
    FetchRequestData fetch = ((FetchRequest) request).data();
    if (fetch.sessionId() != 0) {
      throw new FetchSessionIdNotFoundException("no fetch session " + fetch.sessionId());
    }
    Answer answer = read(fetch);
    if (!answer.isDue(fetch.minBytes())) {
      answer = await(fetch);
    }
    return FetchResponse.of(answer.data);
  }

  private Answer await(FetchRequestData fetch) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofMillis(fetch.maxWaitMs()).toNanos();
    try (ReadSignal signal = new ReadSignal()) {
      watch(fetch, signal);
      while (true) {
        Answer answer = read(fetch);
        long left = end - System.nanoTime();
        if (answer.isDue(fetch.minBytes()) || left <= 0) {
          return answer;
        }
        if (!signal.await(Duration.ofNanos(left))) {
          return read(fetch);
        }
      }
    }
  }

  private void watch(FetchRequestData fetch, ReadSignal signal) {
    for (FetchTopic asked : fetch.topics()) {
      Topic topic = resolver.topic(asked.topic(), asked.topicId());
      asked.partitions().forEach(each -> signal.watch(resolver.partition(topic, each.partition())));
    }
  }

  /** A response in the making. */
  private static final class Answer {
    private final FetchResponseData data = new FetchResponseData();
    private int bytes;
    private boolean failed;

    boolean isDue(int minBytes) {
      return failed || bytes >= minBytes;
    }
  }

  private Answer read(FetchRequestData fetch) {
    Answer answer = new Answer();
    int maxBytes = Math.min(fetch.maxBytes(), MAX_BYTES);
    ReadIsolation isolation =
        fetch.isolationLevel() == IsolationLevel.READ_COMMITTED.id()
            ? ReadIsolation.COMMITTED
            : ReadIsolation.HIGH_WATERMARK;
    for (FetchTopic asked : fetch.topics()) {
      FetchableTopicResponse topic =
          new FetchableTopicResponse().setTopic(asked.topic()).setTopicId(asked.topicId());
      for (FetchPartition partition : asked.partitions()) {
        int limit = Math.min(partition.partitionMaxBytes(), maxBytes - answer.bytes);
        PartitionData data = read(asked, partition, limit, answer.bytes == 0, isolation);
        answer.failed |= data.errorCode() != Errors.NONE.code();
        answer.bytes += FetchResponse.recordsSize(data);
        topic.partitions().add(data);
      }
      answer.data.responses().add(topic);
    }
    return answer;
  }

  private PartitionData read(
      FetchTopic asked,
      FetchPartition partition,
      int maxBytes,
      boolean nothingYet,
      ReadIsolation isolation) {
    try {
      Topic topic = resolver.topic(asked.topic(), asked.topicId());
      PartitionLog log = resolver.partition(topic, partition.partition());
      TopicResolver.checkLeaderEpoch(log, partition.currentLeaderEpoch());
      Fetched fetched =
          log.read(partition.fetchOffset(), Math.max(0, maxBytes), nothingYet, isolation);
      PartitionData data =
          new PartitionData()
              .setPartitionIndex(partition.partition())
              .setHighWatermark(fetched.highWatermark())
              .setLastStableOffset(fetched.lastStableOffset())
              .setLogStartOffset(fetched.startOffset())
              .setRecords(fetched.records());
      return isolation == ReadIsolation.COMMITTED
          ? data.setAbortedTransactions(fetched.abortedTransactions())
          : data;
    } catch (RuntimeException e) {
      return new PartitionData()
          .setPartitionIndex(partition.partition())
          .setErrorCode(ErrorCodes.of(e).code())
          .setHighWatermark(FetchResponse.INVALID_HIGH_WATERMARK)
          .setRecords(MemoryRecords.EMPTY);
    }
  }
}
