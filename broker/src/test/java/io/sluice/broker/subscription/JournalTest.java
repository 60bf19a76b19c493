package io.sluice.broker.subscription;

import static io.sluice.broker.subscription.Fixture.QUEUE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.broker.QueueDepth;
import io.sluice.broker.subscription.Fixture.Kind;
import io.sluice.log.ReadSignal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What bounds a restart and the heap: snapshots of the journal, and reading no more than asked. */
class JournalTest {

  private final ManualClock clock = new ManualClock();

  @TempDir Path folder;

  @Test
  void a_restart_after_a_kill_reads_no_more_than_what_came_since_the_last_snapshots()
      throws Exception {
    FakePartition log =
        new FakePartition(new TopicPartition("journal", 0), QUEUE, new Room(), () -> {});
    SubscriptionJournal journal = journal(log);
    Uuid id = Uuid.randomUuid();
    SubscriptionState state = created(journal, id);
    Uuid source = Uuid.randomUuid();
    append(journal, id, state, new CursorEvent.SourceAdded(source, QUEUE, List.of(0L)));
    for (long i = 0; i < 10_000; i++) {
      append(journal, id, state, new CursorEvent.Skipped(source, List.of(i)));
      if (i % 1_000 == 999) {
        journal.snapshot();
      }
    }
    append(journal, id, state, new CursorEvent.Skipped(source, List.of(20_000L)));
    long kept = log.endOffset() - log.startOffset();
    assertEquals(1_001, kept, "one snapshot back, should the newest be damaged");

    long before = log.reads();
    SubscriptionJournal recovered = journal(log);
    assertEquals(1, log.reads() - before, "reads of what no snapshot covers");
    assertEquals(20_000L, recovered.states().get(id).cursors(source).getFirst().next());
  }

  @Test
  void a_journal_that_grows_is_cut_without_being_told() throws Exception {
    FakePartition log =
        new FakePartition(new TopicPartition("journal", 0), QUEUE, new Room(), () -> {});
    SubscriptionJournal journal = journal(log);
    Uuid id = Uuid.randomUuid();
    SubscriptionState state = created(journal, id);
    Uuid source = Uuid.randomUuid();
    List<Long> starts = Collections.nCopies(500_000, 0L);
    append(journal, id, state, new CursorEvent.SourceAdded(source, QUEUE, starts));
    try (ReadSignal signal = new ReadSignal()) {
      signal.watch(log);
      for (int i = 0; log.startOffset() == 0; i++) {
        assertTrue(i < 500, "250 MB and not cut");
        append(journal, id, state, new CursorEvent.Skipped(source, starts));
        signal.await(Duration.ofMillis(10));
      }
    }
  }

  @Test
  void a_snapshot_does_not_wait_for_a_journal_that_is_offline() {
    FakePartition log =
        new FakePartition(new TopicPartition("journal", 0), QUEUE, new Room(), () -> {});
    SubscriptionJournal journal = journal(log);
    Uuid id = Uuid.randomUuid();
    log.holdFlushes();
    journal.append(id, new SubscriptionState(), List.of(new CursorEvent.Created()));
    log.retire();
    assertThrows(KafkaStorageException.class, journal::snapshot);
  }

  @Test
  void a_snapshot_holds_every_queue_while_others_are_created() throws Exception {
    FakePartition log =
        new FakePartition(new TopicPartition("journal", 0), QUEUE, new Room(), () -> {});
    SubscriptionJournal journal = journal(log);
    Uuid id = Uuid.randomUuid();
    SubscriptionState state = created(journal, id);
    List<Uuid> known = new ArrayList<>(List.of(id));
    for (int i = 0; i < 2_000; i++) {
      known.add(Uuid.randomUuid());
      created(journal, known.getLast());
    }
    for (int round = 0; round < 30; round++) {
      List<Uuid> added = new ArrayList<>();
      Thread creator =
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < 200; i++) {
                      added.add(Uuid.randomUuid());
                      created(journal, added.getLast());
                    }
                  });
      append(journal, id, state, new CursorEvent.Created());
      journal.snapshot();
      creator.join();
      var snapshot = new SnapshotFile(folder.resolve("snapshot")).read().orElseThrow();
      assertTrue(snapshot.states().keySet().containsAll(known), "round " + round);
      known.addAll(added);
    }
  }

  @Test
  void a_queue_whose_creation_was_refused_is_in_no_snapshot() throws Exception {
    Room room = new Room();
    FakePartition log = new FakePartition(new TopicPartition("journal", 0), QUEUE, room, () -> {});
    SubscriptionJournal journal = journal(log);
    room.refuseAfter(1);
    Uuid accepted = Uuid.randomUuid();
    created(journal, accepted);
    assertThrows(KafkaStorageException.class, () -> created(journal, Uuid.randomUuid()));
    journal.snapshot();
    assertEquals(Set.of(accepted), journal(log).states().keySet());
  }

  @Test
  void a_receive_reads_no_more_of_a_backlog_than_it_takes() throws Exception {
    try (Fixture fixture = new Fixture(Kind.MEMORY, folder, clock)) {
      TestTopic topic = TestTopic.create(fixture.store(), "orders", 1);
      Subscription queue = fixture.subscribe(QUEUE, topic);
      for (int i = 0; i < 1_000; i++) {
        topic.append(0, clock.instant(), Fixture.numbered("x".repeat(1_000), 100));
      }
      FakePartition partition = (FakePartition) topic.partition(0);
      long before = partition.reads();
      assertEquals(new QueueDepth(100_000, 0, 0), queue.depth());
      assertEquals(10, queue.receive(10, Fixture.HOUR, Duration.ZERO).size());
      assertEquals(new QueueDepth(99_990, 10, 0), queue.depth());
      assertEquals(1, partition.reads() - before);
    }
  }

  private static SubscriptionState created(SubscriptionJournal journal, Uuid id) {
    SubscriptionState state = new SubscriptionState();
    append(journal, id, state, new CursorEvent.Created());
    return state;
  }

  private SubscriptionJournal journal(FakePartition log) {
    return new SubscriptionJournal(log, new SnapshotFile(folder.resolve("snapshot")));
  }

  private static void append(
      SubscriptionJournal journal, Uuid id, SubscriptionState state, CursorEvent event) {
    journal.append(id, state, List.of(event)).join();
  }
}
