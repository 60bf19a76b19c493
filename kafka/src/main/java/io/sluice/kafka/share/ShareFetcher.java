package io.sluice.kafka.share;

import io.sluice.broker.ShareGroups;
import io.sluice.broker.Topic;
import io.sluice.broker.Topics;
import io.sluice.broker.subscription.Claim;
import io.sluice.broker.subscription.Lease;
import io.sluice.broker.subscription.SharedAccess;
import io.sluice.kafka.ErrorCodes;
import io.sluice.kafka.group.Groups;
import io.sluice.kafka.group.ShareGroupSettings;
import io.sluice.log.PartitionLog;
import io.sluice.log.ReadSignal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.message.ShareFetchRequestData;
import org.apache.kafka.common.message.ShareFetchResponseData.AcquiredRecords;
import org.apache.kafka.common.message.ShareFetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.ShareRequestMetadata;

/**
 * Acquires records for members, waiting for them where there are none: for what is appended, for
 * what others release, and for locks that end. The set of those who wait is safe for use by many
 * threads.
 */
final class ShareFetcher {

  /** Kafka's {@code fetch.max.bytes}: whatever the client asks for. */
  private static final int MAX_BYTES = 55 * 1024 * 1024;

  /** Whatever the client asks for: by then it may be gone, which only an answer shows. */
  private static final Duration MAX_WAIT = Duration.ofMinutes(5);

  /** A partition that can be read. */
  private record Target(SharePartition partition, PartitionLog log, SharedAccess access) {}

  private final Topics topics;
  private final ShareGroups shareGroups;
  private final Groups groups;
  private final Set<ReadSignal> waiting = ConcurrentHashMap.newKeySet();
  private volatile boolean stopped;

  ShareFetcher(Topics topics, ShareGroups shareGroups, Groups groups) {
    this.topics = topics;
    this.shareGroups = shareGroups;
    this.groups = groups;
  }

  /**
   * What there is of these partitions: records and errors, and nothing of the others but in the
   * first answer of a session.
   */
  Map<SharePartition, PartitionData> fetch(
      RequestContext context,
      ShareMember member,
      ShareFetchRequestData request,
      List<SharePartition> partitions,
      ShareGroupSettings settings)
      throws InterruptedException {
    Map<SharePartition, PartitionData> answers = new LinkedHashMap<>();
    List<Target> targets = new ArrayList<>();
    for (SharePartition partition : partitions) {
      try {
        targets.add(target(context, member, partition));
      } catch (RuntimeException e) {
        answers.put(partition, failed(partition, e));
      }
    }
    // Whose turn it is to be read first.
    Collections.rotate(
        targets, -Math.floorMod(request.shareSessionEpoch(), Math.max(1, targets.size())));
    int maxBytes = Math.min(request.maxBytes(), MAX_BYTES);
    if (!targets.isEmpty() && request.maxRecords() > 0 && maxBytes > 0) {
      Claim claim =
          new Claim(
              member.owner(),
              request.maxRecords(),
              Math.max(1, request.batchSize()),
              maxBytes,
              true,
              request.shareAcquireMode() == 0,
              settings.recordLock(),
              settings.maxRecordLocks(),
              settings.maxDeliveries(),
              settings.isolation());
      Duration wait = Duration.ofMillis(Math.max(0, request.maxWaitMs()));
      answers.putAll(await(targets, claim, request.minBytes(), wait));
      if (request.shareSessionEpoch() == ShareRequestMetadata.INITIAL_EPOCH) {
        for (Target target : targets) {
          answers.computeIfAbsent(target.partition(), ShareFetcher::nothing);
        }
      }
    }
    return answers;
  }

  private Target target(RequestContext context, ShareMember member, SharePartition partition)
      throws InterruptedException {
    Topic topic =
        topics
            .find(partition.topicId())
            .orElseThrow(() -> new UnknownTopicIdException("no topic " + partition.topicId()));
    PartitionLog log = topics.partition(topic.name(), partition.index());
    Optional<SharedAccess> access =
        shareGroups.find(member.group()).filter(found -> found.reads(topic.id()));
    return new Target(
        partition, log, access.isPresent() ? access.get() : begin(context, member, topic));
  }

  /**
   * The coordinator believes that the group reads the topic, but a queue of its name was deleted
   * since: its members begin anew.
   */
  private SharedAccess begin(RequestContext context, ShareMember member, Topic topic)
      throws InterruptedException {
    if (!groups.isShareMember(context, member.group(), member.id())) {
      throw new UnknownTopicOrPartitionException(
          "group " + member.group() + " does not read topic " + topic.name());
    }
    return shareGroups.read(member.group(), topic.id(), groups.shareGroupStart(member.group()));
  }

  private Map<SharePartition, PartitionData> await(
      List<Target> targets, Claim claim, int minBytes, Duration wait) throws InterruptedException {
    long end = System.nanoTime() + (wait.compareTo(MAX_WAIT) < 0 ? wait : MAX_WAIT).toNanos();
    if (minBytes <= 1) {
      Map<SharePartition, PartitionData> found = acquire(targets, claim);
      if (!found.isEmpty() || wait.isZero()) {
        return found;
      }
    }
    Set<SharedAccess> accesses = Collections.newSetFromMap(new IdentityHashMap<>());
    targets.forEach(target -> accesses.add(target.access()));
    try (ReadSignal signal = new ReadSignal()) {
      Runnable wake = signal::wake;
      waiting.add(signal);
      accesses.forEach(access -> access.addListener(wake));
      try {
        targets.forEach(target -> signal.watch(target.log()));
        return await(targets, claim, minBytes, end, signal);
      } finally {
        accesses.forEach(access -> access.removeListener(wake));
        waiting.remove(signal);
      }
    }
  }

  private Map<SharePartition, PartitionData> await(
      List<Target> targets, Claim claim, int minBytes, long end, ReadSignal signal)
      throws InterruptedException {
    while (true) {
      boolean last = end - System.nanoTime() <= 0 || stopped;
      if (last || minBytes <= 1 || isEnough(targets, claim, minBytes)) {
        Map<SharePartition, PartitionData> found = acquire(targets, claim);
        if (!found.isEmpty() || last) {
          return found;
        }
      }
      long left = end - System.nanoTime();
      OptionalLong deadline = OptionalLong.empty();
      for (Target target : targets) {
        deadline = earlier(deadline, nextDeadline(target));
      }
      Duration wait = Duration.ofNanos(left);
      signal.await(
          deadline.isPresent() && deadline.getAsLong() < wait.toMillis()
              ? Duration.ofMillis(deadline.getAsLong())
              : wait);
    }
  }

  private static OptionalLong earlier(OptionalLong one, OptionalLong other) {
    return one.isEmpty() || (other.isPresent() && other.getAsLong() < one.getAsLong())
        ? other
        : one;
  }

  private static OptionalLong nextDeadline(Target target) {
    try {
      return target
          .access()
          .millisToNextDeadline(target.partition().topicId(), target.partition().index());
    } catch (UnknownTopicOrPartitionException e) {
      return OptionalLong.empty();
    }
  }

  private static boolean isEnough(List<Target> targets, Claim claim, int minBytes) {
    long bytes = 0;
    for (Target target : targets) {
      try {
        bytes +=
            target
                .access()
                .readableBytes(target.partition().topicId(), target.partition().index(), claim);
      } catch (RuntimeException e) {
        // An error is news enough.
        return true;
      }
      if (bytes >= Math.min(minBytes, claim.maxBytes())) {
        return true;
      }
    }
    return false;
  }

  private static Map<SharePartition, PartitionData> acquire(List<Target> targets, Claim claim) {
    Map<SharePartition, PartitionData> found = new LinkedHashMap<>();
    int records = claim.maxRecords();
    int bytes = claim.maxBytes();
    for (Target target : targets) {
      SharePartition partition = target.partition();
      if (records <= 0 || bytes <= 0) {
        break;
      }
      try {
        Claim rest = claim.rest(records, bytes, bytes == claim.maxBytes());
        Lease lease = target.access().acquire(partition.topicId(), partition.index(), rest);
        if (!lease.ranges().isEmpty()) {
          found.put(partition, data(partition, lease));
          records -= lease.count();
          bytes -= lease.records().sizeInBytes();
        }
      } catch (RuntimeException e) {
        found.put(partition, failed(partition, e));
      }
    }
    return found;
  }

  private static PartitionData data(SharePartition partition, Lease lease) {
    return new PartitionData()
        .setPartitionIndex(partition.index())
        .setRecords(lease.records())
        .setAcquiredRecords(
            lease.ranges().stream()
                .map(
                    range ->
                        new AcquiredRecords()
                            .setFirstOffset(range.first())
                            .setLastOffset(range.last())
                            .setDeliveryCount(
                                (short) Math.min(Short.MAX_VALUE, range.deliveryCount())))
                .toList());
  }

  private static PartitionData failed(SharePartition partition, RuntimeException e) {
    Errors error = ErrorCodes.of(e);
    return nothing(partition).setErrorCode(error.code()).setErrorMessage(error.message());
  }

  /** A partition that has nothing to say. */
  static PartitionData nothing(SharePartition partition) {
    return new PartitionData().setPartitionIndex(partition.index()).setRecords(MemoryRecords.EMPTY);
  }

  /** Waits as one does who finds nothing. */
  void pause(Duration wait) throws InterruptedException {
    try (ReadSignal signal = new ReadSignal()) {
      waiting.add(signal);
      try {
        if (!stopped) {
          signal.await(wait.compareTo(MAX_WAIT) < 0 ? wait : MAX_WAIT);
        }
      } finally {
        waiting.remove(signal);
      }
    }
  }

  /** Answers whoever waits, now or later, with what there is. */
  void stopWaiting() {
    stopped = true;
    waiting.forEach(ReadSignal::wake);
  }
}
