package io.sluice.broker.subscription;

import java.util.HashMap;
import java.util.Map;

/**
 * What each message group of a standard queue takes of its consumers, and which take so much that
 * others should come first: the noisy ones of Amazon's "How Amazon SQS fair queues work". Part of
 * {@link SubscriptionState}; times are ms since the epoch. It begins anew with a restart: the
 * journal does not say of what group a message is.
 */
final class GroupLoads {

  /** How many messages a group has in flight that is noisy for its share of those. */
  static final int MIN_IN_FLIGHT = 30;

  /** A group is noisy with more than one in so many. */
  private static final int SHARE = 10;

  /** How much recent processing, by all consumers, says anything about shares. */
  private static final long MIN_PROCESSING = 10_000;

  private static final class Load {
    private int inFlight;
    private long since;

    /** Processing time since the last change. */
    long running(long now) {
      return inFlight * Math.min(now - since, 2 * ProcessingTime.WINDOW);
    }
  }

  private final Map<Long, Load> loads = new HashMap<>();
  private final Load all = new Load();
  private final ProcessingTime processed = new ProcessingTime();
  private int minInFlight = MIN_IN_FLIGHT;
  private long now;

  /** Calls a group noisy that has so many messages in flight, and a tenth of all. */
  void noisyFrom(int messagesInFlight) {
    minInFlight = messagesInFlight;
  }

  void add(Outstanding message) {
    if (!message.delayed()) {
      change(message.group(), 1);
    }
  }

  void remove(Outstanding message) {
    if (!message.delayed()) {
      change(message.group(), -1);
    }
  }

  private void change(long group, int by) {
    processed.addToTotal(all.running(now));
    change(all, by);
    if (group != 0) {
      Load load = loads.computeIfAbsent(group, unknown -> new Load());
      long running = load.running(now);
      if (running > 0) {
        processed.add(group, running);
      }
      change(load, by);
      if (load.inFlight == 0) {
        loads.remove(group);
      }
    }
  }

  private void change(Load load, int by) {
    load.inFlight += by;
    load.since = now;
  }

  /** Time does not go back. */
  void advance(long time) {
    if (now == 0) {
      // What was recovered has been in flight for nobody knows how long.
      all.since = time;
      loads.values().forEach(load -> load.since = time);
    }
    now = Math.max(now, time);
    processed.advance(now);
  }

  /** How many messages of a group were received and not acknowledged. */
  int inFlight(long group) {
    Load load = loads.get(group);
    return load == null ? 0 : load.inFlight;
  }

  /** Whether messages of other groups should come first; never without a group, which is 0. */
  boolean isNoisy(long group) {
    if (group == 0) {
      return false;
    }
    Load load = loads.get(group);
    if (load != null && load.inFlight >= minInFlight && isShare(load.inFlight, all.inFlight)) {
      return true;
    }
    long total = processed.total() + all.running(now);
    return total >= MIN_PROCESSING
        && isShare(processed.of(group) + (load == null ? 0 : load.running(now)), total);
  }

  /** Whether messages of a group should come before those of one that is noisy. */
  boolean isBefore(long group, long noisy) {
    return !isNoisy(group) || inFlight(group) < inFlight(noisy);
  }

  private static boolean isShare(long own, long total) {
    return own * SHARE > total;
  }
}
