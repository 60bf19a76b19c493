package io.sluice.broker.subscription;

import static io.sluice.broker.subscription.Fixture.HOUR;
import static io.sluice.broker.subscription.Fixture.QUEUE;
import static io.sluice.broker.subscription.Fixture.receipts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.broker.subscription.Fixture.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a partition that cannot be read, or is gone, does to a queue, and what it does not. */
class LostPartitionTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final ManualClock clock = new ManualClock();

  @TempDir Path folder;

  @Test
  void a_partition_that_is_offline_holds_up_nothing_but_its_own_messages()
      throws InterruptedException {
    try (Fixture fixture = new Fixture(Kind.MEMORY, folder, clock)) {
      TestTopic broken = TestTopic.create(fixture.store(), "broken", 1);
      TestTopic whole = TestTopic.create(fixture.store(), "whole", 1);
      Subscription queue = fixture.subscribe(QUEUE, broken, whole);
      for (int i = 0; i < 40; i++) {
        broken.append(0, clock.instant(), "x".repeat(10_000));
      }
      assertEquals(20, queue.receive(20, MINUTE, Duration.ZERO).size());
      whole.append(0, clock.instant(), Fixture.numbered("v", 20));
      ((FakePartition) broken.partition(0)).retire();
      clock.advance(HOUR);
      fixture.reopen();
      Subscription found = fixture.found(QUEUE, broken, whole);

      List<String> received = new ArrayList<>();
      while (received.size() < 20) {
        List<Delivery> some = found.receive(3, HOUR, Duration.ZERO);
        received.addAll(Fixture.values(some));
        found.acknowledge(receipts(some)).join();
      }
      assertEquals(List.of(Fixture.numbered("v", 20)), received);
      assertThrows(KafkaStorageException.class, () -> found.receive(3, HOUR, Duration.ofDays(1)));
      whole.append(0, clock.instant(), "after");
      assertEquals(List.of("after"), Fixture.values(found.receive(3, HOUR, Duration.ZERO)));
    }
  }

  @Test
  void a_partition_that_goes_offline_with_messages_in_memory_holds_up_no_redelivery()
      throws InterruptedException {
    try (Fixture fixture = new Fixture(Kind.MEMORY, folder, clock)) {
      TestTopic broken = TestTopic.create(fixture.store(), "broken", 1);
      TestTopic whole = TestTopic.create(fixture.store(), "whole", 1);
      fixture.subscribe(QUEUE, broken, whole);
      for (int i = 0; i < 3; i++) {
        broken.append(0, clock.instant(), "x".repeat(100_000));
      }
      whole.append(0, clock.instant(), "whole");
      assertEquals(4, fixture.found(QUEUE, broken, whole).receive(4, MINUTE, Duration.ZERO).size());
      clock.advance(MINUTE);
      fixture.reopen();
      Subscription queue = fixture.found(QUEUE, broken, whole);
      assertEquals(1, queue.receive(1, Duration.ZERO, Duration.ZERO).size());
      ((FakePartition) broken.partition(0)).retire();

      List<String> received = Fixture.values(queue.receive(10, HOUR, Duration.ZERO));
      assertTrue(received.contains("whole"), () -> received.toString());
    }
  }

  @Test
  void a_partition_that_goes_offline_with_messages_in_memory_leaves_room_for_others()
      throws InterruptedException {
    try (Fixture fixture = new Fixture(Kind.MEMORY, folder, clock)) {
      TestTopic broken = TestTopic.create(fixture.store(), "broken", 1);
      TestTopic whole = TestTopic.create(fixture.store(), "whole", 1);
      Subscription queue = fixture.subscribe(QUEUE, broken, whole);
      Subscription other = fixture.subscribe(Uuid.randomUuid(), broken);
      broken.append(0, clock.instant(), "x".repeat(800_000));
      assertEquals(1, other.receive(1, HOUR, Duration.ZERO).size());
      broken.append(0, clock.instant(), "x");
      ((FakePartition) broken.partition(0)).retire();
      for (int i = 0; i < 2; i++) {
        whole.append(0, clock.instant(), "v".repeat(800_000));
        assertEquals(1, queue.receive(10, HOUR, Duration.ZERO).size());
      }
    }
  }

  @Test
  void a_source_that_lost_a_partition_can_be_purged_and_ends() throws InterruptedException {
    try (Fixture fixture = new Fixture(Kind.MEMORY, folder, clock)) {
      TestTopic topic = TestTopic.create(fixture.store(), "orders", 1);
      Subscription before = fixture.subscribe(QUEUE, topic);
      topic.addPartition();
      before.attach(topic.id(), topic.partitions());
      topic.append(0, clock.instant(), "a");
      topic.append(1, clock.instant(), "b");
      assertEquals(2, before.receive(10, HOUR, Duration.ZERO).size());
      fixture.reopen();
      Subscription queue = fixture.subscriptions().find(QUEUE).orElseThrow();
      queue.attach(topic.id(), topic.partitions().subList(0, 1));
      queue.purge();
      queue.endSource(topic.id());
      assertEquals(Set.of(), queue.sources());
    }
  }
}
