package io.sluice.kafka;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchMetadata;
import org.apache.kafka.common.requests.FetchResponse;

/**
 * An incremental fetch session (KIP-227): the partitions that a client wants, so that its requests
 * name only what changes for them, and what it was last told of each, so that answers do. Safe for
 * use by many threads, though one client asks one thing at a time.
 */
final class FetchSession {

  /** What is wanted of a partition, and what was told of it. */
  private static final class Entry {
    private FetchTarget target;
    private long highWatermark = -1;
    private long startOffset = -1;

    Entry(FetchTarget target) {
      this.target = target;
    }

    /** Whether there is something to tell; afterwards it counts as told. */
    boolean tell(PartitionData data) {
      boolean failed = data.errorCode() != Errors.NONE.code();
      boolean news =
          failed
              || FetchResponse.recordsSize(data) > 0
              || FetchResponse.isDivergingEpoch(data)
              || highWatermark != data.highWatermark()
              || startOffset != data.logStartOffset();
      // When the error is over, that is to be told too.
      highWatermark = failed ? -1 : data.highWatermark();
      startOffset = data.logStartOffset();
      return news;
    }
  }

  /** The longest name of a topic. */
  private static final int MAX_NAME = 249;

  private final int id;
  private final boolean usesTopicIds;
  private final ReentrantLock lock = new ReentrantLock();

  /** Whose turn it is comes first. Owned by {@link #lock}. */
  private final SequencedMap<FetchTarget.Key, Entry> entries;

  /** Of the next request. Owned by {@link #lock}. */
  private int epoch = FetchMetadata.nextEpoch(FetchMetadata.INITIAL_EPOCH);

  /** A session that begins with a full answer, which has been told. */
  FetchSession(int id, boolean usesTopicIds, FetchAnswer told) {
    this.id = id;
    this.usesTopicIds = usesTopicIds;
    this.entries = LinkedHashMap.newLinkedHashMap(told.parts().size());
    for (FetchAnswer.Part part : told.parts()) {
      Entry entry = new Entry(part.target());
      entry.tell(part.data());
      entries.put(part.target().key(), entry);
    }
  }

  /** Whether a session may keep them: a name that no topic can have may be of any length. */
  static boolean mayKeep(Collection<FetchTarget> targets) {
    return targets.stream().allMatch(target -> target.key().topic().length() <= MAX_NAME);
  }

  int id() {
    return id;
  }

  int partitions() {
    lock.lock();
    try {
      return entries.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Begins the next request.
   *
   * @return what prevents it, if anything; otherwise the session has the next epoch
   */
  Optional<Errors> advance(
      int requestEpoch,
      boolean topicIds,
      Collection<FetchTarget> wanted,
      Collection<FetchTarget.Key> forgotten) {
    lock.lock();
    try {
      if (requestEpoch != epoch) {
        return Optional.of(Errors.INVALID_FETCH_SESSION_EPOCH);
      }
      if (topicIds != usesTopicIds) {
        return Optional.of(Errors.FETCH_SESSION_TOPIC_ID_ERROR);
      }
      for (FetchTarget target : wanted) {
        entries.computeIfAbsent(target.key(), key -> new Entry(target)).target = target;
      }
      forgotten.forEach(entries::remove);
      epoch = FetchMetadata.nextEpoch(epoch);
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** Everything that is wanted, in the order in which it is to be read. */
  List<FetchTarget> targets() {
    lock.lock();
    try {
      List<FetchTarget> targets = new ArrayList<>(entries.size());
      entries.values().forEach(entry -> targets.add(entry.target));
      return targets;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The parts of an answer that tell the client something; afterwards they count as told, and those
   * with records are the last to be read next time, so that none is starved.
   *
   * @param requestEpoch of the request that is answered
   * @return empty when another request has been begun in the meantime
   */
  Optional<List<FetchAnswer.Part>> news(int requestEpoch, FetchAnswer answer) {
    lock.lock();
    try {
      if (epoch != FetchMetadata.nextEpoch(requestEpoch)) {
        return Optional.empty();
      }
      List<FetchAnswer.Part> news = new ArrayList<>();
      for (FetchAnswer.Part part : answer.parts()) {
        Entry entry = entries.get(part.target().key());
        if (entry != null && entry.tell(part.data())) {
          news.add(part);
          if (FetchResponse.recordsSize(part.data()) > 0) {
            entries.putLast(part.target().key(), entry);
          }
        }
      }
      return Optional.of(news);
    } finally {
      lock.unlock();
    }
  }
}
