package io.sluice.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.log.DamagedRange;
import io.sluice.log.DiskLogStore;
import io.sluice.log.LogStoreOptions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A byte of a broker's folder is not what was written. Everything else is served, and no message is
 * lost but those that are named; only a damaged metadata journal keeps the broker from starting.
 */
class DamagedFolderTest {

  private static final int MESSAGES = 30;
  private static final int SEEDS = Integer.getInteger("sluice.seeds", 40);
  private static final TopicPartition INBOX = new TopicPartition("queue.dispatch", 0);

  @TempDir Path folder;

  private static DiskLogStore log(Path folder) {
    return DiskLogStore.open(folder, LogStoreOptions.defaults());
  }

  private static Broker broker(DiskLogStore log, Path folder) {
    return Broker.open(log, folder, BrokerOptions.defaults());
  }

  private static void send(Queue queue, String body) {
    NewRecord record = new NewRecord(null, body.getBytes(UTF_8), List.of());
    queue.send(List.of(new NewMessage(record, Duration.ZERO))).getFirst().join();
  }

  private static List<ReceivedMessage> receive(Queue queue, int max) throws InterruptedException {
    return queue.receive(max, Duration.ofHours(1), Duration.ZERO);
  }

  private static String body(ReceivedMessage message) {
    return new String(Utils.toArray(message.record().value()), UTF_8);
  }

  /** A queue of which ten messages are deleted, and five are in flight. */
  private static void write(Path folder) throws InterruptedException {
    try (DiskLogStore log = log(folder);
        Broker broker = broker(log, folder)) {
      Queue queue = broker.queues().create(NewQueue.named("dispatch"));
      for (int i = 0; i < MESSAGES; i++) {
        send(queue, "message " + i);
      }
      for (int i = 0; i < 10; i++) {
        queue.acknowledge(receive(queue, 1).stream().map(ReceivedMessage::receipt).toList()).join();
      }
    }
    // Another life, so that there are a snapshot and a journal behind it.
    try (DiskLogStore log = log(folder);
        Broker broker = broker(log, folder)) {
      receive(broker.queues().find("dispatch").orElseThrow(), 5);
    }
  }

  /** As a power failure during the first start leaves it. */
  @Test
  void a_first_start_that_was_cut_short_is_begun_anew() {
    try (DiskLogStore log = log(folder)) {
      TopicPartition journal = new TopicPartition("__sluice_subscriptions", 0);
      log.create(journal, Uuid.randomUuid(), Map.of());
      try (Broker broker = broker(log, folder)) {
        send(broker.queues().create(NewQueue.named("dispatch")), "first");
      }
    }
  }

  @Test
  void no_spoiled_byte_stops_the_start_or_loses_a_message_that_is_not_named() throws Exception {
    Path whole = folder.resolve("whole");
    write(whole);
    long first = Long.getLong("sluice.seed", 0);
    int seeds = Long.getLong("sluice.seed") == null ? SEEDS : 1;
    for (long seed = first; seed < first + seeds; seed++) {
      RandomGenerator random = new SplittableRandom(seed);
      Path copy = folder.resolve("seed" + seed);
      copy(whole, copy);
      Path spoiled = spoilSomething(copy, random);
      String what = "-Dsluice.seed=" + seed + ": " + copy.relativize(spoiled);
      try (DiskLogStore log = log(copy)) {
        if (!opens(log, copy, what)) {
          continue;
        }
        try (Broker broker = broker(log, copy)) {
          check(log, broker, what);
        }
      } catch (RuntimeException e) {
        throw new AssertionError(what, e);
      }
      Utils.delete(copy.toFile());
    }
  }

  /** False where the journal of metadata is damaged, and says so. */
  private static boolean opens(DiskLogStore log, Path copy, String what) {
    try (Broker broker = broker(log, copy)) {
      return !broker.clusterId().isEmpty();
    } catch (IllegalStateException e) {
      assertTrue(String.valueOf(e.getMessage()).contains("metadata journal"), what + e);
      assertTrue(what.contains("__sluice_metadata"), what + e);
      return false;
    }
  }

  private static void check(DiskLogStore log, Broker broker, String what)
      throws InterruptedException {
    Queue queue = broker.queues().find("dispatch").orElse(null);
    if (queue == null) {
      assertTrue(what.contains("__sluice_metadata"), what + ": the queue is gone");
      return;
    }
    send(queue, "after");
    Set<String> received = new HashSet<>();
    for (List<ReceivedMessage> some = receive(queue, 10);
        !some.isEmpty();
        some = receive(queue, 10)) {
      some.forEach(message -> assertTrue(received.add(body(message)), what));
    }
    assertTrue(received.contains("after"), what);
    long cut = log.partition(INBOX).orElseThrow().endOffset() - 1;
    for (int i = 15; i < MESSAGES; i++) {
      long offset = i;
      boolean named =
          log.damagedRanges().getOrDefault(INBOX, List.<DamagedRange>of()).stream()
              .anyMatch(range -> range.firstOffset() <= offset && offset < range.nextOffset());
      assertTrue(
          received.contains("message " + i) || named || offset >= cut,
          () -> what + ": message " + offset + " is lost: " + received);
    }
    if (!what.contains("__sluice_") && !what.contains("snapshots")) {
      for (int i = 0; i < 15; i++) {
        assertTrue(!received.contains("message " + i), what + ": " + i + " came again");
      }
      assertEquals(Map.of(), withoutInbox(log), what);
    }
  }

  private static Map<TopicPartition, List<DamagedRange>> withoutInbox(DiskLogStore log) {
    return log.damagedRanges().entrySet().stream()
        .filter(entry -> !entry.getKey().equals(INBOX))
        .collect(java.util.stream.Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static Path spoilSomething(Path copy, RandomGenerator random) throws IOException {
    if (random.nextBoolean()) {
      Files.delete(copy.resolve(".kafka_cleanshutdown"));
    }
    try (Stream<Path> all = Files.walk(copy)) {
      List<Path> files =
          all.filter(Files::isRegularFile)
              .filter(file -> file.toFile().length() > 0)
              .sorted()
              .toList();
      Path file = files.get(random.nextInt(files.size()));
      long position = random.nextLong(file.toFile().length());
      try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
        bytes.seek(position);
        int was = bytes.read();
        bytes.seek(position);
        bytes.write(was ^ (1 << random.nextInt(8)));
      }
      return file;
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> entries = Files.walk(from)) {
      for (Path entry : entries.toList()) {
        Path target = to.resolve(from.relativize(entry));
        if (Files.isDirectory(entry)) {
          Files.createDirectories(target);
        } else {
          Files.copy(entry, target);
        }
      }
    }
  }
}
