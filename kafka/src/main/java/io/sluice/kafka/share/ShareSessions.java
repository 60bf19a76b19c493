package io.sluice.kafka.share;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.errors.InvalidShareSessionEpochException;
import org.apache.kafka.common.errors.ShareSessionLimitReachedException;
import org.apache.kafka.common.errors.ShareSessionNotFoundException;
import org.apache.kafka.common.requests.ShareRequestMetadata;

/**
 * The share sessions of this broker (KIP-932), each of which ends with its connection. Guarded by
 * its monitor.
 */
final class ShareSessions {

  private final int maxSessions;
  private final int maxPartitions;
  private final Map<ShareMember, ShareSession> sessions = new HashMap<>();
  private int partitions;

  /**
   * No sessions yet.
   *
   * @param maxSessions Kafka's {@code group.share.max.share.sessions}
   * @param maxPartitions how many partitions all of them may name together
   */
  ShareSessions(int maxSessions, int maxPartitions) {
    this.maxSessions = maxSessions;
    this.maxPartitions = maxPartitions;
  }

  /**
   * Begins a session in place of the member's present one.
   *
   * @throws ShareSessionLimitReachedException there are too many
   */
  synchronized ShareSession begin(
      ShareMember member, String connectionId, Collection<SharePartition> named) {
    end(member);
    if (sessions.size() >= maxSessions || partitions + named.size() > maxPartitions) {
      throw new ShareSessionLimitReachedException(
          "The limit of " + maxSessions + " share sessions has been reached.");
    }
    ShareSession session = new ShareSession(member, connectionId, named);
    sessions.put(member, session);
    partitions += session.size();
    return session;
  }

  /**
   * Goes on with a session.
   *
   * @throws ShareSessionNotFoundException the member has none
   * @throws InvalidShareSessionEpochException the request is not the one that comes next
   * @throws ShareSessionLimitReachedException it would name too many partitions
   */
  synchronized ShareSession next(
      ShareMember member,
      int epoch,
      Collection<SharePartition> added,
      Collection<SharePartition> forgotten) {
    ShareSession session = find(member);
    if (session.epoch() != epoch) {
      throw new InvalidShareSessionEpochException(
          "The share session is at epoch " + session.epoch() + ", not " + epoch + ".");
    }
    if (partitions + added.size() > maxPartitions) {
      throw new ShareSessionLimitReachedException("The share sessions name too many partitions.");
    }
    partitions -= session.size();
    session.change(added, forgotten);
    partitions += session.size();
    session.nextRequest();
    return session;
  }

  /**
   * The member's session.
   *
   * @throws ShareSessionNotFoundException it has none
   */
  synchronized ShareSession find(ShareMember member) {
    ShareSession session = sessions.get(member);
    if (session == null) {
      throw new ShareSessionNotFoundException(
          "Member " + member.id() + " of group " + member.group() + " has no share session.");
    }
    return session;
  }

  /**
   * Checks a request that only acknowledges.
   *
   * @throws ShareSessionNotFoundException the member has no session
   * @throws InvalidShareSessionEpochException the request is not the one that comes next
   */
  synchronized void acknowledge(ShareMember member, int epoch) {
    if (epoch == ShareRequestMetadata.INITIAL_EPOCH) {
      throw new InvalidShareSessionEpochException("A share session begins with a fetch.");
    }
    if (epoch == ShareRequestMetadata.FINAL_EPOCH) {
      find(member);
    } else {
      next(member, epoch, List.of(), List.of());
    }
  }

  /** The partitions of a session, in the order of their addition. */
  synchronized List<SharePartition> partitions(ShareSession session) {
    return session.partitions();
  }

  /** As {@link ShareSession#answered}. */
  synchronized List<SharePartition> answered(ShareSession session, Set<SharePartition> failed) {
    return session.answered(failed);
  }

  /** Ends the member's session, if it has one. */
  synchronized Optional<ShareSession> end(ShareMember member) {
    ShareSession session = sessions.remove(member);
    if (session != null) {
      partitions -= session.size();
    }
    return Optional.ofNullable(session);
  }

  /** Ends the sessions of a connection. */
  synchronized List<ShareSession> endOf(String connectionId) {
    List<ShareSession> ended = new ArrayList<>();
    for (ShareSession session : List.copyOf(sessions.values())) {
      if (session.connectionId().equals(connectionId)) {
        end(session.member()).ifPresent(ended::add);
      }
    }
    return ended;
  }
}
