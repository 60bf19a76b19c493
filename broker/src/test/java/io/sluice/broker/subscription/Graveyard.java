package io.sluice.broker.subscription;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.broker.Receipt;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.errors.KafkaStorageException;

/** A dead-letter queue that keeps a list, and sometimes is not there. One thread owns it. */
final class Graveyard implements DeadLetterTarget {

  static final int MAX_RECEIVES = 3;

  private final RandomGenerator random;
  private final Supplier<Subscription> subscription;
  private final boolean mayFail;
  private final List<Buried> buried = new ArrayList<>();
  private boolean exists = true;
  private boolean anyDied;

  /**
   * What died.
   *
   * @param isAcknowledged whether it was moved; otherwise that is tried again
   */
  record Buried(Delivery delivery, boolean isAcknowledged) {}

  /** Takes what died from whichever subscription there is. */
  Graveyard(RandomGenerator random, Supplier<Subscription> subscription, boolean mayFail) {
    this.random = random;
    this.subscription = subscription;
    this.mayFail = mayFail;
  }

  String dig() {
    exists = !exists;
    return exists ? "there is a dead-letter queue" : "there is no dead-letter queue";
  }

  /** What died since the last call. */
  List<Buried> buried() {
    List<Buried> since = List.copyOf(buried);
    buried.clear();
    anyDied = !since.isEmpty();
    return since;
  }

  /** Whether there was anything at the last call of {@link #buried}. */
  boolean anyDied() {
    return anyDied;
  }

  @Override
  public int maxReceiveCount() {
    return MAX_RECEIVES;
  }

  @Override
  public boolean exists() {
    return exists;
  }

  @Override
  public void take(List<Delivery> spent) {
    assertTrue(exists, "nothing dies without a dead-letter queue");
    List<Receipt> moved = new ArrayList<>();
    for (Delivery delivery : spent) {
      if (!mayFail || random.nextInt(4) != 0) {
        moved.add(delivery.receipt());
      }
    }
    boolean isAcknowledged = isAcknowledged(moved);
    for (Delivery delivery : spent) {
      boolean isMoved = isAcknowledged && moved.contains(delivery.receipt());
      buried.add(new Buried(delivery, isMoved));
    }
  }

  private boolean isAcknowledged(List<Receipt> moved) {
    try {
      subscription.get().acknowledge(moved).join();
      return true;
    } catch (KafkaStorageException _) {
      return false;
    }
  }
}
