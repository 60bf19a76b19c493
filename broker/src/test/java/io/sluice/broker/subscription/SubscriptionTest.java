package io.sluice.broker.subscription;

import static io.sluice.broker.subscription.Fixture.HOUR;
import static io.sluice.broker.subscription.Fixture.QUEUE;
import static io.sluice.broker.subscription.Fixture.drain;
import static io.sluice.broker.subscription.Fixture.receipts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.broker.QueueDepth;
import io.sluice.broker.QueueDoesNotExistException;
import io.sluice.broker.Receipt;
import io.sluice.broker.StartingPoint;
import io.sluice.broker.TooManyInFlightException;
import io.sluice.broker.subscription.Fixture.Kind;
import io.sluice.log.AppendSource;
import io.sluice.log.ReadIsolation;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a subscription promises, one promise at a time, in memory and on disk. */
@ParameterizedClass
@EnumSource
class SubscriptionTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final ManualClock clock = new ManualClock();

  @Parameter Kind kind;
  @TempDir Path folder;
  private Fixture fixture;

  @BeforeEach
  void open() {
    fixture = new Fixture(kind, folder, clock);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void a_message_is_hidden_while_in_flight_and_comes_back_after_its_timeout()
      throws InterruptedException {
    TestTopic topic = fixture.topic("orders", 1);
    Subscription queue = fixture.subscribe(QUEUE, topic);
    topic.append(0, clock.instant(), "order");
    Instant first = clock.instant();

    Delivery once = queue.receive(10, MINUTE, Duration.ZERO).getFirst();
    assertEquals(1, once.receiveCount());
    assertEquals(first, once.firstReceivedAt());
    assertEquals(topic.id(), once.sourceId());
    clock.advance(Duration.ofSeconds(59));
    assertEquals(List.of(), queue.receive(10, MINUTE, Duration.ZERO));
    assertEquals(new QueueDepth(0, 1, 0), queue.depth());

    clock.advance(Duration.ofSeconds(1));
    assertEquals(new QueueDepth(1, 0, 0), queue.depth());
    Delivery again = queue.receive(10, MINUTE, Duration.ZERO).getFirst();
    assertEquals(2, again.receiveCount());
    assertEquals(first, again.firstReceivedAt());
    assertEquals(once.receipt().position(), again.receipt().position());
    assertNotEquals(once.receipt().attempt(), again.receipt().attempt());
  }

  @Test
  void a_receive_takes_no_more_than_a_mebibyte_but_always_one_message()
      throws InterruptedException {
    TestTopic topic = fixture.topic("orders", 2);
    Subscription queue = fixture.subscribe(QUEUE, topic);
    for (int i = 0; i < 4; i++) {
      topic.append(0, clock.instant(), "a".repeat(400_000));
    }
    topic.append(1, clock.instant(), "a".repeat(1_048_000));
    topic.append(1, clock.instant(), "a".repeat(1_000));

    for (int round = 0; round < 2; round++) {
      int taken = 0;
      while (taken < 6) {
        List<Delivery> some = queue.receive(10, MINUTE, Duration.ZERO);
        assertFalse(some.isEmpty());
        assertTrue(some.stream().mapToInt(one -> one.record().sizeInBytes()).sum() <= 1 << 20);
        taken += some.size();
      }
      clock.advance(MINUTE);
    }
  }

  @Test
  void large_messages_that_always_fail_do_not_starve_the_others() throws InterruptedException {
    TestTopic topic = fixture.topic("orders", 1);
    Subscription queue = fixture.subscribe(QUEUE, topic);
    for (int i = 0; i < 3; i++) {
      topic.append(0, clock.instant(), "a".repeat(800_000));
      assertEquals(i, queue.receive(1, MINUTE, Duration.ZERO).getFirst().record().offset());
    }
    clock.advance(MINUTE);
    topic.append(0, clock.instant(), "a".repeat(800_000));

    boolean arrived = false;
    for (int i = 0; i < 2; i++) {
      List<Delivery> some = queue.receive(10, Duration.ZERO, Duration.ZERO);
      arrived |= some.stream().anyMatch(one -> one.record().offset() == 3);
    }
    assertTrue(arrived);
  }

  @Test
  void what_is_acknowledged_never_comes_back_and_the_rest_does() throws InterruptedException {
    TestTopic topic = fixture.topic("orders", 3);
    Subscription queue = fixture.subscribe(QUEUE, topic);
    for (int i = 0; i < 3; i++) {
      topic.append(i, clock.instant(), Fixture.numbered("p" + i + "-", 20));
    }
    List<Delivery> all = drain(queue, MINUTE);
    assertEquals(60, all.size());
    List<Delivery> odd = all.stream().filter(d -> d.record().offset() % 2 == 1).toList();
    queue.acknowledge(receipts(odd)).join();

    fixture.reopen();
    Subscription reopened = fixture.found(QUEUE, topic);
    assertEquals(new QueueDepth(0, 30, 0), reopened.depth());
    assertEquals(List.of(), drain(reopened, MINUTE));
    clock.advance(MINUTE);
    List<Delivery> rest = drain(reopened, MINUTE);
    assertEquals(30, rest.size());
    for (Delivery delivery : rest) {
      assertEquals(0, delivery.record().offset() % 2);
      assertEquals(2, delivery.receiveCount());
    }
  }

  @Test
  void only_the_latest_receipt_counts_even_when_it_has_timed_out() throws InterruptedException {
    TestTopic topic = fixture.topic("orders", 1);
    Subscription queue = fixture.subscribe(QUEUE, topic);
    topic.append(0, clock.instant(), "order");
    Receipt stale = queue.receive(1, MINUTE, Duration.ZERO).getFirst().receipt();
    clock.advance(MINUTE);
    Receipt latest = queue.receive(1, MINUTE, Duration.ZERO).getFirst().receipt();

    assertFalse(queue.changeVisibility(stale, HOUR));
    queue.acknowledge(List.of(stale)).join();
    assertEquals(new QueueDepth(0, 1, 0), queue.depth());

    clock.advance(MINUTE);
    assertFalse(queue.changeVisibility(latest, HOUR), "no longer in flight");
    queue.acknowledge(List.of(latest)).join();
    assertEquals(new QueueDepth(0, 0, 0), queue.depth());
    assertEquals(List.of(), drain(queue, MINUTE));
  }

  @Test
  void visibility_can_be_extended_and_given_up() throws InterruptedException {
    TestTopic topic = fixture.topic("orders", 1);
    Subscription queue = fixture.subscribe(QUEUE, topic);
    topic.append(0, clock.instant(), "order");
    Receipt receipt = queue.receive(1, MINUTE, Duration.ZERO).getFirst().receipt();

    assertTrue(queue.changeVisibility(receipt, HOUR));
    clock.advance(MINUTE.multipliedBy(59));
    assertEquals(List.of(), queue.receive(1, MINUTE, Duration.ZERO));
    assertTrue(queue.changeVisibility(receipt, Duration.ZERO));
    assertEquals(new QueueDepth(1, 0, 0), queue.depth());
    assertEquals(2, queue.receive(1, MINUTE, Duration.ZERO).getFirst().receiveCount());
  }

  @Test
  void a_delayed_message_is_hidden_until_its_time_and_holds_up_nobody()
      throws InterruptedException {
    TestTopic topic = fixture.topic("orders", 1);
    Subscription queue = fixture.subscribe(QUEUE, topic);
    topic.appendDelayed(0, clock.instant(), clock.instant().plus(MINUTE), "later");
    topic.append(0, clock.instant(), "now");

    List<Delivery> received = drain(queue, HOUR);
    assertEquals(List.of("now"), Fixture.values(received));
    assertEquals(new QueueDepth(0, 1, 1), queue.depth());
    fixture.reopen();
    Subscription reopened = fixture.found(QUEUE, topic);
    assertEquals(new QueueDepth(0, 1, 1), reopened.depth());
    clock.advance(MINUTE);
    assertEquals(new QueueDepth(1, 1, 0), reopened.depth());
    List<Delivery> later = drain(reopened, HOUR);
    assertEquals(List.of("later"), Fixture.values(later));
    assertEquals(1, later.getFirst().receiveCount());
    assertEquals(clock.instant(), later.getFirst().firstReceivedAt());
  }

  @Test
  void no_more_than_the_limit_is_in_flight() throws InterruptedException {
    TestTopic topic = fixture.topic("orders", 1);
    Subscription queue = fixture.subscribe(QUEUE, topic);
    queue.maxInFlight(15);
    topic.append(0, clock.instant(), Fixture.numbered("v", 30));

    assertEquals(10, queue.receive(10, MINUTE, Duration.ZERO).size());
    List<Delivery> last = queue.receive(10, MINUTE, Duration.ZERO);
    assertEquals(5, last.size());
    assertThrows(TooManyInFlightException.class, () -> queue.receive(1, MINUTE, Duration.ZERO));
    queue.acknowledge(receipts(last).subList(0, 1)).join();
    assertEquals(1, queue.receive(10, MINUTE, Duration.ZERO).size());
    clock.advance(MINUTE);
    assertEquals(10, queue.receive(10, MINUTE, Duration.ZERO).size());
  }

  @Test
  void a_source_begins_where_it_was_told() throws InterruptedException {
    TestTopic topic = fixture.topic("orders", 1);
    topic.append(0, clock.instant(), "old");
    clock.advance(MINUTE);
    Instant then = clock.instant();
    topic.append(0, then, "newer");
    Subscription earliest = fixture.subscribe(Uuid.randomUuid(), topic);
    Subscription at = fixture.subscribe(Uuid.randomUuid());
    at.addSource(
        topic.id(), topic.id(), topic.partitions(), new StartingPoint.At(then.minusMillis(1)));
    Subscription latest = fixture.subscribe(Uuid.randomUuid());
    latest.addSource(topic.id(), topic.id(), topic.partitions(), new StartingPoint.Latest());
    Subscription future = fixture.subscribe(Uuid.randomUuid());
    future.addSource(
        topic.id(), topic.id(), topic.partitions(), new StartingPoint.At(then.plus(HOUR)));
    topic.append(0, then, "newest");

    assertEquals(List.of("old", "newer", "newest"), Fixture.values(drain(earliest, MINUTE)));
    assertEquals(List.of("newer", "newest"), Fixture.values(drain(at, MINUTE)));
    assertEquals(List.of("newest"), Fixture.values(drain(latest, MINUTE)));
    assertEquals(List.of("newest"), Fixture.values(drain(future, MINUTE)));
  }

  @Test
  void a_rewind_brings_back_what_was_acknowledged_and_voids_receipts() throws InterruptedException {
    TestTopic topic = fixture.topic("orders", 1);
    Subscription queue = fixture.subscribe(QUEUE, topic);
    topic.append(0, clock.instant(), "a", "b", "c");
    List<Delivery> before = drain(queue, HOUR);
    queue.acknowledge(receipts(before).subList(0, 1)).join();

    queue.rewind(new StartingPoint.Earliest());
    fixture.reopen();
    Subscription reopened = fixture.found(QUEUE, topic);
    reopened.acknowledge(receipts(before)).join();
    assertFalse(reopened.changeVisibility(before.getLast().receipt(), MINUTE));
    List<Delivery> after = drain(reopened, HOUR);
    assertEquals(List.of("a", "b", "c"), Fixture.values(after));
    for (int i = 0; i < 3; i++) {
      assertEquals(1, after.get(i).receiveCount());
      assertNotEquals(before.get(i).receipt(), after.get(i).receipt());
    }
  }

  @Test
  void one_source_restarts_without_the_other() throws InterruptedException {
    TestTopic inbox = fixture.topic("inbox", 1);
    TestTopic orders = fixture.topic("orders", 2);
    Subscription queue = fixture.subscribe(QUEUE, inbox, orders);
    inbox.append(0, clock.instant(), "direct");
    orders.append(0, clock.instant(), "o0");
    orders.append(1, clock.instant(), "o1");
    queue.acknowledge(receipts(drain(queue, HOUR))).join();

    queue.restart(orders.id(), new StartingPoint.Earliest());
    assertEquals(
        Set.of("o0", "o1"), Set.copyOf(Fixture.values(queue.receive(10, HOUR, Duration.ZERO))));
  }

  @Test
  void an_ended_source_delivers_what_it_has_and_says_when_it_is_drained()
      throws InterruptedException {
    TestTopic topic = fixture.topic("orders", 2);
    Subscription queue = fixture.subscribe(QUEUE, topic);
    topic.append(0, clock.instant(), "before");
    queue.endSource(topic.id());
    topic.append(0, clock.instant(), "after");
    topic.append(1, clock.instant(), "after");

    fixture.reopen();
    Subscription reopened = fixture.found(QUEUE, topic);
    BlockingQueue<Uuid> drained = new LinkedBlockingQueue<>();
    reopened.onDrained(drained::add);
    List<Delivery> received = drain(reopened, HOUR);
    assertEquals(List.of("before"), Fixture.values(received));
    assertEquals(Set.of(topic.id()), reopened.sources());
    assertEquals(0, drained.size());
    reopened.acknowledge(receipts(received)).join();
    assertEquals(topic.id(), drained.poll(30, TimeUnit.SECONDS));
    assertEquals(Set.of(), reopened.sources());
    fixture.reopen();
    assertEquals(Set.of(), fixture.subscriptions().find(QUEUE).orElseThrow().sources());
  }

  @Test
  void a_topic_that_grew_is_read_from_the_beginning_of_its_new_partitions()
      throws InterruptedException {
    TestTopic topic = fixture.topic("orders", 1);
    Subscription queue = fixture.subscribe(QUEUE, topic);
    topic.addPartition();
    topic.append(1, clock.instant(), "early bird");
    queue.attach(topic.id(), topic.partitions());
    List<Delivery> received = drain(queue, HOUR);
    assertEquals(List.of("early bird"), Fixture.values(received));
    queue.acknowledge(receipts(received)).join();
    fixture.reopen();
    assertEquals(List.of(), drain(fixture.found(QUEUE, topic), HOUR));
  }

  @Test
  void a_purge_leaves_nothing_but_what_comes_after_it() throws InterruptedException {
    TestTopic topic = fixture.topic("orders", 1);
    Subscription queue = fixture.subscribe(QUEUE, topic);
    topic.append(0, clock.instant(), Fixture.numbered("v", 30));
    topic.appendDelayed(0, clock.instant(), clock.instant().plus(MINUTE), "delayed");
    List<Delivery> inFlight = queue.receive(10, MINUTE, Duration.ZERO);
    queue.purge();
    assertEquals(new QueueDepth(0, 0, 0), queue.depth());
    assertFalse(queue.changeVisibility(inFlight.getFirst().receipt(), Duration.ZERO));
    topic.append(0, clock.instant(), "after");
    clock.advance(HOUR);
    fixture.reopen();
    assertEquals(List.of("after"), Fixture.values(drain(fixture.found(QUEUE, topic), HOUR)));
  }

  @Test
  void what_retention_took_is_gone_and_holds_up_nobody() throws InterruptedException {
    TestTopic topic = fixture.topic("orders", 1);
    Subscription queue = fixture.subscribe(QUEUE, topic);
    for (int i = 0; i < 30; i++) {
      topic.append(0, clock.instant(), "v" + i);
    }
    List<Delivery> inFlight = queue.receive(10, MINUTE, Duration.ZERO);
    topic.partition(0).deleteRecordsBefore(25);
    assertEquals(new QueueDepth(5, 0, 0), queue.depth());
    assertEquals(List.of("v25", "v26", "v27", "v28", "v29"), Fixture.values(drain(queue, HOUR)));
    queue.acknowledge(receipts(inFlight)).join();
    clock.advance(MINUTE);
    assertEquals(List.of(), drain(queue, HOUR));
    assertEquals(new QueueDepth(0, 5, 0), queue.depth());
  }

  @Test
  void ended_sources_whose_last_messages_retention_took_do_not_keep_the_next_from_giving()
      throws InterruptedException {
    TestTopic topic = fixture.topic("orders", 1);
    Subscription queue = fixture.subscriptions().create(QUEUE);
    topic.append(0, clock.instant(), "v0");
    for (int i = 0; i < 2; i++) {
      Uuid source = Uuid.randomUuid();
      queue.addSource(source, topic.id(), topic.partitions(), new StartingPoint.Earliest());
      assertEquals(1, queue.receive(1, MINUTE, Duration.ZERO).size());
      queue.endSource(source);
    }
    queue.addSource(topic.id(), topic.id(), topic.partitions(), new StartingPoint.Earliest());
    topic.append(0, clock.instant(), "v1");
    topic.partition(0).deleteRecordsBefore(1);
    Claim claim =
        new Claim(1, 10, 10, 1 << 20, true, false, HOUR, 1000, 5, ReadIsolation.HIGH_WATERMARK);
    Lease lease = queue.shared().acquire(topic.id(), 0, claim);
    assertEquals(List.of(new Lease.Range(1, 1, 1)), lease.ranges());
  }

  @Test
  void a_deleted_subscription_stays_deleted() {
    TestTopic topic = fixture.topic("orders", 1);
    Subscription queue = fixture.subscribe(QUEUE, topic);
    Uuid other = Uuid.randomUuid();
    fixture.subscribe(other, topic);
    assertTrue(fixture.subscriptions().delete(QUEUE));
    assertFalse(fixture.subscriptions().delete(QUEUE));
    assertThrows(QueueDoesNotExistException.class, () -> queue.receive(1, MINUTE, Duration.ZERO));
    fixture.reopen();
    assertTrue(fixture.subscriptions().find(QUEUE).isEmpty());
    assertEquals(
        List.of(other), fixture.subscriptions().all().stream().map(Subscription::id).toList());
  }

  @Test
  void as_many_delayed_messages_as_there_may_be_are_passed_whatever_their_delays()
      throws InterruptedException {
    TestTopic topic = fixture.topic("orders", 1);
    Subscription queue = fixture.subscribe(QUEUE, topic);
    long[] times = {clock.instant().plus(HOUR).toEpochMilli(), Long.MAX_VALUE};
    for (int batch = 0; batch < 12; batch++) {
      SimpleRecord[] records = new SimpleRecord[10_000];
      for (int i = 0; i < records.length; i++) {
        byte[] at = ByteBuffer.allocate(Long.BYTES).putLong(times[i % 2]).array();
        Header[] headers = {new RecordHeader(Subscription.AVAILABLE_AT_HEADER, at)};
        records[i] = new SimpleRecord(clock.millis(), null, new byte[0], headers);
      }
      topic
          .partition(0)
          .append(MemoryRecords.withRecords(Compression.NONE, records), AppendSource.CLIENT)
          .durable()
          .join();
    }
    topic.append(0, clock.instant(), "now");
    assertEquals(List.of("now"), Fixture.values(queue.receive(1, MINUTE, Duration.ZERO)));
    assertEquals(new QueueDepth(0, 1, 120_000), queue.depth());
  }
}
