package io.sluice.broker.subscription;

import static io.sluice.broker.subscription.Fixture.receipts;

import com.sun.management.OperatingSystemMXBean;
import io.sluice.broker.subscription.Fixture.Kind;
import io.sluice.log.AppendSource;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Prints, and does not judge, what a receive of 10 and its acknowledgement cost on disk, durable,
 * with 16 receivers: {@code -Dsluice.measure=true -Dtest=ReceiveMeasurement}.
 */
@EnabledIfSystemProperty(named = "sluice.measure", matches = "true")
class ReceiveMeasurement {

  private static final int RECEIVERS = Integer.getInteger("sluice.receivers", 16);
  private static final int MESSAGES = 500_000;
  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private Fixture fixture;

  /** How many message groups there are. */
  private int keys;

  @TempDir Path folder;

  @Test
  void receive_and_acknowledge() throws Exception {
    fixture = new Fixture(Kind.DISK, folder, InstantSource.system());
    measure("warm-up", 1, 0);
    measure("warm-up", 1, 0);
    measure("one queue, no backlog left", 1, 0);
    measure("one queue, 2 M backlog left", 1, 2_000_000);
    measure("16 queues, no backlog left", 16, 0);
    keys = 1;
    measure("one queue of one group", 1, 0);
    keys = 1000;
    measure("one queue of 1000 groups", 1, 0);
    fixture.close();
  }

  private void measure(String what, int queues, int backlog) throws Exception {
    List<Subscription> subscriptions = new ArrayList<>();
    for (int i = 0; i < queues; i++) {
      TestTopic inbox =
          TestTopic.create(
              fixture.store(), what.replace(' ', '-').replace(",", "") + System.nanoTime(), 1);
      fill(inbox, (MESSAGES + backlog) / queues);
      subscriptions.add(fixture.subscribe(Uuid.randomUuid(), inbox));
    }
    long cpu = PROCESS.getProcessCpuTime();
    long start = System.nanoTime();
    AtomicLong left = new AtomicLong(MESSAGES);
    try (ExecutorService receivers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < RECEIVERS; i++) {
        Subscription queue = subscriptions.get(i % queues);
        all.add(receivers.submit(() -> work(queue, left)));
      }
      for (Future<?> each : all) {
        each.get();
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    double cpuSeconds = (PROCESS.getProcessCpuTime() - cpu) / 1e9;
    System.out.printf(
        "%-30s %,9.0f msg/s %6.2f CPU-s per million%n",
        what, MESSAGES / seconds, cpuSeconds * 1e6 / MESSAGES);
    subscriptions.forEach(queue -> fixture.subscriptions().delete(queue.id()));
  }

  private static Void work(Subscription queue, AtomicLong left) throws InterruptedException {
    while (left.get() > 0) {
      List<Delivery> deliveries = queue.receive(10, Duration.ofSeconds(30), Duration.ZERO);
      if (deliveries.isEmpty()) {
        return null;
      }
      queue.acknowledge(receipts(deliveries)).join();
      left.addAndGet(-deliveries.size());
    }
    return null;
  }

  /** As SendMessageBatch leaves them: batches of 10 messages of 100 bytes. */
  private void fill(TestTopic inbox, int messages) {
    SimpleRecord[] batch = new SimpleRecord[10];
    CompletableFuture<Void> durable = CompletableFuture.completedFuture(null);
    for (int i = 0; i < messages / batch.length; i++) {
      for (int j = 0; j < batch.length; j++) {
        byte[] key = keys == 0 ? null : Utils.utf8("group" + (i * 7 + j) % keys);
        batch[j] = new SimpleRecord(InstantSource.system().millis(), key, new byte[100]);
      }
      durable =
          inbox
              .partition(0)
              .append(MemoryRecords.withRecords(Compression.NONE, batch), AppendSource.CLIENT)
              .durable();
    }
    durable.join();
  }
}
