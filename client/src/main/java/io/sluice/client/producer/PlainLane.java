package io.sluice.client.producer;

import io.sluice.client.publish.Lane;
import io.sluice.client.publish.MeasuredMessage;
import io.sluice.client.publish.Outgoing;
import io.sluice.client.service.Nanoseconds;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** Records that are one message each, in their order. */
public final class PlainLane extends Lane {

  private record Pending(MeasuredMessage message, long since, Outgoing.Listener listener) {}

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
  public void add(MeasuredMessage message, Waiting waiting) {
    pending.add(new Pending(message, waiting.since(), waiting.listener()));
  }

  @Override
  protected boolean isEmpty() {
    return pending.isEmpty();
  }

  @Override
  protected long readyAt() {
    long since = pending.getFirst().since();
    return flushing.isUrgent() ? since : since + lingerNanos;
  }

  @Override
  protected int bytes() {
    return pending.getFirst().message().bytes();
  }

  @Override
  protected Outgoing next() {
    Pending first = pending.removeFirst();
    return messages.outgoing(first.message(), fifo, first.since(), first.listener());
  }
}
