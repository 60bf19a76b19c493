package io.sluice.kafka;

import io.sluice.broker.Topic;
import io.sluice.log.Fetched;
import io.sluice.log.PartitionLog;
import io.sluice.log.ReadIsolation;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.Records;
import org.apache.kafka.common.requests.FetchResponse;

/**
 * Reads what a Fetch asks for, in its order and within its limits; the first batch of the answer is
 * given whole whatever the limits, so that a client always gets on (KIP-74). Records stay in the
 * log's files, and leave them for the socket without a copy. Immutable.
 */
record FetchReader(TopicResolver resolver) {

  /** A response in the making. Owned by the thread that reads. */
  static final class Answer {
    private final FetchResponseData data = new FetchResponseData();
    private int bytes;
    private boolean failed;
    private boolean endsEarly;

    FetchResponseData data() {
      return data;
    }

    /**
     * Whether to wait no longer: there is an error, nothing was asked for, enough is there, or
     * there is more than one read gives, as at the end of a segment.
     */
    boolean isDue(FetchRequestData fetch) {
      int enough = Math.min(Math.min(fetch.minBytes(), fetch.maxBytes()), FetchApi.MAX_BYTES);
      return failed || endsEarly || bytes >= enough || fetch.topics().isEmpty();
    }
  }

  Answer read(FetchRequestData fetch) {
    Answer answer = new Answer();
    int maxBytes = Math.min(fetch.maxBytes(), FetchApi.MAX_BYTES);
    ReadIsolation isolation =
        fetch.isolationLevel() == IsolationLevel.READ_COMMITTED.id()
            ? ReadIsolation.COMMITTED
            : ReadIsolation.HIGH_WATERMARK;
    for (FetchTopic asked : fetch.topics()) {
      FetchableTopicResponse topic =
          new FetchableTopicResponse().setTopic(asked.topic()).setTopicId(asked.topicId());
      for (FetchPartition partition : asked.partitions()) {
        int limit = Math.max(0, Math.min(partition.partitionMaxBytes(), maxBytes - answer.bytes));
        PartitionData data = read(asked, partition, limit, answer.bytes == 0, isolation);
        int size = FetchResponse.recordsSize(data);
        answer.failed |= data.errorCode() != Errors.NONE.code();
        answer.bytes += size;
        answer.endsEarly |= size > 0 && size < limit && size < fetch.minBytes() && goesOn(data);
        topic.partitions().add(data);
      }
      answer.data.responses().add(topic);
    }
    return answer;
  }

  /** Whether readable records follow those that were read. */
  private static boolean goesOn(PartitionData data) {
    long next = 0;
    for (RecordBatch batch : ((Records) data.records()).batches()) {
      next = batch.nextOffset();
    }
    return next < data.lastStableOffset();
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
      Fetched fetched = log.read(partition.fetchOffset(), maxBytes, nothingYet, isolation);
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
