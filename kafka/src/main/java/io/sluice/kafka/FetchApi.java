package io.sluice.kafka;

import io.sluice.broker.Topics;
import io.sluice.log.PartitionLog;
import io.sluice.log.ReadSignal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FetchMetadata;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.RequestContext;

/**
 * Fetch, 4–18 (topic ids from 13), in full or within a fetch session (KIP-227). Waits for {@code
 * min.bytes} up to {@code max.wait}. A client that calls itself a replica is answered as a
 * consumer. The set of those who wait is safe for use by many threads.
 */
final class FetchApi implements KafkaApi {

  /** The first version whose requests name topics by id (KIP-516). */
  private static final short TOPIC_IDS = 13;

  private final FetchReader reader;
  private final FetchSessions sessions =
      new FetchSessions(FetchSessions.MAX_SESSIONS, FetchSessions.MAX_PARTITIONS, System::nanoTime);
  private final Set<ReadSignal> waiting = ConcurrentHashMap.newKeySet();
  private volatile boolean stopped;

  FetchApi(Topics topics) {
    this.reader = new FetchReader(new TopicResolver(topics));
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.FETCH;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request)
      throws InterruptedException {
    FetchRequestData fetch = ((FetchRequest) request).data();
    FetchTerms terms = FetchTerms.of(fetch, context.apiVersion());
    return new FetchMetadata(fetch.sessionId(), fetch.sessionEpoch()).isFull()
        ? full(fetch, terms)
        : incremental(fetch, terms);
  }

  private FetchResponse full(FetchRequestData fetch, FetchTerms terms) throws InterruptedException {
    sessions.end(fetch.sessionId());
    Collection<FetchTarget> wanted = wanted(fetch);
    FetchAnswer answer = answer(wanted, terms);
    boolean wantsSession = fetch.sessionEpoch() == FetchMetadata.INITIAL_EPOCH;
    int id =
        wantsSession && FetchSession.mayKeep(wanted)
            ? sessions.begin(terms.version() >= TOPIC_IDS, answer)
            : FetchMetadata.INVALID_SESSION_ID;
    return FetchAnswer.response(id, answer.parts());
  }

  private FetchResponse incremental(FetchRequestData fetch, FetchTerms terms)
      throws InterruptedException {
    Optional<FetchSession> found = sessions.use(fetch.sessionId());
    Collection<FetchTarget> wanted = wanted(fetch);
    if (found.isEmpty() || !FetchSession.mayKeep(wanted)) {
      return failed(Errors.FETCH_SESSION_ID_NOT_FOUND, FetchMetadata.INVALID_SESSION_ID);
    }
    FetchSession session = found.get();
    List<FetchTarget.Key> forgotten = forgotten(fetch);
    Optional<Errors> error =
        session.advance(fetch.sessionEpoch(), terms.version() >= TOPIC_IDS, wanted, forgotten);
    if (error.isPresent()) {
      return failed(error.get(), FetchMetadata.INVALID_SESSION_ID);
    }
    boolean resized = !wanted.isEmpty() || !forgotten.isEmpty();
    if (resized && !sessions.resized(session)) {
      return session.partitions() == 0
          ? FetchAnswer.response(FetchMetadata.INVALID_SESSION_ID, List.of())
          : failed(Errors.FETCH_SESSION_ID_NOT_FOUND, FetchMetadata.INVALID_SESSION_ID);
    }
    FetchAnswer answer = answer(session.targets(), terms);
    return session
        .news(fetch.sessionEpoch(), answer)
        .map(news -> FetchAnswer.response(session.id(), news))
        .orElseGet(() -> failed(Errors.INVALID_FETCH_SESSION_EPOCH, session.id()));
  }

  private static FetchResponse failed(Errors error, int sessionId) {
    return FetchResponse.of(
        new FetchResponseData().setErrorCode(error.code()).setSessionId(sessionId));
  }

  /** The partitions of a request; of one that is named twice the last word counts, as in Kafka. */
  private static Collection<FetchTarget> wanted(FetchRequestData fetch) {
    Map<FetchTarget.Key, FetchTarget> wanted = new LinkedHashMap<>();
    for (FetchTopic topic : fetch.topics()) {
      for (FetchPartition partition : topic.partitions()) {
        FetchTarget target = FetchTarget.of(topic, partition);
        wanted.put(target.key(), target);
      }
    }
    return wanted.values();
  }

  private static List<FetchTarget.Key> forgotten(FetchRequestData fetch) {
    List<FetchTarget.Key> forgotten = new ArrayList<>();
    for (ForgottenTopic topic : fetch.forgottenTopicsData()) {
      for (int partition : topic.partitions()) {
        forgotten.add(new FetchTarget.Key(topic.topic(), topic.topicId(), partition));
      }
    }
    return forgotten;
  }

  private FetchAnswer answer(Collection<FetchTarget> targets, FetchTerms terms)
      throws InterruptedException {
    FetchAnswer answer = reader.read(targets, terms);
    if (answer.isDue(terms) || terms.maxWait().isNegative() || terms.maxWait().isZero()) {
      return answer;
    }
    long end = System.nanoTime() + terms.maxWait().toNanos();
    try (ReadSignal signal = new ReadSignal()) {
      waiting.add(signal);
      try {
        answer.parts().forEach(part -> watch(part, signal));
        return await(answer, targets, terms, signal, end);
      } finally {
        waiting.remove(signal);
      }
    }
  }

  /** Nothing is read again before there is news: a client may want very many partitions. */
  private FetchAnswer await(
      FetchAnswer first,
      Collection<FetchTarget> targets,
      FetchTerms terms,
      ReadSignal signal,
      long end)
      throws InterruptedException {
    FetchAnswer answer = first;
    long left = end - System.nanoTime();
    while (left > 0 && !stopped && signal.await(Duration.ofNanos(left))) {
      answer = reader.read(targets, terms);
      // One that was deleted in the meantime is told at once.
      if (answer.isDue(terms) || answer.unknown() > first.unknown()) {
        break;
      }
      left = end - System.nanoTime();
    }
    return answer;
  }

  /** Watches a partition, and wakes at once when it has changed since it was read. */
  private void watch(FetchAnswer.Part part, ReadSignal signal) {
    try {
      PartitionLog log = reader.partition(part.target().key());
      signal.watch(log);
      PartitionData data = part.data();
      if (log.highWatermark() != data.highWatermark()
          || log.lastStableOffset() != data.lastStableOffset()
          || log.startOffset() != data.logStartOffset()) {
        signal.wake();
      }
    } catch (UnknownTopicIdException | UnknownTopicOrPartitionException e) {
      if (part.data().errorCode() == Errors.NONE.code()) {
        signal.wake();
      }
    }
  }

  /** Answers whoever waits, now or later, with what there is. */
  void stopWaiting() {
    stopped = true;
    waiting.forEach(ReadSignal::wake);
  }
}
