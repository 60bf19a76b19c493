package io.sluice.client.publish;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What goes to a topic at once, and what of it is refused without being tried. */
final class Request {

  /** Amazon's "PublishBatch". */
  private static final int MAX_ENTRIES = 10;

  /** One message of it. */
  record Entry(ActiveLane of, Outgoing.Message message) {}

  /** What is not even tried. */
  record Refusal(ActiveLane of, Outgoing.Refused refused) {}

  private final String topicArn;
  private final int maxBytes;
  private final List<Entry> entries = new ArrayList<>(MAX_ENTRIES);
  private final List<Refusal> refusals = new ArrayList<>(0);
  private int bytes;
  private boolean ended;
  private boolean abandoned;

  Request(String topicArn, int maxBytes) {
    this.topicArn = topicArn;
    this.maxBytes = maxBytes;
  }

  String topicArn() {
    return topicArn;
  }

  List<Entry> entries() {
    return entries;
  }

  List<Refusal> refusals() {
    return refusals;
  }

  boolean isEmpty() {
    return entries.isEmpty() && refusals.isEmpty();
  }

  boolean isFull() {
    return entries.size() + refusals.size() == MAX_ENTRIES;
  }

  /** Whether a message of so many bytes may go with the others; by itself it may always. */
  boolean hasRoomFor(int more) {
    return entries.isEmpty() || bytes + more <= maxBytes;
  }

  void add(ActiveLane lane, Outgoing next) {
    if (next instanceof Outgoing.Message message) {
      entries.add(new Entry(lane, message));
      bytes += message.bytes();
    } else if (next instanceof Outgoing.Refused refused) {
      refusals.add(new Refusal(lane, refused));
    }
  }

  /**
   * What came of it is known. False: it was abandoned before, and its listeners have heard that.
   */
  boolean end() {
    ended = true;
    return !abandoned;
  }

  /** Nobody waits for it any more: what is in it, unless what came of it is known. */
  List<Outgoing> abandon() {
    List<Outgoing> left = new ArrayList<>();
    if (!ended && !abandoned) {
      refusals.forEach(refusal -> left.add(refusal.refused()));
      entries.forEach(entry -> left.add(entry.message()));
    }
    abandoned = true;
    return left;
  }

  void forEachLane(Consumer<ActiveLane> action) {
    entries.forEach(entry -> action.accept(entry.of()));
    refusals.forEach(refusal -> action.accept(refusal.of()));
  }
}
