package io.sluice.torture.history;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a standard queue, or a share group, was given and what came out of it: each message is sent
 * once, and received until somebody deletes it. Moments are {@link System#nanoTime()}. Thread-safe.
 */
public final class MessageHistory {

  /** What was acknowledged when it was sent comes, at least once. */
  public static final String NOTHING_LOST = "no acknowledged message is missing";

  /** What a request receives that was made after the deletion was acknowledged. */
  public static final String DELETED = "no acknowledged deletion is undone";

  /** A message that was sent once is there once; it may come more than once. */
  public static final String ONCE = "no message is there twice";

  private final String queue;
  private final Findings findings;
  private final Set<String> sent = new HashSet<>();
  private final Set<String> acknowledged = new HashSet<>();
  private final Map<String, String> received = new HashMap<>();
  private final Map<String, Long> deletedAt = new HashMap<>();
  private final Set<String> deleted = new HashSet<>();

  /** A history in which nothing has happened. */
  public MessageHistory(String queue, Findings findings) {
    this.queue = queue;
    this.findings = findings;
  }

  /** A message is about to be sent; whether it arrives is not known yet. */
  public synchronized void sending(String message) {
    sent.add(message);
  }

  /** The broker has acknowledged the message. */
  public synchronized void acknowledged(String message) {
    acknowledged.add(message);
    findings.acknowledged(1);
  }

  /**
   * A message was received.
   *
   * @param id what the broker calls it
   * @param requestedAt when the request began that received it
   */
  public synchronized void received(String message, String id, long requestedAt) {
    if (!sent.contains(message)) {
      findings.broken(ONCE, queue + " gave " + message + ", which was done with, or never sent");
      return;
    }
    String before = received.putIfAbsent(message, id);
    if (before != null && !before.equals(id)) {
      findings.broken(ONCE, "%s gave %s as %s and as %s".formatted(queue, message, before, id));
    }
    Long gone = deletedAt.get(message);
    if (gone != null && requestedAt - gone > 0) {
      findings.broken(DELETED, "%s gave %s again after its deletion".formatted(queue, message));
    }
    findings.checked(DELETED, 1);
    findings.checked(ONCE, 1);
  }

  /**
   * The broker has acknowledged that the message is deleted.
   *
   * @param isSure whether the visibility timeout of the receipt cannot have passed before that: who
   *     deletes with an old receipt handle may be told that it is done although another holds it
   */
  public synchronized void deleted(String message, boolean isSure, long acknowledgedAt) {
    deleted.add(message);
    if (isSure) {
      deletedAt.putIfAbsent(message, acknowledgedAt);
    }
    findings.acknowledged(1);
  }

  /** How many messages wait, or are in somebody's hands. */
  public synchronized int outstanding() {
    return acknowledged.size() - deleted.size();
  }

  /** How many messages have never come yet. */
  public synchronized long unreceived() {
    return acknowledged.stream().filter(message -> !received.containsKey(message)).count();
  }

  /** Nobody sends, and nobody will receive: what never came is lost. */
  public synchronized void end() {
    for (String message : acknowledged) {
      if (!received.containsKey(message)) {
        findings.broken(NOTHING_LOST, "%s never gave %s".formatted(queue, message));
      }
    }
    findings.checked(NOTHING_LOST, acknowledged.size());
    sent.clear();
    acknowledged.clear();
    received.clear();
    deletedAt.clear();
    deleted.clear();
  }
}
