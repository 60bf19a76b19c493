package io.sluice.broker.subscription;

import java.util.List;

/**
 * What becomes of leased records with consecutive offsets.
 *
 * @param verdicts one for all of them, or one for each
 */
public record Settlement(long first, long last, List<Verdict> verdicts) {

  /** What becomes of one record. */
  public enum Verdict {
    /** It is done with: it was processed, or must never come again, or is no record. */
    DONE,
    /** It is available again at once, unless it was delivered as often as it may. */
    RELEASE,
    /** It stays in flight for another lock's time, from now. */
    RENEW
  }

  Verdict verdict(long offset) {
    return verdicts.size() == 1 ? verdicts.getFirst() : verdicts.get((int) (offset - first));
  }
}
