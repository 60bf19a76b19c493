package io.sluice.client.publish;

import io.sluice.client.message.PlainMessage;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What a lane has next, and who hears of it. */
public sealed interface Outgoing {

  /** Who hears what became of it. */
  Listener listener();

  /** What it counts as in a request. */
  int bytes();

  /** What is said of a message that waited for too long. */
  static TimeoutException expired() {
    return new TimeoutException("the message was not published in time");
  }

  /**
   * A message that is to be published.
   *
   * @param deduplicationId what makes a repetition harmless, on a FIFO topic
   * @param bytes what it counts as, body and attributes
   * @param expiresAt when it is given up, ns of {@link System#nanoTime}
   */
  record Message(
      PlainMessage content,
      @Nullable String deduplicationId,
      int bytes,
      long expiresAt,
      Listener listener)
      implements Outgoing {}

  /** Records that cannot be a message, which their listener hears in its turn. */
  record Refused(RuntimeException reason, Listener listener) implements Outgoing {

    @Override
    public int bytes() {
      return 0;
    }
  }

  /** Hears once what became of a message; must return soon. */
  interface Listener {

    /**
     * It is with the service.
     *
     * @param sequenceNumber what a FIFO topic gave it
     */
    void published(@Nullable String sequenceNumber);

    /** It is not, or nobody knows. */
    void failed(RuntimeException reason);
  }
}
