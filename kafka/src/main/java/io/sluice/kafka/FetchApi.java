package io.sluice.kafka;

import io.sluice.broker.Topics;
import io.sluice.log.ReadSignal;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FetchMetadata;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.RequestContext;

/**
 * Fetch, 4–18 (topic ids from 13). Every answer is a full one: a client that asks for a fetch
 * session (KIP-227) gets session id 0, as from a broker whose sessions are all taken, and goes on
 * without; one that goes on with a session hears that there is none. Waits for {@code min.bytes} up
 * to {@code max.wait}. The set of those who wait is safe for use by many threads.
 */
final class FetchApi implements KafkaApi {

  /** Kafka's {@code fetch.max.bytes}: whatever the client asks for. */
  static final int MAX_BYTES = 55 * 1024 * 1024;

  /** Whatever the client asks for: by then it may be gone, which only an answer shows. */
  private static final Duration MAX_WAIT = Duration.ofMinutes(5);

  private final TopicResolver resolver;
  private final FetchReader reader;
  private final Set<ReadSignal> waiting = ConcurrentHashMap.newKeySet();
  private volatile boolean stopped;

  FetchApi(Topics topics) {
    this.resolver = new TopicResolver(topics);
    this.reader = new FetchReader(resolver);
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.FETCH;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request)
      throws InterruptedException {
    FetchRequestData fetch = ((FetchRequest) request).data();
    if (!new FetchMetadata(fetch.sessionId(), fetch.sessionEpoch()).isFull()) {
      return FetchResponse.of(
          new FetchResponseData().setErrorCode(Errors.FETCH_SESSION_ID_NOT_FOUND.code()));
    }
    FetchReader.Answer answer = reader.read(fetch);
    if (!answer.isDue(fetch)) {
      answer = await(fetch);
    }
    return FetchResponse.of(answer.data());
  }

  private FetchReader.Answer await(FetchRequestData fetch) throws InterruptedException {
    Duration wait = Duration.ofMillis(fetch.maxWaitMs());
    long end = System.nanoTime() + (wait.compareTo(MAX_WAIT) < 0 ? wait : MAX_WAIT).toNanos();
    try (ReadSignal signal = new ReadSignal()) {
      waiting.add(signal);
      try {
        watch(fetch, signal);
        return await(fetch, signal, end);
      } finally {
        waiting.remove(signal);
      }
    }
  }

  private FetchReader.Answer await(FetchRequestData fetch, ReadSignal signal, long end)
      throws InterruptedException {
    while (true) {
      FetchReader.Answer answer = reader.read(fetch);
      long left = end - System.nanoTime();
      if (answer.isDue(fetch) || left <= 0 || stopped) {
        return answer;
      }
      signal.await(Duration.ofNanos(left));
    }
  }

  /** What does not exist is not watched: it makes the answer due. */
  private void watch(FetchRequestData fetch, ReadSignal signal) {
    for (FetchTopic asked : fetch.topics()) {
      asked.partitions().forEach(each -> watch(asked, each.partition(), signal));
    }
  }

  private void watch(FetchTopic asked, int partition, ReadSignal signal) {
    try {
      signal.watch(resolver.partition(resolver.topic(asked.topic(), asked.topicId()), partition));
    } catch (UnknownTopicIdException | UnknownTopicOrPartitionException e) {
      signal.wake();
    }
  }

  /** Answers whoever waits, now or later, with what there is. */
  void stopWaiting() {
    stopped = true;
    waiting.forEach(ReadSignal::wake);
  }
}
