package io.sluice.broker.subscription;

import static io.sluice.broker.subscription.Fixture.HOUR;
import static io.sluice.broker.subscription.Fixture.QUEUE;
import static io.sluice.broker.subscription.Fixture.drain;
import static io.sluice.broker.subscription.Fixture.receipts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.broker.QueueDepth;
import io.sluice.broker.StartingPoint;
import io.sluice.broker.subscription.Fixture.Kind;
import io.sluice.log.ReadIsolation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Message groups of a standard queue: who takes too much waits while there are others. */
class FairQueueTest {

  private static final int NOISY = GroupLoads.MIN_IN_FLIGHT;

  private final ManualClock clock = new ManualClock();

  @TempDir Path folder;
  private Fixture fixture;
  private TestTopic topic;
  private Subscription queue;

  @BeforeEach
  void create() {
    fixture = new Fixture(Kind.DISK, folder, clock);
    topic = TestTopic.create(fixture.store(), "work", 1);
    queue = fixture.subscribe(QUEUE, topic);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void a_quiet_group_does_not_wait_for_the_backlog_of_a_noisy_one() throws Exception {
    send("noisy", 20_000);
    receive(NOISY);
    send("quiet", 3);
    send("noisy", 5);

    List<String> found = new ArrayList<>();
    int receives = 0;
    while (!found.contains("quiet0")) {
      assertTrue(++receives < 50, "not found in " + receives + " receives");
      found = receive(2);
    }
    assertEquals(List.of("quiet0", "quiet1"), found);
    assertEquals("quiet2", receive(2).getFirst());
    assertTrue(receives > 5, "it was no long way");
    assertTrue(receive(10).stream().allMatch(value -> value.startsWith("noisy")));
  }

  @Test
  void each_message_comes_once_wherever_the_cursor_is() throws Exception {
    send("noisy", 200);
    List<String> all = receive(NOISY);
    send("quiet", 10);
    send("other", 50);
    all.addAll(receive(15));
    queue.acknowledge(receipts(queue.receive(5, HOUR, Duration.ZERO))).join();
    reopen();
    all.addAll(Fixture.values(drain(queue, HOUR)));

    assertEquals(260 - 5, all.size());
    assertEquals(all.size(), new HashSet<>(all).size(), "twice: " + all);
  }

  @Test
  void what_was_taken_early_is_known_after_a_crash_and_from_a_snapshot() throws Exception {
    send("noisy", 100);
    receive(NOISY);
    send("quiet", 4);
    List<Delivery> quiet = queue.receive(2, HOUR, Duration.ZERO);
    assertEquals(List.of("quiet0", "quiet1"), Fixture.values(quiet));
    queue.acknowledge(receipts(quiet.subList(0, 1))).join();
    QueueDepth before = new QueueDepth(72, 31, 0);
    assertEquals(before, queue.depth());

    for (int i = 0; i < 2; i++) {
      reopen();
      assertEquals(before, queue.depth());
    }
    List<String> rest = Fixture.values(drain(queue, HOUR));
    assertEquals(72, rest.size());
    assertTrue(rest.containsAll(List.of("quiet2", "quiet3")), rest.toString());
    assertEquals(new QueueDepth(0, 103, 0), queue.depth());
    clock.advance(HOUR);
    assertEquals(103, drain(queue, HOUR).size());
  }

  @Test
  void what_was_taken_early_is_found_again_when_its_partition_begins_anew() throws Exception {
    topic.addPartition();
    queue.attach(source(), topic.partitions());
    topic.appendKeyed(
        1,
        clock.instant(),
        Collections.nCopies(NOISY, "noisy"),
        IntStream.range(0, NOISY).mapToObj(i -> "before" + i).toArray(String[]::new));
    receive(NOISY);
    send("noisy", 100);
    send("quiet", 1);
    assertEquals(List.of("quiet0"), receive(1));

    queue.move(source(), 0, 0);

    assertEquals(List.of("quiet0"), receive(1));
    assertEquals(List.of("noisy0"), receive(1));
  }

  private Uuid source() {
    return queue.sources().iterator().next();
  }

  @Test
  void a_message_without_a_group_is_quiet() throws Exception {
    send("noisy", 100);
    receive(NOISY);
    topic.append(0, clock.instant(), "mine", "alone");

    assertEquals(List.of("mine", "alone", "noisy30"), receive(3));
  }

  @Test
  void nobody_is_noisy_below_a_tenth_or_with_few_messages_in_flight() throws Exception {
    send("few", NOISY - 1);
    receive(NOISY - 1);
    send("few", 1);
    send("other", 1);
    assertEquals(List.of("few0", "other0"), receive(2));

    send("many", 12 * NOISY);
    receive(12 * NOISY);
    send("tenth", NOISY);
    receive(NOISY);
    send("tenth", 1);
    send("other", 1);
    assertEquals(List.of("tenth0", "other0"), receive(2));
  }

  @Test
  void a_group_whose_messages_take_long_is_noisy_with_few_of_them() throws Exception {
    send("slow", 4);
    List<Delivery> slow = queue.receive(4, HOUR, Duration.ZERO);
    clock.advance(Duration.ofSeconds(20));
    queue.acknowledge(receipts(slow)).join();
    send("slow", 2);
    send("quick", 2);
    assertEquals(List.of("quick0", "quick1", "slow0"), receive(3));

    clock.advance(Duration.ofMinutes(3));
    queue.acknowledge(receipts(queue.receive(1, HOUR, Duration.ZERO))).join();
    for (int i = 0; i < 30; i++) {
      send("other" + i, 1);
    }
    List<Delivery> others = queue.receive(30, HOUR, Duration.ZERO);
    clock.advance(Duration.ofMinutes(3));
    queue.acknowledge(receipts(others)).join();
    send("slow", 1);
    send("quick", 1);
    assertEquals(List.of("slow0", "quick0"), receive(2), "that is long ago");
  }

  @Test
  void of_several_noisy_groups_the_one_with_less_in_flight_comes_first() throws Exception {
    send("most", 100);
    receive(2 * NOISY);
    send("less", 100);
    List<String> less = receive(NOISY);
    assertTrue(less.stream().allMatch(value -> value.startsWith("less")), less.toString());

    List<String> both = receive(NOISY + 10);
    assertEquals(NOISY, both.stream().filter(value -> value.startsWith("less")).count());
    assertEquals(List.of("most60", "most61"), both.subList(NOISY, NOISY + 2));
  }

  @Test
  void who_has_become_quiet_is_found_where_it_was_passed() throws Exception {
    send("noisy", 200);
    receive(NOISY);
    send("burst", 2 * NOISY);
    List<Delivery> burst = queue.receive(2 * NOISY, HOUR, Duration.ZERO);
    assertTrue(Fixture.values(burst).stream().allMatch(value -> value.startsWith("burst")));
    send("burst", 2);
    send("quiet", 1);
    assertEquals(List.of("quiet0", "noisy30", "noisy31"), receive(3));

    queue.acknowledge(receipts(burst)).join();
    assertEquals(List.of("burst0", "burst1", "noisy32"), receive(3));
  }

  @Test
  void a_delayed_message_is_quiet_when_its_time_has_come() throws Exception {
    send("noisy", 100);
    receive(NOISY);
    topic.appendDelayed(0, clock.instant(), clock.instant().plusSeconds(5), "later");
    assertEquals(List.of("noisy30"), receive(1));

    clock.advance(Duration.ofSeconds(5));
    assertEquals(List.of("later", "noisy31"), receive(2));
  }

  @Test
  void a_rewind_brings_everything_again_and_a_purge_ends_it() throws Exception {
    send("noisy", 100);
    receive(NOISY);
    send("quiet", 10);
    receive(10);
    queue.purge();
    queue.rewind(new StartingPoint.Earliest());
    receive(NOISY);
    assertTrue(receive(10).stream().allMatch(value -> value.startsWith("quiet")));
    queue.rewind(new StartingPoint.Earliest());
    assertEquals(110, drain(queue, HOUR).size());

    queue.rewind(new StartingPoint.Earliest());
    receive(NOISY);
    receive(20);
    queue.purge();
    assertEquals(new QueueDepth(0, 0, 0), queue.depth());
    send("noisy", 2);
    assertEquals(List.of("noisy0", "noisy1"), receive(5));
  }

  @Test
  void who_looks_sees_what_was_taken_early_where_it_is() throws Exception {
    send("noisy", NOISY + 2);
    queue.acknowledge(receipts(queue.receive(1, HOUR, Duration.ZERO))).join();
    receive(NOISY);
    send("quiet", 3);
    queue.acknowledge(receipts(queue.receive(1, HOUR, Duration.ZERO))).join();
    receive(1);

    List<Seen> seen = queue.peek(100);
    assertEquals(
        List.of("noisy31", "quiet1", "quiet2"),
        seen.subList(NOISY, seen.size()).stream().map(FairQueueTest::value).toList());
    assertEquals(
        List.of(0, 1, 0),
        seen.subList(NOISY, seen.size()).stream().map(Seen::receiveCount).toList());
  }

  @Test
  void share_consumers_do_not_get_what_a_queue_has_taken_early() throws Exception {
    send("noisy", NOISY + 2);
    receive(NOISY);
    send("quiet", 2);
    receive(1);
    Claim claim =
        new Claim(1, 100, 100, 1 << 20, true, false, HOUR, 1000, 5, ReadIsolation.HIGH_WATERMARK);

    Lease lease = queue.shared().acquire(topic.id(), 0, claim);

    assertEquals(List.of(new Lease.Range(30, 31, 1), new Lease.Range(33, 33, 1)), lease.ranges());
    assertEquals(new QueueDepth(0, 34, 0), queue.depth());
    assertEquals(new Progress(0, 0), queue.shared().progress(topic.id(), 0, 5));
    queue.purge();
    assertEquals(new Progress(34, 0), queue.shared().progress(topic.id(), 0, 5));
  }

  private static String value(Seen seen) {
    return Utils.utf8(seen.record().value());
  }

  /** Sends messages of a group, numbered from 0, in batches. */
  private void send(String group, int count) {
    for (int from = 0; from < count; from += 500) {
      String[] values = new String[Math.min(500, count - from)];
      for (int i = 0; i < values.length; i++) {
        values[i] = group + (from + i);
      }
      topic.appendKeyed(0, clock.instant(), Collections.nCopies(values.length, group), values);
    }
  }

  private List<String> receive(int max) throws InterruptedException {
    return new ArrayList<>(Fixture.values(queue.receive(max, HOUR, Duration.ZERO)));
  }

  private void reopen() {
    fixture.reopen();
    topic = topic.in(fixture.store());
    queue = fixture.found(QUEUE, topic);
  }
}
