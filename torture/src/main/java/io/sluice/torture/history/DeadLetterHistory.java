package io.sluice.torture.history;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a queue with a dead-letter queue was given, and in which of the two it ended. Poison is what
 * nobody deletes from the first. Thread-safe.
 */
public final class DeadLetterHistory {

  /** A message is in one of both. */
  public static final String NOTHING_LOST = "no message is lost on its way to a dead-letter queue";

  /** What was received too often moves. */
  public static final String MOVED = "poison ends in the dead-letter queue, once";

  /** What was deleted does not. */
  public static final String DELETED = "no deleted message ends in a dead-letter queue";

  private final Findings findings;
  private final Set<String> sent = new HashSet<>();
  private final Set<String> acknowledged = new HashSet<>();
  private final Set<String> deleted = new HashSet<>();
  private final Set<String> maybeDeleted = new HashSet<>();
  private final Map<String, String> dead = new HashMap<>();

  /** A history in which nothing has happened. */
  public DeadLetterHistory(Findings findings) {
    this.findings = findings;
  }

  /** A message is about to be sent. */
  public synchronized void sending(String message) {
    sent.add(message);
  }

  /** The broker has acknowledged the message. */
  public synchronized void acknowledged(String message) {
    acknowledged.add(message);
    findings.acknowledged(1);
  }

  /** Somebody is about to delete a message from the first queue. */
  public synchronized void deleting(String message) {
    maybeDeleted.add(message);
  }

  /**
   * The broker has acknowledged that.
   *
   * @param isSure whether the visibility timeout of the receipt cannot have passed before that
   */
  public synchronized void deleted(String message, boolean isSure) {
    if (isSure) {
      deleted.add(message);
    }
    findings.acknowledged(1);
  }

  /**
   * A message was found in the dead-letter queue.
   *
   * @param id what the broker calls it
   */
  public synchronized void dead(String message, String id) {
    if (!sent.contains(message)) {
      findings.broken(MOVED, message + " was never sent, or has been there before");
    }
    if (deleted.contains(message)) {
      findings.broken(DELETED, message);
    }
    String before = dead.putIfAbsent(message, id);
    if (before != null && !before.equals(id)) {
      findings.broken(MOVED, "%s is there as %s and as %s".formatted(message, before, id));
    }
    findings.checked(DELETED, 1);
  }

  /** About how many messages are in the first queue. */
  public synchronized int outstanding() {
    return acknowledged.size() - maybeDeleted.size() - dead.size();
  }

  /**
   * Both queues are empty.
   *
   * @param isPoison whether nobody would have deleted a message from the first queue
   */
  public synchronized void end(Predicate<String> isPoison) {
    for (String message : acknowledged) {
      if (!dead.containsKey(message)
          && (isPoison.test(message) || !maybeDeleted.contains(message))) {
        findings.broken(isPoison.test(message) ? MOVED : NOTHING_LOST, message + " is nowhere");
      }
    }
    findings.checked(NOTHING_LOST, acknowledged.size());
    findings.checked(MOVED, dead.size());
    sent.clear();
    acknowledged.clear();
    deleted.clear();
    maybeDeleted.clear();
    dead.clear();
  }
}
