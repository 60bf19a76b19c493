package io.sluice.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.broker.BrokerHistory.View;
import io.sluice.broker.subscription.FakeLogStore;
import io.sluice.log.PartitionLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random histories of topics, queues and sources, opened again after a crash at every moment. A
 * failure names its seed; {@code -Dsluice.seed=N} runs that one history again, {@code
 * -Dsluice.histories=N} so many from a random seed on.
 */
class BrokerCrashTest {

  private static final int HISTORIES = Integer.getInteger("sluice.histories", 2);
  private static final int STEPS = 40;

  @TempDir Path folder;
  private int opened;

  /** What a crash leaves, and between which two views the broker then was. */
  private record Crash(FakeLogStore left, int step) {}

  /** A history with the view before and after each of its steps. */
  private final class Played {
    final FakeLogStore store = new FakeLogStore();
    final List<Crash> crashes = new ArrayList<>();
    final List<View> views = new ArrayList<>();
    final List<Long> metadataEnds = new ArrayList<>();

    Played(RandomGenerator random, List<String> trace) throws Exception {
      BrokerHistory history = new BrokerHistory(random, store, nextFolder());
      store.onChange(() -> crashes.add(new Crash(store.crashed(store.ends()), views.size())));
      remember(history);
      for (int i = 0; i < STEPS; i++) {
        trace.add("step " + (i + 1) + ": " + history.step());
        remember(history);
      }
      store.onChange(() -> {});
    }

    private void remember(BrokerHistory history) {
      views.add(View.of(history.broker()));
      metadataEnds.add(store.ends().get(Metadata.PARTITION));
    }

    /** A command is done or it is not, whatever it consists of. */
    void checkBeforeOrAfter(View found, int step) {
      List<View> possible = List.of(views.get(step - 1), views.get(step));
      assertTrue(
          possible.contains(found),
          () -> "found " + found + "\nbefore " + possible.get(0) + "\nafter " + possible.get(1));
    }
  }

  @Test
  void after_a_crash_at_any_moment_a_command_is_done_or_it_is_not() throws Exception {
    forEachSeed(
        HISTORIES,
        (random, trace) -> {
          Played played = new Played(random, trace);
          for (Crash crash : played.crashes) {
            trace.add("crash in step " + crash.step());
            List<Crash> again = new ArrayList<>();
            FakeLogStore left = crash.left();
            left.onChange(() -> again.add(new Crash(left.crashed(left.ends()), crash.step())));
            View found = recovered(left);
            played.checkBeforeOrAfter(found, crash.step());
            left.onChange(() -> {});
            if (!again.isEmpty()) {
              trace.add("and once more in its recovery");
              FakeLogStore twice = again.get(random.nextInt(again.size())).left();
              assertEquals(found, recovered(twice));
              checkAtWork(twice);
            }
            checkAtWork(left);
            trace.removeIf(line -> !line.startsWith("step"));
          }
        });
  }

  /**
   * A log store that leaves durability to the operating system may lose the end of one journal and
   * keep that of the others.
   */
  @Test
  void a_metadata_journal_that_lost_its_end_is_a_state_that_was() throws Exception {
    forEachSeed(
        HISTORIES,
        (random, trace) -> {
          Played played = new Played(random, trace);
          for (long last : played.store.batchEnds(Metadata.PARTITION)) {
            Map<TopicPartition, Long> ends = new HashMap<>(played.store.ends());
            ends.put(Metadata.PARTITION, last + 1);
            int step = 0;
            while (played.metadataEnds.get(step) <= last) {
              step++;
            }
            trace.add("metadata cut after " + last + ", in step " + step);
            FakeLogStore left = played.store.crashed(ends);
            View found = recovered(left);
            if (step > 0) {
              played.checkBeforeOrAfter(found, step);
            }
            try (Broker broker = open(left)) {
              drainAll(broker);
              // A partition that the lost end had added is back with what it holds.
              checkUsable(broker, value -> value.startsWith("p"));
            }
            trace.removeLast();
          }
        });
  }

  /** Messages may come again or never then, but every command and the next start work. */
  @Test
  void journals_and_topics_that_lost_their_ends_are_a_broker_that_works() throws Exception {
    forEachSeed(
        HISTORIES,
        (random, trace) -> {
          Played played = new Played(random, trace);
          for (int i = 0; i < STEPS; i++) {
            Map<TopicPartition, Long> ends = new HashMap<>(played.store.ends());
            ends.replaceAll((name, end) -> lostEnd(random, played.store.batchEnds(name), end));
            // Without its first entry nobody would know whose folder it is.
            ends.computeIfPresent(Metadata.PARTITION, (name, end) -> Math.max(1, end));
            trace.add("cut after " + ends);
            FakeLogStore left = played.store.crashed(ends);
            View found = recovered(left);
            try (Broker broker = open(left)) {
              assertEquals(found, View.of(broker));
              broker.queues().list().forEach(Queue::purge);
              broker.queues().list().forEach(queue -> queue.rewind(new StartingPoint.Earliest()));
              drainAll(broker);
              checkUsable(broker, value -> value.startsWith("p"));
              broker.sources().list().forEach(source -> broker.sources().remove(source.id()));
              drainAll(broker);
            }
            assertEquals(List.of(), recovered(left).sources());
            trace.removeLast();
          }
        });
  }

  @Test
  void a_topic_with_many_subscriptions_is_deleted_with_them_or_not_at_all() throws Exception {
    FakeLogStore store = new FakeLogStore();
    List<FakeLogStore> crashes = new ArrayList<>();
    try (Broker broker = open(store)) {
      broker.topics().create(NewTopic.named("t").withPartitions(1));
      Map<String, String> attributes = Map.of("filter", "x".repeat(10_000));
      for (int i = 0; i < 200; i++) {
        broker.queues().create(NewQueue.named("q" + i));
        broker.sources().add("t", "q" + i, attributes, new StartingPoint.Latest());
      }
      store.onChange(() -> crashes.add(store.crashed(store.ends())));
      broker.topics().delete("t");
      store.onChange(() -> {});
    }
    assertTrue(crashes.size() > 1);
    for (FakeLogStore left : crashes) {
      View found = recovered(left);
      assertEquals(found.topics().isEmpty() ? 0 : 200, found.sources().size());
    }
  }

  /** A refused command may be half done: then a restart finds the half that the broker shows. */
  @Test
  void on_a_disk_that_is_full_at_times_commands_fail_and_the_broker_works_on() throws Exception {
    forEachSeed(
        25 * HISTORIES,
        (random, trace) -> {
          FakeLogStore store = new FakeLogStore();
          BrokerHistory history = new BrokerHistory(random, store, nextFolder());
          boolean mayBringMore = false;
          for (int i = 0; i < STEPS; i++) {
            boolean isFull = random.nextInt(3) == 0;
            if (isFull) {
              int writes = random.nextInt(5);
              trace.add("room for " + writes);
              store.refuseAfter(writes);
            }
            String step = history.step();
            trace.add("step " + (i + 1) + ": " + step);
            mayBringMore |= isFull && BrokerHistory.mayBringMore(step);
            store.acceptAgain();
            assertEquals(recovered(store.crashed(store.ends())), View.of(history.broker()));
          }
          trace.add("at work, after a restart");
          checkAtWork(store.crashed(store.ends()));
          trace.set(trace.size() - 1, "at work");
          history.later();
          try (Broker restarted = open(store.crashed(store.ends()))) {
            Map<String, List<String>> after = drained(restarted);
            Map<String, List<String>> before = drained(history.broker());
            if (mayBringMore) {
              before.forEach((queue, values) -> assertTrue(after.get(queue).containsAll(values)));
            } else {
              assertEquals(after, before);
            }
          }
          checkUsable(history.broker());
        });
  }

  private static long lostEnd(RandomGenerator random, List<Long> batchEnds, long end) {
    int kept = batchEnds.size() - (random.nextInt(3) == 0 ? random.nextInt(5) : 0);
    return kept == batchEnds.size() ? end : kept <= 0 ? 0 : batchEnds.get(kept - 1) + 1;
  }

  private View recovered(FakeLogStore store) throws Exception {
    try (Broker broker = open(store)) {
      return View.of(broker);
    }
  }

  private void checkAtWork(FakeLogStore store) throws Exception {
    try (Broker broker = open(store)) {
      drainAll(broker);
      checkNothingIsLeftOver(store, broker);
      checkUsable(broker);
    }
  }

  private static Map<String, List<String>> drained(Broker broker) throws InterruptedException {
    Map<String, List<String>> drained = new TreeMap<>();
    for (Queue queue : broker.queues().list()) {
      drained.put(queue.name(), drain(queue).stream().sorted().toList());
    }
    return drained;
  }

  private static void drainAll(Broker broker) throws InterruptedException {
    for (Queue queue : broker.queues().list()) {
      drain(queue);
    }
  }

  /** Every name is there or can be had, and queues get exactly what they are owed. */
  private static void checkUsable(Broker broker) throws InterruptedException {
    checkUsable(broker, value -> false);
  }

  private static void checkUsable(Broker broker, Predicate<String> mayComeToo)
      throws InterruptedException {
    Map<String, TreeSet<String>> expected = new HashMap<>();
    for (String queue : BrokerHistory.QUEUES) {
      if (broker.queues().find(queue).isEmpty()) {
        // It may take a share group over, with what that has not read.
        drain(broker.queues().create(NewQueue.named(queue)));
      }
      expected.put(queue, new TreeSet<>(List.of(queue)));
      BrokerHistory.send(broker, queue, queue);
    }
    broker.sources().list().forEach(s -> expected.get(s.queue()).add(s.topic()));
    for (String topic : BrokerHistory.TOPICS) {
      if (broker.topics().find(topic).isEmpty()) {
        broker.topics().create(NewTopic.named(topic).withPartitions(2));
      }
      int partitions = broker.topics().find(topic).orElseThrow().partitions();
      broker.topics().addPartitions(topic, partitions + 1);
      BrokerHistory.publish(broker, topic, topic);
    }
    for (Queue queue : broker.queues().list()) {
      List<String> received = drain(queue);
      received.removeIf(mayComeToo);
      assertEquals(List.copyOf(expected.get(queue.name())), received.stream().sorted().toList());
    }
  }

  /** Once the deleted topics are drained, too. */
  private static void checkNothingIsLeftOver(FakeLogStore store, Broker broker) {
    TreeSet<String> expected = new TreeSet<>();
    for (Topic topic : broker.topics().list()) {
      for (int i = 0; i < topic.partitions(); i++) {
        expected.add(broker.topics().partition(topic.name(), i).topicPartition().toString());
      }
    }
    TreeSet<String> found = new TreeSet<>();
    store.partitions().stream()
        .map(PartitionLog::topicPartition)
        .filter(name -> !name.topic().startsWith("__sluice_"))
        .forEach(name -> found.add(name.toString()));
    assertEquals(expected, found, "partitions");
  }

  private static List<String> drain(Queue queue) throws InterruptedException {
    List<String> values = new ArrayList<>();
    while (true) {
      List<ReceivedMessage> received = queue.receive(10, Duration.ofHours(1), Duration.ZERO);
      if (received.isEmpty()) {
        return values;
      }
      received.forEach(message -> values.add(Utils.utf8(message.record().value())));
      queue.acknowledge(received.stream().map(ReceivedMessage::receipt).toList()).join();
    }
  }

  /** Opens it late enough that nothing is in flight any more. */
  private Broker open(FakeLogStore store) throws Exception {
    FakeClock clock = new FakeClock();
    clock.advance(Duration.ofHours(2));
    return Broker.open(store, nextFolder(), BrokerOptions.defaults().withClock(clock));
  }

  private Path nextFolder() throws Exception {
    return Files.createDirectory(folder.resolve("opened" + opened++));
  }

  /** What is done with one seed. */
  private interface Play {
    void play(RandomGenerator random, List<String> trace) throws Exception;
  }

  private static void forEachSeed(int histories, Play play) throws Exception {
    Long only = Long.getLong("sluice.seed");
    long first = only == null ? System.nanoTime() : only;
    for (long seed = first; seed < first + (only == null ? histories : 1); seed++) {
      List<String> trace = new ArrayList<>();
      try {
        play.play(
            RandomGeneratorFactory.<RandomGenerator>of("L64X128MixRandom").create(seed), trace);
      } catch (Exception | AssertionError e) {
        throw new AssertionError(
            e + "\n-Dsluice.seed=" + seed + "\n" + String.join("\n", trace), e);
      }
    }
  }
}
