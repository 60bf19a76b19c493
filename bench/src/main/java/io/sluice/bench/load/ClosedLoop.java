package io.sluice.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Drives HTTP/1.1 connections of which each has one request under way: as soon as it is answered,
 * the next is sent. One thread serves all, which costs a fraction of what any server spends on a
 * request. Latency is that of each request. Owned by the thread that calls {@link #drive}.
 */
public final class ClosedLoop {

  private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(60);
  private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(2);
  private static final long SELECT_MILLIS = 100;

  private final Limit limit;
  private final Histogram latencies = new Histogram(LONGEST_NANOS, 3);
  private final List<Connection> connections = new ArrayList<>();
  private long startNanos;
  private long lastNanos;
  private long units;
  private int underWay;

  private ClosedLoop(Limit limit) {
    this.limit = limit;
  }

  /**
   * Opens a connection per dialogue to a port of loopback, and drives them until the limit.
   *
   * @throws LoadFailedException when an answer is not what it must be, or does not come
   */
  public static Load drive(int port, List<? extends Dialogue> dialogues, Limit limit)
      throws IOException {
    ClosedLoop loop = new ClosedLoop(limit);
    try (Selector selector = Selector.open()) {
      try {
        for (Dialogue dialogue : dialogues) {
          loop.connections.add(new Connection(port, dialogue, selector));
        }
        return loop.run(selector);
      } finally {
        for (Connection connection : loop.connections) {
          connection.close();
        }
      }
    }
  }

  private Load run(Selector selector) throws IOException {
    startNanos = System.nanoTime();
    lastNanos = startNanos;
    for (Connection connection : connections) {
      underWay++;
      connection.send();
    }
    while (underWay > 0) {
      selector.select(this::ready, SELECT_MILLIS);
      if (System.nanoTime() - lastNanos > ANSWER_PATIENCE.toNanos()) {
        throw new LoadFailedException("no answer for " + ANSWER_PATIENCE);
      }
    }
    if (units == 0) {
      throw new LoadFailedException("nothing was done in " + limit);
    }
    return new Load(
        units, Duration.ofNanos(lastNanos - startNanos), Optional.of(Latencies.ofNanos(latencies)));
  }

  private void ready(SelectionKey key) {
    Connection connection = (Connection) key.attachment();
    try {
      if (key.isWritable()) {
        connection.write();
      }
      if (key.isReadable() && connection.read()) {
        answered(connection);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void answered(Connection connection) throws IOException {
    lastNanos = System.nanoTime();
    latencies.recordValue(Math.min(LONGEST_NANOS, lastNanos - connection.sentNanos()));
    units += connection.finished();
    if (units >= limit.units() || lastNanos - startNanos >= limit.duration().toNanos()) {
      underWay--;
    } else {
      connection.send();
    }
  }
}
