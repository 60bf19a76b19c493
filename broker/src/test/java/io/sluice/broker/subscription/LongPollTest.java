package io.sluice.broker.subscription;

import static io.sluice.broker.subscription.Fixture.HOUR;
import static io.sluice.broker.subscription.Fixture.LONG;
import static io.sluice.broker.subscription.Fixture.QUEUE;
import static io.sluice.broker.subscription.Fixture.drain;
import static io.sluice.broker.subscription.Fixture.receipts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.broker.Receipt;
import io.sluice.broker.StartingPoint;
import io.sluice.broker.TooManyInFlightException;
import io.sluice.broker.subscription.Fixture.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A receive that waits wakes for everything that may give it a message, and only then. */
class LongPollTest {

  private final InstantSource clock = InstantSource.system();

  @TempDir Path folder;
  private Fixture fixture;
  private TestTopic topic;
  private Subscription queue;

  /** A receive on a thread of its own. */
  private static final class Waiter {
    private final FutureTask<List<Delivery>> result;
    private final Thread thread;

    Waiter(Subscription queue, int max, Duration wait) {
      this(queue, max, wait, HOUR);
    }

    Waiter(Subscription queue, int max, Duration wait, Duration visibilityTimeout) {
      result = new FutureTask<>(() -> queue.receive(max, visibilityTimeout, wait));
      thread = Thread.ofVirtual().start(result);
    }

    Waiter untilItWaits() {
      while (thread.getState() != Thread.State.WAITING
          && thread.getState() != Thread.State.TIMED_WAITING) {
        assertTrue(!result.isDone(), "did not wait");
        LockSupport.parkNanos(100_000);
      }
      return this;
    }

    List<Delivery> deliveries() throws Exception {
      return result.get(30, TimeUnit.SECONDS);
    }
  }

  @BeforeEach
  void open() {
    fixture = new Fixture(Kind.MEMORY, folder, clock);
    topic = TestTopic.create(fixture.store(), "orders", 3);
    queue = fixture.subscribe(QUEUE, topic);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private Waiter waiter() {
    return new Waiter(queue, 10, LONG).untilItWaits();
  }

  @Test
  void a_record_in_any_partition_wakes_it() throws Exception {
    for (int partition = 0; partition < 3; partition++) {
      Waiter waiter = waiter();
      topic.append(partition, clock.instant(), "to " + partition);
      assertEquals(List.of("to " + partition), Fixture.values(waiter.deliveries()));
    }
  }

  @Test
  void a_new_source_and_a_new_partition_wake_it() throws Exception {
    TestTopic other = TestTopic.create(fixture.store(), "other", 1);
    other.append(0, clock.instant(), "other");
    Waiter first = waiter();
    queue.addSource(other.id(), other.id(), other.partitions(), new StartingPoint.Earliest());
    assertEquals(List.of("other"), Fixture.values(first.deliveries()));

    Waiter second = waiter();
    topic.addPartition();
    topic.append(3, clock.instant(), "grown");
    queue.attach(topic.id(), topic.partitions());
    assertEquals(List.of("grown"), Fixture.values(second.deliveries()));

    Waiter third = waiter();
    other.append(0, clock.instant(), "from the source that is new");
    assertEquals(List.of("from the source that is new"), Fixture.values(third.deliveries()));
  }

  @Test
  void a_restart_and_a_rewind_wake_it() throws Exception {
    topic.append(0, clock.instant(), "order");
    queue.acknowledge(receipts(drain(queue, HOUR))).join();
    Waiter first = waiter();
    queue.restart(topic.id(), new StartingPoint.Earliest());
    assertEquals(List.of("order"), Fixture.values(first.deliveries()));
    Waiter second = waiter();
    queue.rewind(new StartingPoint.Earliest());
    assertEquals(List.of("order"), Fixture.values(second.deliveries()));
  }

  @Test
  void the_end_of_a_visibility_timeout_wakes_it() throws Exception {
    topic.append(0, clock.instant(), "order");
    queue.receive(1, Duration.ofMillis(200), Duration.ZERO);
    assertEquals(2, new Waiter(queue, 10, LONG).deliveries().getFirst().receiveCount());
  }

  @Test
  void a_message_that_is_given_up_wakes_it() throws Exception {
    topic.append(0, clock.instant(), "order");
    Receipt receipt = queue.receive(1, HOUR, Duration.ZERO).getFirst().receipt();
    Waiter waiter = waiter();
    assertTrue(queue.changeVisibility(receipt, Duration.ZERO));
    assertEquals(2, waiter.deliveries().getFirst().receiveCount());
  }

  @Test
  void a_timeout_that_was_shortened_wakes_it() throws Exception {
    topic.append(0, clock.instant(), "order");
    Receipt receipt = queue.receive(1, HOUR, Duration.ZERO).getFirst().receipt();
    Waiter waiter = waiter();
    assertTrue(queue.changeVisibility(receipt, Duration.ofMillis(100)));
    assertEquals(2, waiter.deliveries().getFirst().receiveCount());
  }

  @Test
  void the_end_of_a_delay_wakes_it() throws Exception {
    Waiter waiter = waiter();
    topic.appendDelayed(0, clock.instant(), clock.instant().plusMillis(200), "later");
    assertEquals(List.of("later"), Fixture.values(waiter.deliveries()));
  }

  @Test
  void at_the_limit_it_waits_until_another_message_is_acknowledged() throws Exception {
    queue.maxInFlight(2);
    topic.append(0, clock.instant(), "a", "b", "c", "d");
    List<Receipt> first = receipts(queue.receive(10, HOUR, Duration.ZERO));
    Waiter third = new Waiter(queue, 1, LONG).untilItWaits();
    Waiter fourth = new Waiter(queue, 1, LONG).untilItWaits();

    queue.acknowledge(first.subList(0, 1)).join();
    assertEquals(List.of("c"), Fixture.values(third.deliveries()));
    fourth.untilItWaits();
    queue.acknowledge(first.subList(1, 2)).join();
    assertEquals(List.of("d"), Fixture.values(fourth.deliveries()));
  }

  @Test
  void a_higher_limit_and_a_purge_wake_one_that_waits_at_the_limit() throws Exception {
    queue.maxInFlight(1);
    topic.append(0, clock.instant(), "a", "b");
    queue.receive(1, HOUR, Duration.ZERO);
    Waiter raised = new Waiter(queue, 1, LONG).untilItWaits();
    queue.maxInFlight(2);
    assertEquals(List.of("b"), Fixture.values(raised.deliveries()));

    topic.append(0, clock.instant(), "c");
    Waiter purged = new Waiter(queue, 1, LONG).untilItWaits();
    queue.purge();
    topic.append(0, clock.instant(), "d");
    assertEquals(List.of("d"), Fixture.values(purged.deliveries()));
  }

  @Test
  void at_the_limit_it_ends_empty_handed_when_its_time_is_over() throws Exception {
    queue.maxInFlight(1);
    topic.append(0, clock.instant(), "a", "b");
    queue.receive(1, HOUR, Duration.ZERO);
    assertEquals(List.of(), queue.receive(1, HOUR, Duration.ofMillis(20)));
    assertThrows(TooManyInFlightException.class, () -> queue.receive(1, HOUR, Duration.ZERO));
  }

  @Test
  void it_ends_empty_handed_when_its_time_is_over() throws Exception {
    assertEquals(List.of(), new Waiter(queue, 10, Duration.ofMillis(50)).deliveries());
  }

  @Test
  void deletion_and_close_end_it() throws Exception {
    Subscription other = fixture.subscribe(Uuid.randomUuid(), topic);
    Waiter one = waiter();
    Waiter two = new Waiter(other, 10, LONG).untilItWaits();
    fixture.subscriptions().delete(QUEUE);
    assertEquals(List.of(), one.deliveries());
    fixture.subscriptions().close();
    assertEquals(List.of(), two.deliveries());
  }

  @Test
  void an_interrupt_ends_it_and_another_takes_its_place() throws Exception {
    Waiter first = waiter();
    Waiter second = waiter();
    first.thread.interrupt();
    ExecutionException end = assertThrows(ExecutionException.class, first::deliveries);
    assertEquals(InterruptedException.class, end.getCause().getClass());
    topic.append(0, clock.instant(), "order");
    assertEquals(List.of("order"), Fixture.values(second.deliveries()));
  }

  @Test
  void one_that_nobody_waits_for_ends_and_takes_nothing() throws Exception {
    CompletableFuture<Void> abandoned = new CompletableFuture<>();
    FutureTask<List<Delivery>> left =
        new FutureTask<>(() -> queue.receive(10, HOUR, LONG, abandoned));
    Thread.ofVirtual().start(left);
    Waiter stays = waiter();
    abandoned.complete(null);
    assertEquals(List.of(), left.get(30, TimeUnit.SECONDS));
    topic.append(0, clock.instant(), "order");
    assertEquals(List.of("order"), Fixture.values(stays.deliveries()));
  }

  @Test
  void a_waiter_hears_of_the_deadline_of_what_another_took() throws Exception {
    Waiter dies = new Waiter(queue, 10, LONG, Duration.ofMillis(200)).untilItWaits();
    Waiter inherits = waiter();
    topic.append(0, clock.instant(), "order");
    assertEquals(1, dies.deliveries().getFirst().receiveCount());
    assertEquals(2, inherits.deliveries().getFirst().receiveCount());
  }

  @Test
  void a_waiter_that_leaves_does_not_take_the_news_with_it() throws Exception {
    for (int round = 0; round < 200; round++) {
      Waiter leaves = new Waiter(queue, 1, LONG).untilItWaits();
      Waiter stays = new Waiter(queue, 1, LONG).untilItWaits();
      leaves.thread.interrupt();
      topic.append(round % 3, clock.instant(), "round " + round);
      try {
        assertEquals(1, leaves.deliveries().size());
        topic.append(round % 3, clock.instant(), "for the other");
      } catch (ExecutionException interrupted) {
        assertEquals(InterruptedException.class, interrupted.getCause().getClass());
      }
      assertEquals(1, stays.deliveries().size());
    }
  }

  @Test
  void a_short_wait_ends_in_time_behind_a_long_one() throws Exception {
    Waiter patient = waiter();
    assertEquals(List.of(), new Waiter(queue, 10, Duration.ofMillis(50)).deliveries());
    assertThrows(
        TimeoutException.class, () -> patient.result.get(0, TimeUnit.SECONDS), "still waits");
    topic.append(0, clock.instant(), "order");
    assertEquals(List.of("order"), Fixture.values(patient.deliveries()));
  }

  @Test
  void a_batch_is_shared_by_those_who_wait() throws Exception {
    List<Waiter> waiters = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      waiters.add(new Waiter(queue, 1, LONG).untilItWaits());
    }
    topic.append(0, clock.instant(), Fixture.numbered("v", 20));
    Set<String> received = new HashSet<>();
    for (Waiter waiter : waiters) {
      received.addAll(Fixture.values(waiter.deliveries()));
    }
    assertEquals(Set.of(Fixture.numbered("v", 20)), received);
  }

  @Test
  void one_message_does_not_wake_the_herd() throws Exception {
    List<Waiter> waiters = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      waiters.add(new Waiter(queue, 1, LONG));
    }
    waiters.forEach(Waiter::untilItWaits);
    long before = reads();
    topic.append(0, clock.instant(), "for one of you");
    while (waiters.stream().noneMatch(waiter -> waiter.result.isDone())) {
      LockSupport.parkNanos(100_000);
    }
    waiters.stream().filter(waiter -> !waiter.result.isDone()).forEach(Waiter::untilItWaits);
    long reads = reads() - before;
    assertTrue(reads < 100, reads + " reads for one message");
    topic.append(0, clock.instant(), Fixture.numbered("v", 999));
    for (Waiter waiter : waiters) {
      assertEquals(1, waiter.deliveries().size());
    }
  }

  private long reads() {
    return topic.partitions().stream().mapToLong(log -> ((FakePartition) log).reads()).sum();
  }

  @Test
  void ten_thousand_wait_on_a_thousand_queues() throws Exception {
    List<Waiter> waiters = new ArrayList<>();
    List<TestTopic> topics = new ArrayList<>();
    for (int q = 0; q < 1_000; q++) {
      TestTopic inbox = TestTopic.create(fixture.store(), "inbox" + q, 1);
      Subscription each = fixture.subscribe(Uuid.randomUuid(), inbox);
      topics.add(inbox);
      for (int i = 0; i < 10; i++) {
        waiters.add(new Waiter(each, 1, LONG));
      }
    }
    waiters.forEach(Waiter::untilItWaits);
    for (TestTopic inbox : topics) {
      inbox.append(0, clock.instant(), Fixture.numbered("v", 10));
    }
    Set<Receipt> received = ConcurrentHashMap.newKeySet();
    for (Waiter waiter : waiters) {
      received.addAll(receipts(waiter.deliveries()));
    }
    assertEquals(10_000, received.size());
  }
}
