package io.sluice.broker.subscription;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.record.internal.Record;

/**
 * The outstanding messages of a FIFO queue by their group, and whose turn it is. A group is blocked
 * while one of its messages is in flight (Amazon's "FIFO queue delivery logic"); of the others, the
 * one that has waited longest comes first. Part of {@link SubscriptionState}; times are ms since
 * the epoch.
 */
final class MessageGroups {

  /** The messages of one group that the cursors have passed. */
  static final class Group {
    private static final Comparator<Group> BY_TURN =
        (one, other) -> Long.compare(one.turn, other.turn);
    private static final Comparator<Group> BY_UNBLOCKING =
        (one, other) -> {
          int byTime = Long.compare(one.blockedUntil, other.blockedUntil);
          return byTime != 0 ? byTime : Long.compare(one.id, other.id);
        };

    private final long id;
    private final SortedChunks<Outstanding> messages = new SortedChunks<>(Outstanding.BY_POSITION);

    /** Those that were received; few, since a group's first messages are received first. */
    private final List<Outstanding> received = new ArrayList<>(0);

    private long blockedUntil = Long.MIN_VALUE;

    /** Among the groups that are not blocked; 0 for one that is. */
    private long turn;

    private Group(long id) {
      this.id = id;
    }

    /** In the order in which they must be received. */
    Iterable<Outstanding> messages() {
      return messages;
    }
  }

  private final Map<Long, Group> groups = new HashMap<>();
  private final SortedChunks<Group> ready = new SortedChunks<>(Group.BY_TURN);
  private final SortedChunks<Group> blocked = new SortedChunks<>(Group.BY_UNBLOCKING);
  private long now = Long.MIN_VALUE;
  private long lastTurn;
  private int inFlight;

  /**
   * The group of a record: of its key, the {@code MessageGroupId}. Two keys may, very rarely, be
   * taken for one group, which then waits for itself more than it needs to. A record without a key
   * is a group of its own.
   */
  static long of(Record record, PartitionCursor cursor) {
    ByteBuffer key = record.key();
    if (key == null) {
      return mixed(record.offset() * 31 + cursor.ordinal());
    }
    return of(key);
  }

  /** The group of a record's key; 0 without one. */
  static long ofKey(Record record) {
    ByteBuffer key = record.key();
    return key == null ? 0 : of(key);
  }

  /** The group of a key. */
  static long of(ByteBuffer key) {
    long hash = 0xcbf29ce484222325L;
    for (int i = key.position(); i < key.limit(); i++) {
      hash = (hash ^ key.get(i)) * 0x100000001b3L; // FNV-1a
    }
    return mixed(hash);
  }

  /** Spreads what differs in few bits; the finalizer of MurmurHash3. */
  private static long mixed(long bits) {
    long mixed = (bits ^ (bits >>> 33)) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ (mixed >>> 33);
  }

  void add(Outstanding message) {
    Group group = groups.computeIfAbsent(message.group(), Group::new);
    withdraw(group);
    group.messages.add(message);
    if (!message.delayed()) {
      group.received.add(message);
      // Whoever was received has had its turn, also when it is available again at once.
      group.turn = 0;
    }
    enter(group);
  }

  void remove(Outstanding message) {
    Group group = groups.get(message.group());
    if (group == null) {
      throw new IllegalStateException("no group of " + message);
    }
    withdraw(group);
    group.messages.remove(message);
    group.received.remove(message);
    if (group.messages.isEmpty()) {
      groups.remove(message.group());
    } else {
      enter(group);
    }
  }

  private void withdraw(Group group) {
    if (group.messages.isEmpty()) {
      return;
    }
    if (group.blockedUntil > now) {
      blocked.remove(group);
      inFlight -= group.received.size();
    } else {
      ready.remove(group);
    }
  }

  private void enter(Group group) {
    long until = Long.MIN_VALUE;
    for (Outstanding message : group.received) {
      until = Math.max(until, message.deadline());
    }
    group.blockedUntil = until;
    if (until > now) {
      group.turn = 0;
      blocked.add(group);
      inFlight += group.received.size();
    } else {
      group.turn = group.turn == 0 ? ++lastTurn : group.turn;
      ready.add(group);
    }
  }

  /** Lets those go whose time is over; time does not go back. */
  void advance(long time) {
    while (!blocked.isEmpty() && blocked.first().blockedUntil <= time) {
      Group group = blocked.first();
      blocked.remove(group);
      inFlight -= group.received.size();
      group.turn = ++lastTurn;
      ready.add(group);
    }
    now = Math.max(now, time);
  }

  /**
   * Of one partition's messages those that may be received one after the other, in the order of the
   * log: of groups that are not blocked, and none before another of its group.
   */
  List<Outstanding> inTurn(PartitionCursor cursor) {
    List<Outstanding> found = new ArrayList<>();
    Map<Group, Iterator<Outstanding>> turns = new HashMap<>();
    for (Outstanding message : cursor.outstanding()) {
      Group group = groups.get(message.group());
      if (group != null && group.blockedUntil <= now) {
        // The turn of what lies in another partition never comes here, nor of what follows it.
        Iterator<Outstanding> turn =
            turns.computeIfAbsent(group, first -> first.messages.iterator());
        if (turn.next().equals(message)) {
          found.add(message);
        }
      }
    }
    return found;
  }

  /** Those that are not blocked, the one whose turn it is first. */
  SortedChunks<Group> ready() {
    return ready;
  }

  /** How many messages of blocked groups were received and not acknowledged. */
  int inFlight() {
    return inFlight;
  }

  /** When the next group is no longer blocked; the greatest long if none is blocked. */
  long nextUnblocked() {
    return blocked.isEmpty() ? Long.MAX_VALUE : blocked.first().blockedUntil;
  }
}
