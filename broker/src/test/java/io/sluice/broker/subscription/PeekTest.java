package io.sluice.broker.subscription;

import static io.sluice.broker.subscription.Fixture.LONG;
import static io.sluice.broker.subscription.Fixture.QUEUE;
import static io.sluice.broker.subscription.Fixture.numbered;
import static io.sluice.broker.subscription.Fixture.receipts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.broker.MessageState;
import io.sluice.broker.QueueDepth;
import io.sluice.broker.StartingPoint;
import io.sluice.broker.subscription.Fixture.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Looking at messages without receiving them. */
@ParameterizedClass
@EnumSource
class PeekTest {

  private static final MessageState AVAILABLE = new MessageState.Available();

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
  void every_message_that_is_not_acknowledged_is_seen_with_its_state() throws Exception {
    TestTopic topic = fixture.topic("orders", 1);
    Subscription queue = fixture.subscribe(QUEUE, topic);
    Instant later = clock.instant().plus(Duration.ofMinutes(5));
    topic.append(0, clock.instant(), "done", "in flight", "timed out");
    topic.appendDelayed(0, clock.instant(), later, "delayed and passed");
    topic.append(0, clock.instant(), "last of the first");
    List<Delivery> first = queue.receive(3, Duration.ofMinutes(1), Duration.ZERO);
    queue.acknowledge(receipts(first.subList(0, 1))).join();
    queue.changeVisibility(first.get(1).receipt(), Duration.ofMinutes(10));
    queue.receive(1, Duration.ZERO, Duration.ZERO);
    topic.append(0, clock.instant(), "ahead");
    topic.appendDelayed(0, clock.instant(), later, "delayed");
    Instant until = clock.instant().plus(Duration.ofMinutes(10));
    clock.advance(Duration.ofMinutes(2));

    List<Seen> seen = queue.peek(10);

    assertEquals(
        List.of(
            "in flight",
            "timed out",
            "delayed and passed",
            "last of the first",
            "ahead",
            "delayed"),
        values(seen));
    assertEquals(
        List.of(
            new MessageState.InFlight(until),
            AVAILABLE,
            new MessageState.Delayed(later),
            AVAILABLE,
            AVAILABLE,
            new MessageState.Delayed(later)),
        seen.stream().map(Seen::state).toList());
    assertEquals(List.of(1, 1, 0, 1, 0, 0), seen.stream().map(Seen::receiveCount).toList());
    assertEquals(first.get(1).receipt().position(), seen.getFirst().position());
  }

  @Test
  void looking_changes_nothing() throws Exception {
    TestTopic topic = fixture.topic("orders", 1);
    Subscription queue = fixture.subscribe(QUEUE, topic);
    topic.append(0, clock.instant(), numbered("m", 20));
    queue.receive(5, LONG, Duration.ZERO);
    QueueDepth before = queue.depth();

    assertEquals(queue.peek(20), queue.peek(20));

    assertEquals(before, queue.depth());
    assertEquals(
        "m5", Utils.utf8(queue.receive(1, LONG, Duration.ZERO).getFirst().record().value()));
  }

  @Test
  void the_oldest_of_all_partitions_come_first() {
    TestTopic one = fixture.topic("one", 2);
    TestTopic other = fixture.topic("other", 1);
    Subscription queue = fixture.subscribe(QUEUE, one, other);
    for (int i = 0; i < 9; i++) {
      TestTopic topic = i % 3 == 2 ? other : one;
      topic.append(i % 3 == 1 ? 1 : 0, clock.instant(), "m" + i);
      clock.advance(Duration.ofMillis(1));
    }

    assertEquals(List.of(numbered("m", 9)), values(queue.peek(100)));
    assertEquals(List.of(numbered("m", 4)), values(queue.peek(4)));
  }

  @Test
  void what_was_acknowledged_is_seen_again_after_rewinding() throws Exception {
    TestTopic topic = fixture.topic("orders", 1);
    Subscription queue = fixture.subscribe(QUEUE, topic);
    topic.append(0, clock.instant(), "a", "b");
    queue.acknowledge(receipts(queue.receive(2, LONG, Duration.ZERO))).join();
    assertEquals(List.of(), queue.peek(10));

    queue.rewind(new StartingPoint.Earliest());

    assertEquals(List.of("a", "b"), values(queue.peek(10)));
  }

  @Test
  void large_messages_are_shown_up_to_a_bound_and_always_one() {
    TestTopic topic = fixture.topic("orders", 1);
    Subscription queue = fixture.subscribe(QUEUE, topic);
    for (int i = 0; i < 12; i++) {
      topic.append(0, clock.instant(), "x".repeat(900_000));
    }

    int shown = queue.peek(100).size();

    assertTrue(shown > 1 && shown < 12, () -> shown + " messages of 900 kB");
  }

  private static List<String> values(List<Seen> seen) {
    return seen.stream().map(one -> Utils.utf8(one.record().value())).toList();
  }
}
