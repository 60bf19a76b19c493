package io.sluice.client.consume;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one partition that are in flight, in the order in which they came, and which of
 * their records the application has been given. Offsets grow within a message group, so they need
 * not within a partition of a plain topic: "up to here" means up to here in the order in which
 * records were given. Not safe for use by many threads.
 */
final class PartitionMessages {

  /** A record: of which message, and which of its. */
  private record Place(int index, int within) {}

  private final List<HeldMessage> messages = new ArrayList<>();

  /** Of the message with the next record. */
  private int index;

  /** Of that record in it. */
  private int within;

  /** After the record that was given last; -1 before there was one. */
  private long position = -1;

  /** After the record that was committed last; -1 before there was one. */
  private long committed = -1;

  /** Whether the application was told that it cannot read the next record. */
  private boolean refused;

  private int waitingRecords;
  private long waitingBytes;

  void add(HeldMessage message) {
    messages.add(message);
    waitingRecords += message.records().size();
    waitingBytes += message.bytes();
  }

  /** How many records the application has not been given. */
  int waitingRecords() {
    return waitingRecords;
  }

  /** What the messages take that have such records. */
  long waitingBytes() {
    return waitingBytes;
  }

  long position() {
    return position;
  }

  long committed() {
    return committed;
  }

  /** Every message, in order. */
  List<HeldMessage> messages() {
    return messages;
  }

  Optional<ReceivedRecord> peek() {
    return index < messages.size()
        ? Optional.of(messages.get(index).records().get(within))
        : Optional.empty();
  }

  /** The next records, in order. */
  List<ReceivedRecord> next(int max) {
    List<ReceivedRecord> next = new ArrayList<>();
    int from = within;
    for (int i = index; i < messages.size() && next.size() < max; i++) {
      List<ReceivedRecord> records = messages.get(i).records();
      next.addAll(records.subList(from, Math.min(records.size(), from + max - next.size())));
      from = 0;
    }
    return next;
  }

  /** Whether it is the next record; an equal one that was received later is another one. */
  @SuppressWarnings("ReferenceEquality")
  boolean isNext(ReceivedRecord record) {
    return index < messages.size() && messages.get(index).records().get(within) == record;
  }

  /** The next record has been given. */
  void advance() {
    HeldMessage message = messages.get(index);
    long offset = message.records().get(within).offset();
    if (offset != HeldMessage.NO_OFFSET) {
      position = offset + 1;
    }
    refused = false;
    waitingRecords--;
    within++;
    if (within == message.records().size()) {
      waitingBytes -= message.bytes();
      index++;
      within = 0;
    }
  }

  /** The application was told that it cannot read the next record: it may seek past it. */
  void refused() {
    refused = true;
  }

  /** Whether anything was given that is not committed. */
  boolean hasGiven() {
    return index > 0 || within > 0;
  }

  /** Commits what was given; the messages of which nothing is left, which are no longer here. */
  List<HeldMessage> commit() {
    if (position >= 0 && hasGiven()) {
      committed = position;
    }
    return removeFirst(index);
  }

  /**
   * Nothing, where a commit may name an offset.
   *
   * @throws UnsupportedOperationException the queue has no sequence numbers, and so no offsets
   */
  void checkOffsets() {
    if (given() > 0 && messages.get(0).lastOffset() == HeldMessage.NO_OFFSET) {
      throw new UnsupportedOperationException(
          "A queue that is no FIFO one has no offsets: commit everything that was polled");
    }
  }

  /**
   * Commits what was given up to an offset, exclusive.
   *
   * @return the messages of which nothing is left, which are no longer here
   */
  List<HeldMessage> commit(long offset) {
    int upTo = offset > 0 ? exactly(offset - 1) : 0;
    if (upTo < 0) {
      // A repetition: what was given since may have lower offsets, and nobody has said so of it.
      upTo = offset <= committed ? 0 : below(offset);
    }
    if (offset > committed) {
      committed = offset;
    }
    return removeFirst(upTo);
  }

  /**
   * How many messages end with or before the record of that offset, if it was given; -1 if not. Its
   * own counts when it is its last.
   */
  private int exactly(long offset) {
    for (int i = 0; i < given(); i++) {
      int at = messages.get(i).indexOf(offset);
      if (at >= 0 && (i < index || at < within)) {
        return at == messages.get(i).records().size() - 1 ? i + 1 : i;
      }
    }
    return -1;
  }

  /** How many of the messages that were given as a whole come before the first beyond an offset. */
  private int below(long offset) {
    int count = 0;
    while (count < index && messages.get(count).lastOffset() < offset) {
      count++;
    }
    return count;
  }

  /** How many messages have a record that was given. */
  private int given() {
    return within > 0 ? index + 1 : index;
  }

  private List<HeldMessage> removeFirst(int count) {
    List<HeldMessage> first = messages.subList(0, count);
    List<HeldMessage> removed = List.copyOf(first);
    first.clear();
    index -= count;
    return removed;
  }

  /** Puts messages back whose deletion failed: they were given. */
  void putBack(List<HeldMessage> given) {
    for (HeldMessage message : given) {
      int place = 0;
      while (place < index && messages.get(place).arrival() < message.arrival()) {
        place++;
      }
      messages.add(place, message);
      index++;
    }
  }

  /**
   * Gives next the record of that offset, or the first after it; and what comes after the next
   * record, when that was {@link #refused} and the offset is the one after its.
   *
   * @return whether there is such a place among what is in flight
   */
  boolean seek(long offset) {
    Optional<ReceivedRecord> next = peek();
    if (refused && next.isPresent() && next.get().offset() + 1 == offset) {
      advance();
      return true;
    }
    Place place = placeOf(offset);
    if (place == null && offset == position) {
      return true;
    }
    if (place == null) {
      place = placeBehind(offset - 1);
    }
    if (place == null && offset >= committed) {
      place = firstBeyond(offset);
    }
    if (place == null) {
      return false;
    }
    index = place.index();
    within = place.within();
    position = offset;
    refused = false;
    messages.subList(index, messages.size()).forEach(HeldMessage::uncommit);
    recount();
    return true;
  }

  /** The place of the record with the offset. */
  private @Nullable Place placeOf(long offset) {
    for (int i = 0; i < messages.size(); i++) {
      int at = messages.get(i).indexOf(offset);
      if (at >= 0) {
        return new Place(i, at);
      }
    }
    return null;
  }

  /** The place after the record with the offset. */
  private @Nullable Place placeBehind(long offset) {
    Place place = offset < 0 ? null : placeOf(offset);
    if (place == null) {
      return null;
    }
    return place.within() == messages.get(place.index()).records().size() - 1
        ? new Place(place.index() + 1, 0)
        : new Place(place.index(), place.within() + 1);
  }

  /** The place of the first record after the offset, which is in a gap. */
  private @Nullable Place firstBeyond(long offset) {
    for (int i = 0; i < messages.size(); i++) {
      if (messages.get(i).lastOffset() > offset) {
        return new Place(i, 0);
      }
    }
    return null;
  }

  private void recount() {
    waitingRecords = -within;
    waitingBytes = 0;
    for (HeldMessage message : messages.subList(index, messages.size())) {
      waitingRecords += message.records().size();
      waitingBytes += message.bytes();
    }
  }

  /**
   * Takes out messages of which nothing was given: those that somebody else may have by now, and
   * those that must not come before them, as they are of their message groups.
   *
   * @return the latter
   */
  List<HeldMessage> dropLost() {
    Set<String> groups = new HashSet<>();
    List<HeldMessage> behind = new ArrayList<>();
    for (int i = 0; i < messages.size(); i++) {
      HeldMessage message = messages.get(i);
      String groupId = message.groupId();
      if (groupId != null && message.isLost()) {
        groups.add(groupId);
      } else if (groupId != null && i >= given() && groups.contains(groupId)) {
        behind.add(message);
      }
    }
    List<HeldMessage> waiting = messages.subList(given(), messages.size());
    waiting.removeIf(message -> message.isLost() || behind.contains(message));
    recount();
    return behind;
  }

  /** Takes out the message of the next record, if there is one and none of it was given. */
  List<HeldMessage> removeNext() {
    if (index == messages.size() || within > 0) {
      return List.of();
    }
    HeldMessage next = messages.remove(index);
    refused = false;
    recount();
    return List.of(next);
  }

  /**
   * Takes out the message of the record with an offset, and those of its message group that came
   * after it, whether they were given or not; nothing when it is not here.
   */
  List<HeldMessage> removeGroup(long offset) {
    Place from = offset < 0 ? null : placeOf(offset);
    if (from == null) {
      return List.of();
    }
    String groupId = messages.get(from.index()).groupId();
    List<HeldMessage> removed = new ArrayList<>();
    for (int i = messages.size() - 1; i >= from.index(); i--) {
      if (Objects.equals(messages.get(i).groupId(), groupId)) {
        removed.add(0, messages.remove(i));
        if (i < index) {
          index--;
        } else if (i == index) {
          within = 0;
          refused = false;
        }
      }
    }
    recount();
    return removed;
  }

  /** Takes out those that were committed before and could not be deleted. */
  List<HeldMessage> removeCommitted() {
    List<HeldMessage> again = new ArrayList<>();
    for (HeldMessage message : List.copyOf(messages.subList(0, index))) {
      if (message.isCommitted()) {
        messages.remove(message);
        index--;
        again.add(message);
      }
    }
    return again;
  }

  /** Takes out the messages of which nothing was given. */
  void removeWaiting() {
    messages.subList(given(), messages.size()).clear();
    recount();
  }

  /** Takes out every message. */
  List<HeldMessage> removeAll() {
    List<HeldMessage> all = List.copyOf(messages);
    messages.clear();
    index = 0;
    within = 0;
    refused = false;
    recount();
    return all;
  }
}
