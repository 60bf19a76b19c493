package io.sluice.client.producer;

import io.sluice.client.publish.MeasuredMessage;
import io.sluice.client.publish.Outgoing;
import io.sluice.client.service.Nanoseconds;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** Makes messages of one producer ready to go. Safe for use by many threads. */
public final class Messages {

  private final String producer = Uuid.randomUuid().toString();
  private final AtomicLong sequence = new AtomicLong();
  private final long patienceNanos;

  /** Messages that are given up after {@code patience}. */
  public Messages(Duration patience) {
    this.patienceNanos = Nanoseconds.of(patience);
  }

  /** Whether a record that came at {@code since} is not tried any more. */
  boolean isExpired(long since) {
    return System.nanoTime() - since >= patienceNanos;
  }

  /**
   * One message.
   *
   * @param fifo whether it needs a deduplication id: producer and sequence number
   * @param since when the first of its records came, ns of {@link System#nanoTime}
   */
  Outgoing.Message outgoing(
      MeasuredMessage message, boolean fifo, long since, Outgoing.Listener listener) {
    @Nullable String id = fifo ? producer + "-" + sequence.getAndIncrement() : null;
    return new Outgoing.Message(
        message.content(), id, message.bytes(), since + patienceNanos, listener);
  }
}
