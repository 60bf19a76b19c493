package io.sluice.broker;

import io.sluice.broker.subscription.DeadLetterTarget;
import io.sluice.broker.subscription.Delivery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves a queue's spent messages into its dead-letter queue: appended there, waited for until that
 * is durable, and only then acknowledged. A crash in between leaves a message in both. Safe for use
 * by many threads.
 */
final class DeadLetters implements DeadLetterTarget {

  private static final Logger LOGGER = LoggerFactory.getLogger(DeadLetters.class);

  private final DurableQueue source;
  private final Redrive redrive;
  private final Function<String, Optional<DurableQueue>> queues;

  /** Finds the dead-letter queue by its name in {@code queues} whenever it is needed. */
  DeadLetters(
      DurableQueue source, Redrive redrive, Function<String, Optional<DurableQueue>> queues) {
    this.source = source;
    this.redrive = redrive;
    this.queues = queues;
  }

  @Override
  public int maxReceiveCount() {
    return redrive.maxReceiveCount();
  }

  @Override
  public boolean exists() {
    return queues.apply(redrive.queue()).isPresent();
  }

  @Override
  public void take(List<Delivery> spent) {
    Optional<DurableQueue> target = queues.apply(redrive.queue());
    if (target.isEmpty()) {
      // It went just now; from here on they are received on.
      spent.forEach(each -> source.changeVisibility(each.receipt(), Duration.ZERO));
      return;
    }
    List<Receipt> moved = new ArrayList<>();
    try {
      List<CompletableFuture<RecordPosition>> appended =
          target.get().append(spent.stream().map(this::record).toList());
      for (int i = 0; i < spent.size(); i++) {
        if (isDurable(appended.get(i))) {
          moved.add(spent.get(i).receipt());
        }
      }
      source.acknowledge(moved).join();
    } catch (RuntimeException e) {
      logFailure(e);
    }
  }

  /** What could not be moved is tried again when it is in flight no more. */
  private boolean isDurable(CompletableFuture<RecordPosition> appended) {
    try {
      appended.join();
      return true;
    } catch (CompletionException e) {
      logFailure(e);
      return false;
    }
  }

  private void logFailure(RuntimeException e) {
    LOGGER.warn("queue {} could not move a message to {}", source.name(), redrive.queue(), e);
  }

  /** The receive that came upon it does not count: nobody got the message. */
  private NewRecord record(Delivery delivery) {
    ReceivedMessage message = source.message(delivery);
    MessageOrigin origin = MessageOrigin.of(message);
    MessageOrigin.DeadLetter deadLetter =
        new MessageOrigin.DeadLetter(
            source.name(), message.receiveCount() - 1, message.firstReceivedAt());
    return MovedRecords.with(
        delivery.record(),
        new MessageOrigin(
            origin.position(), origin.sentAt(), origin.source(), Optional.of(deadLetter)));
  }
}
