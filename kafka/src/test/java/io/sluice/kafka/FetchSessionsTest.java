package io.sluice.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.FetchMetadata;
import org.junit.jupiter.api.Test;

/** Which fetch session gives way to which. */
class FetchSessionsTest {

  private static final int MAX_SESSIONS = 3;
  private static final int MAX_PARTITIONS = 100;

  private long now;
  private final FetchSessions sessions = new FetchSessions(MAX_SESSIONS, MAX_PARTITIONS, () -> now);

  private static FetchTarget target(int partition) {
    return new FetchTarget(
        new FetchTarget.Key("orders", Uuid.ZERO_UUID, partition), 0, 1_000, -1, -1);
  }

  private static List<FetchTarget> targets(int from, int to) {
    List<FetchTarget> targets = new ArrayList<>();
    for (int i = from; i < to; i++) {
      targets.add(target(i));
    }
    return targets;
  }

  private int begin(int partitions) {
    FetchAnswer answer = new FetchAnswer(partitions);
    targets(0, partitions)
        .forEach(
            target ->
                answer.add(
                    target,
                    new PartitionData()
                        .setPartitionIndex(target.key().partition())
                        .setRecords(MemoryRecords.EMPTY)));
    return sessions.begin(false, answer);
  }

  private void pass() {
    now += FetchSessions.EVICTABLE_NANOS + 1;
  }

  private boolean exists(int id) {
    return sessions.use(id).isPresent();
  }

  @Test
  void there_are_no_more_than_so_many() {
    List<Integer> ids = List.of(begin(1), begin(1), begin(1));

    assertEquals(FetchMetadata.INVALID_SESSION_ID, begin(50));
    assertTrue(ids.stream().allMatch(this::exists));
  }

  @Test
  void one_that_is_not_used_gives_way() {
    int forgotten = begin(5);
    int used = begin(5);
    int usedToo = begin(5);
    pass();
    assertTrue(exists(used) && exists(usedToo));

    assertNotEquals(FetchMetadata.INVALID_SESSION_ID, begin(1));
    assertEquals(List.of(false, true, true), exist(forgotten, used, usedToo));
  }

  private List<Boolean> exist(int... ids) {
    List<Boolean> exist = new ArrayList<>();
    for (int id : ids) {
      exist.add(exists(id));
    }
    return exist;
  }

  @Test
  void the_smallest_that_is_old_gives_way_to_a_larger_one() {
    int small = begin(2);
    int smaller = begin(1);
    int large = begin(30);
    pass();
    assertEquals(List.of(true, true, true), exist(small, smaller, large));

    assertNotEquals(FetchMetadata.INVALID_SESSION_ID, begin(2));
    assertEquals(List.of(true, false, true), exist(small, smaller, large));
    assertEquals(FetchMetadata.INVALID_SESSION_ID, begin(1), "it would gain less than any other");
  }

  @Test
  void their_partitions_are_bounded_together() {
    int half = begin(60);

    assertEquals(FetchMetadata.INVALID_SESSION_ID, begin(41));
    assertNotEquals(FetchMetadata.INVALID_SESSION_ID, begin(40));
    sessions.end(half);
    assertNotEquals(FetchMetadata.INVALID_SESSION_ID, begin(60));
  }

  @Test
  void one_that_grows_beyond_the_bound_ends() {
    FetchSession session = sessions.use(begin(1)).orElseThrow();

    assertEquals(Optional.empty(), session.advance(1, false, targets(1, 100), List.of()));
    assertTrue(sessions.resized(session));
    assertEquals(Optional.empty(), session.advance(2, false, targets(100, 101), List.of()));
    assertEquals(false, sessions.resized(session));
    assertEquals(false, exists(session.id()));
    assertNotEquals(FetchMetadata.INVALID_SESSION_ID, begin(MAX_PARTITIONS), "its room is free");
  }

  @Test
  void one_that_forgets_everything_ends() {
    FetchSession session = sessions.use(begin(1)).orElseThrow();

    assertEquals(Optional.empty(), session.advance(1, false, List.of(), List.of(target(0).key())));
    assertEquals(false, sessions.resized(session));
    assertEquals(false, exists(session.id()));
  }
}
