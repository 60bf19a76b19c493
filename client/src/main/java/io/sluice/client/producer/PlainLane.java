package io.sluice.client.producer;

import io.sluice.client.message.PlainMessage;
import io.sluice.client.publish.Lane;
import io.sluice.client.publish.Outgoing;
import io.sluice.client.publish.PublishRequests;
import io.sluice.client.service.Nanoseconds;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Records that are one message each, in their order. */
public final class PlainLane implements Lane {

  private record Pending(PlainMessage message, long since, Waiting.Listener listener) {}

  private final boolean fifo;
  private final Messages messages;
  private final long lingerNanos;
  private final Flushing flushing;
  private final Deque<Pending> pending = new ArrayDeque<>();

  /** A lane of a topic, whose records wait up to {@code linger} for others. */
  public PlainLane(boolean fifo, Messages messages, Duration linger, Flushing flushing) {
    this.fifo = fifo;
    this.messages = messages;
    this.lingerNanos = Nanoseconds.of(linger);
    this.flushing = flushing;
  }

  /** Adds a record, which {@code message} is. */
  public void add(PlainMessage message, Waiting waiting) {
    pending.add(new Pending(message, waiting.since(), waiting.listener()));
  }

  @Override
  public Optional<Long> readyAt() {
    if (pending.isEmpty()) {
      return Optional.empty();
    }
    long since = pending.getFirst().since();
    return Optional.of(flushing.includes(since) ? since : since + lingerNanos);
  }

  @Override
  public int bytes() {
    return PublishRequests.bytes(pending.getFirst().message());
  }

  @Override
  public Outgoing next() {
    Pending first = pending.removeFirst();
    return messages.outgoing(
        first.message(),
        fifo,
        first.since(),
        new Outgoing.Listener() {
          @Override
          public void published(@Nullable String sequenceNumber) {
            first.listener().published(sequenceNumber);
          }

          @Override
          public void failed(RuntimeException reason) {
            first.listener().failed(reason);
          }
        });
  }
}
