package io.sluice.kafka.telemetry;

import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.ThrottlingQuotaExceededException;
import org.apache.kafka.common.errors.UnknownSubscriptionIdException;

/** When a client last asked and pushed. Owned by whoever holds its monitor. */
final class ClientInstance {

  private int subscriptionId;
  private long askedAtMs;
  private long pushedAtMs;
  private boolean askedSincePush;
  private boolean terminating;
  private boolean hasToAsk;

  ClientInstance(int subscriptionId) {
    this.subscriptionId = subscriptionId;
  }

  /** A client of which something else is wanted now begins anew. */
  private void follow(MetricsSubscriptions.Wanted wanted) {
    if (wanted.id() != subscriptionId) {
      subscriptionId = wanted.id();
      askedAtMs = 0;
      pushedAtMs = 0;
      askedSincePush = false;
      terminating = false;
    }
  }

  /**
   * The client asks what is wanted.
   *
   * @throws ThrottlingQuotaExceededException it has asked or pushed too short a time ago
   */
  synchronized void asks(MetricsSubscriptions.Wanted wanted, long nowMs) {
    follow(wanted);
    if (!hasToAsk && nowMs - Math.max(askedAtMs, pushedAtMs) < wanted.intervalMs()) {
      throw tooSoon();
    }
    askedAtMs = nowMs;
    askedSincePush = true;
    hasToAsk = false;
  }

  /**
   * The client pushes metrics.
   *
   * @param id of the subscription that it knows
   * @param last whether it ends with that
   * @throws InvalidRequestException it had ended
   * @throws ThrottlingQuotaExceededException it has pushed too short a time ago
   * @throws UnknownSubscriptionIdException something else is wanted of it
   */
  synchronized void pushes(MetricsSubscriptions.Wanted wanted, int id, boolean last, long nowMs) {
    follow(wanted);
    boolean ended = terminating;
    terminating = last;
    if (ended) {
      throw new InvalidRequestException("the client has said before that it ends");
    }
    // The first push after a question may come early: clients spread theirs.
    if (askedSincePush || nowMs - pushedAtMs >= wanted.intervalMs()) {
      pushedAtMs = nowMs;
      askedSincePush = false;
    } else if (!last) {
      throw tooSoon();
    }
    if (id != wanted.id()) {
      hasToAsk = true;
      throw new UnknownSubscriptionIdException("the subscription of the client is another now");
    }
  }

  /** What the client pushed is packed in a way that it must not use: it may ask again at once. */
  synchronized void mayAskAtOnce() {
    hasToAsk = true;
  }

  private static ThrottlingQuotaExceededException tooSoon() {
    return new ThrottlingQuotaExceededException(
        "the request arrived before the next push interval time");
  }
}
