package io.sluice.bench.micro;

import io.sluice.broker.Broker;
import io.sluice.broker.BrokerOptions;
import io.sluice.broker.NewMessage;
import io.sluice.broker.NewQueue;
import io.sluice.broker.NewRecord;
import io.sluice.broker.Queue;
import io.sluice.broker.ReceivedMessage;
import io.sluice.broker.StartingPoint;
import io.sluice.log.DiskLogStore;
import io.sluice.log.Durability;
import io.sluice.log.LogStoreOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Ten messages are received and acknowledged, per message; the page cache takes the journal, so
 * that the processor is what is timed.
 */
@SuppressWarnings("NullAway.Init") // set up by JMH
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class QueueBenchmark {

  private static final int MESSAGES = 200_000;
  private static final int TAKEN = 10;

  private Path folder = Path.of("");
  private DiskLogStore store;
  private Broker broker;
  private Queue queue;

  /** Fills a queue. */
  @Setup
  public void fill() throws IOException {
    folder = Folder.make("queue");
    store = DiskLogStore.open(folder, LogStoreOptions.defaults().withDurability(Durability.OS));
    broker = Broker.open(store, folder, BrokerOptions.defaults());
    queue = broker.queues().create(NewQueue.named("q"));
    for (int i = 0; i < MESSAGES / TAKEN; i++) {
      queue
          .send(
              Collections.nCopies(
                  TAKEN,
                  new NewMessage(new NewRecord(null, new byte[100], List.of()), Duration.ZERO)))
          .forEach(sent -> sent.join());
    }
  }

  /** Deletes everything. */
  @TearDown
  public void close() throws IOException {
    broker.close();
    store.close();
    Folder.delete(folder);
  }

  /** When none is left, the queue is moved to its beginning, once in 20,000 calls. */
  @Benchmark
  @OperationsPerInvocation(TAKEN)
  public int receiveAndAcknowledge() throws InterruptedException {
    List<ReceivedMessage> messages = queue.receive(TAKEN, Duration.ofSeconds(30), Duration.ZERO);
    if (messages.isEmpty()) {
      queue.rewind(new StartingPoint.Earliest());
      messages = queue.receive(TAKEN, Duration.ofSeconds(30), Duration.ZERO);
    }
    queue.acknowledge(messages.stream().map(ReceivedMessage::receipt).toList()).join();
    return messages.size();
  }
}
