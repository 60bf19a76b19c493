package io.sluice.torture.history;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a FIFO queue was given and what came out of it: within a group a message is sent when the
 * one before it was acknowledged, and again and again until it is. Moments are {@link
 * System#nanoTime()}. Thread-safe.
 */
public final class FifoHistory {

  /** A message comes when all before it in its group have been deleted, or come with it. */
  public static final String ORDER = "no message overtakes another of its group";

  /** A message that is sent again within five minutes is still one. */
  public static final String DEDUPLICATION = "no message of a FIFO queue is there twice";

  /** What was acknowledged comes. */
  public static final String NOTHING_LOST = "no acknowledged message of a FIFO queue is missing";

  /** What was deleted does not come back. */
  public static final String DELETED = "no acknowledged deletion from a FIFO queue is undone";

  /**
   * A message.
   *
   * @param number its place in the group
   */
  public record Place(String group, int number) {}

  /**
   * A message that was received.
   *
   * @param id what the broker calls it
   */
  public record Delivery(Place place, String id) {}

  private final String queue;
  private final Findings findings;

  /** What nobody has tried to delete, by group. */
  private final Map<String, NavigableSet<Integer>> waiting = new HashMap<>();

  private final Map<String, Integer> last = new TreeMap<>();
  private final Map<Place, String> ids = new HashMap<>();
  private final Map<Place, Long> deletedAt = new HashMap<>();
  private long acknowledged;

  /** A history in which nothing has happened. */
  public FifoHistory(String queue, Findings findings) {
    this.queue = queue;
    this.findings = findings;
  }

  /** The next message of a group, which is about to be sent. */
  public synchronized Place next(String group) {
    int number = last.merge(group, 0, (before, _) -> before + 1);
    waiting.computeIfAbsent(group, _ -> new TreeSet<>()).add(number);
    return new Place(group, number);
  }

  /** The broker has acknowledged the message. */
  public synchronized void acknowledged(Place place) {
    acknowledged++;
    findings.acknowledged(1);
  }

  /**
   * These came together, in this order.
   *
   * @param requestedAt when the request began that received them
   */
  public synchronized void received(List<Delivery> deliveries, long requestedAt) {
    Set<Place> before = new HashSet<>();
    for (Delivery delivery : deliveries) {
      Place place = delivery.place();
      NavigableSet<Integer> left = waiting.getOrDefault(place.group(), new TreeSet<>());
      if (left.contains(place.number())) {
        checkOrder(place, left, before);
      } else if (!ids.containsKey(place)) {
        findings.broken(DEDUPLICATION, queue + " gave " + place + ", which was done with");
      }
      before.add(place);
      String id = ids.putIfAbsent(place, delivery.id());
      if (id != null && !id.equals(delivery.id())) {
        findings.broken(
            DEDUPLICATION, "%s gave %s as %s and as %s".formatted(queue, place, id, delivery.id()));
      }
      Long gone = deletedAt.get(place);
      if (gone != null && requestedAt - gone > 0) {
        findings.broken(DELETED, "%s gave %s again after its deletion".formatted(queue, place));
      }
    }
    findings.checked(ORDER, deliveries.size());
    findings.checked(DEDUPLICATION, deliveries.size());
    findings.checked(DELETED, deliveries.size());
  }

  private void checkOrder(Place place, NavigableSet<Integer> left, Set<Place> before) {
    for (int earlier : left.headSet(place.number())) {
      if (!before.contains(new Place(place.group(), earlier))) {
        findings.broken(ORDER, "%s gave %s before number %d".formatted(queue, place, earlier));
        return;
      }
    }
  }

  /** Somebody is about to delete the message: from now on the next one may come. */
  public synchronized void deleting(Place place) {
    waiting.getOrDefault(place.group(), new TreeSet<>()).remove(place.number());
  }

  /**
   * The broker has acknowledged that the message is deleted.
   *
   * @param isSure whether the visibility timeout of the receipt cannot have passed before that
   */
  public synchronized void deleted(Place place, boolean isSure, long acknowledgedAt) {
    if (isSure) {
      deletedAt.putIfAbsent(place, acknowledgedAt);
    }
    findings.acknowledged(1);
  }

  /** How many messages wait, or are in somebody's hands. */
  public synchronized long outstanding() {
    return waiting.values().stream().mapToLong(Set::size).sum();
  }

  /** Everything that was sent was acknowledged, received and deleted: what never came is lost. */
  public synchronized void end() {
    waiting.forEach(
        (group, numbers) ->
            numbers.forEach(
                number ->
                    findings.broken(
                        NOTHING_LOST, "%s never gave %s %d".formatted(queue, group, number))));
    findings.checked(NOTHING_LOST, acknowledged);
    acknowledged = 0;
    waiting.clear();
    ids.clear();
    deletedAt.clear();
  }
}
