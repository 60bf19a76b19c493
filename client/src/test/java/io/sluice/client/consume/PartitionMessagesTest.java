package io.sluice.client.consume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class PartitionMessagesTest {

  private static final Source SOURCE = new Source("orders", true, 1, "url");

  private final PartitionMessages messages = new PartitionMessages();
  private long arrivals;

  private HeldMessage message(long... offsets) {
    return messageOf("g", offsets);
  }

  private HeldMessage messageOf(String groupId, long... offsets) {
    List<ReceivedRecord> records =
        LongStream.of(offsets).mapToObj(PartitionMessagesTest::record).toList();
    HeldMessage message =
        new HeldMessage(
            SOURCE, SOURCE.partition(0), groupId, "handle", records, 100 * offsets.length, 0);
    message.arrived(arrivals++);
    return message;
  }

  private static ReceivedRecord record(long offset) {
    return new ReceivedRecord(
        offset, 0, TimestampType.CREATE_TIME, null, null, new RecordHeaders(), (short) 1, null);
  }

  private HeldMessage add(long... offsets) {
    HeldMessage message = message(offsets);
    messages.add(message);
    return message;
  }

  private HeldMessage addOf(String groupId, long offset) {
    HeldMessage message = messageOf(groupId, offset);
    messages.add(message);
    return message;
  }

  private List<Long> take(int most) {
    List<Long> offsets = new ArrayList<>();
    while (offsets.size() < most && messages.peek().isPresent()) {
      offsets.add(messages.peek().get().offset());
      messages.advance();
    }
    return offsets;
  }

  @Test
  void records_are_given_once_in_the_order_they_came() {
    add(1, 2, 3);
    add(10);
    assertEquals(List.of(1L, 2L), take(2));
    assertEquals(3, messages.position());
    assertEquals(2, messages.waitingRecords());
    assertEquals(400, messages.waitingBytes());
    assertEquals(List.of(3L, 10L), take(9));
    assertEquals(11, messages.position());
    assertEquals(0, messages.waitingRecords());
    assertEquals(0, messages.waitingBytes());
  }

  @Test
  void a_message_is_done_when_all_of_it_was_given_and_committed() {
    HeldMessage first = add(1, 2);
    HeldMessage second = add(10, 11);
    take(3);
    assertEquals(List.of(first), messages.commit());
    assertEquals(11, messages.committed());
    assertEquals(List.of(), messages.commit());
    take(1);
    assertEquals(List.of(second), messages.commit());
  }

  @Test
  void an_offset_commits_what_was_given_before_it_and_nothing_else() {
    HeldMessage first = add(1, 2);
    HeldMessage second = add(10, 11);
    add(20);
    take(4);
    assertEquals(List.of(), messages.commit(2));
    assertEquals(List.of(first), messages.commit(11));
    assertEquals(List.of(second), messages.commit(21)); // 20 was not given
    assertEquals(List.of(20L), take(1));
  }

  @Test
  void where_offsets_do_not_grow_the_order_of_giving_counts() {
    HeldMessage ten = add(10);
    HeldMessage five = add(5);
    HeldMessage eleven = add(11);
    take(3);
    // The application has worked on 10 and on nothing else, though 5 is less.
    assertEquals(List.of(ten), messages.commit(11));
    assertEquals(List.of(five), messages.commit(6));
    assertEquals(List.of(eleven), messages.commit(12));
  }

  @Test
  void an_offset_of_no_record_commits_what_is_below_it_from_the_start_on() {
    HeldMessage ten = add(10);
    add(30);
    add(5);
    take(3);
    assertEquals(List.of(ten), messages.commit(20));
  }

  @Test
  void without_offsets_everything_is_committed_or_nothing() {
    HeldMessage one = add(HeldMessage.NO_OFFSET);
    HeldMessage two = add(HeldMessage.NO_OFFSET);
    take(2);
    assertThrows(UnsupportedOperationException.class, messages::checkOffsets);
    assertFalse(messages.seek(0));
    assertEquals(List.of(one, two), messages.commit());
  }

  @Test
  void what_is_in_flight_can_be_given_again() {
    add(1, 2, 3);
    add(10);
    take(4);
    assertTrue(messages.seek(2));
    assertEquals(List.of(2L, 3L, 10L), take(9));
    assertTrue(messages.seek(1));
    assertEquals(4, messages.waitingRecords());
    assertEquals(400, messages.waitingBytes());
    assertTrue(messages.seek(5)); // the first after it
    assertEquals(List.of(10L), take(9));
  }

  @Test
  void what_was_committed_cannot() {
    add(1, 2, 3);
    take(3);
    messages.commit();
    add(4);
    assertFalse(messages.seek(1));
    assertTrue(messages.seek(4));
    assertEquals(List.of(4L), take(1));
  }

  @Test
  void a_record_in_flight_can_be_given_again_whatever_was_committed_of_others() {
    add(3);
    add(1);
    add(2);
    take(2);
    messages.commit(4);
    assertTrue(messages.seek(1));
    assertEquals(List.of(1L, 2L), take(2));
  }

  @Test
  void a_record_is_given_again_though_its_offset_comes_after_that_of_another_group() {
    add(1);
    add(6);
    add(0);
    add(5);
    assertEquals(List.of(1L, 6L, 0L, 5L), take(4));
    assertEquals(6, messages.position());
    assertTrue(messages.seek(6));
    assertEquals(List.of(6L, 0L, 5L), take(4));
    assertTrue(messages.seek(7)); // of no record: behind the one before it
    assertEquals(List.of(0L, 5L), take(4));
  }

  @Test
  void a_record_can_be_passed() {
    add(1, 2, 3);
    add(7);
    assertTrue(messages.seek(2));
    assertEquals(List.of(2L, 3L), take(2));
    assertTrue(messages.seek(8));
    assertEquals(List.of(), take(1));
    assertEquals(0, messages.waitingRecords());
  }

  @Test
  void a_record_is_given_again_though_the_one_before_it_came_last() {
    add(6);
    add(5);
    take(2);
    assertEquals(6, messages.position());
    assertTrue(messages.seek(6));
    assertEquals(List.of(6L, 5L), take(2));
  }

  @Test
  void what_was_refused_is_passed_whatever_has_the_offset_after_its() {
    add(7);
    add(6);
    add(1);
    take(1);
    messages.refused();
    assertTrue(messages.seek(7));
    assertEquals(List.of(1L), take(9));
    assertEquals(3, messages.commit().size());
  }

  @Test
  void without_offsets_what_was_refused_is_passed_and_nothing_else() {
    add(HeldMessage.NO_OFFSET);
    add(HeldMessage.NO_OFFSET);
    messages.refused();
    assertTrue(messages.seek(HeldMessage.NO_OFFSET + 1));
    assertEquals(1, messages.waitingRecords());
    assertFalse(messages.seek(HeldMessage.NO_OFFSET + 1));
    assertEquals(1, messages.commit().size());
    take(1);
    messages.commit();
    add(HeldMessage.NO_OFFSET);
    add(HeldMessage.NO_OFFSET);
    take(1);
    messages.refused();
    assertTrue(messages.seek(HeldMessage.NO_OFFSET + 1));
    assertEquals(0, messages.waitingRecords());
  }

  @Test
  void a_message_group_is_taken_out_from_a_record_on() {
    addOf("a", 1);
    HeldMessage second = addOf("a", 2);
    addOf("b", 3);
    HeldMessage fourth = addOf("a", 4);
    addOf("b", 5);
    take(3);
    assertEquals(List.of(second, fourth), messages.removeGroup(2));
    assertEquals(1, messages.waitingRecords());
    assertEquals(List.of(5L), take(9));
    assertEquals(3, messages.commit().size());
    assertEquals(List.of(), messages.removeGroup(2));
  }

  @Test
  void what_was_committed_and_not_deleted_is_tried_again_unless_it_is_to_be_given_once_more() {
    HeldMessage first = add(1);
    HeldMessage second = add(2);
    take(2);
    messages.commit().forEach(HeldMessage::commit);
    messages.putBack(List.of(first, second));
    assertTrue(messages.seek(2));
    assertEquals(List.of(first), messages.removeCommitted());
    assertEquals(List.of(2L), take(9));
    assertEquals(List.of(), messages.removeCommitted());
    assertEquals(List.of(second), messages.commit());
  }

  @Test
  void what_could_not_be_deleted_is_committed_again_before_the_others() {
    HeldMessage first = add(1);
    HeldMessage second = add(2);
    take(2);
    assertEquals(List.of(first, second), messages.commit());
    add(3);
    take(1);
    messages.putBack(List.of(second, first));
    assertEquals(List.of(first, second), messages.commit(3));
    assertEquals(0, messages.waitingRecords());
  }

  @Test
  void what_was_lost_is_not_given_and_neither_is_what_is_behind_it_in_its_group() {
    add(1);
    HeldMessage lost = add(2);
    addOf("other", 3);
    HeldMessage behind = add(4);
    lost.lose();
    assertEquals(List.of(behind), messages.dropLost());
    assertEquals(List.of(1L, 3L), take(9));
  }

  @Test
  void what_is_behind_a_lost_one_that_was_given_must_wait_for_it_to_come_again() {
    HeldMessage lost = add(1);
    HeldMessage behind = add(2);
    take(1);
    lost.lose();
    assertEquals(List.of(behind), messages.dropLost());
    assertEquals(List.of(), take(9));
  }

  @Test
  void a_commit_that_is_repeated_commits_nothing_that_came_since() {
    HeldMessage first = addOf("a", 100);
    take(1);
    assertEquals(List.of(first), messages.commit(101));

    HeldMessage lower = addOf("b", 50);
    addOf("c", 60);
    take(2);
    assertEquals(List.of(), messages.commit(101), "nobody has said that they are done");
    assertEquals(List.of(lower), messages.commit(51));
  }

  /** Whatever happens, each record is given in order, and counted while it waits. */
  @Test
  void random_histories_agree_with_a_list() {
    long seed = Long.getLong("sluice.seed", System.nanoTime());
    Random random = new Random(seed);
    List<Long> model = new ArrayList<>();
    int next = 0;
    long offset = 0;
    for (int step = 0; step < 20_000; step++) {
      switch (random.nextInt(5)) {
        case 0 -> {
          int count = 1 + random.nextInt(4);
          long[] offsets = new long[count];
          for (int i = 0; i < count; i++) {
            offsets[i] = offset++;
            model.add(offsets[i]);
          }
          offset += random.nextInt(3);
          add(offsets);
        }
        case 1, 2 -> {
          int most = random.nextInt(6);
          List<Long> expected = model.subList(next, Math.min(next + most, model.size()));
          assertEquals(expected, take(most), () -> "seed " + seed);
          next += expected.size();
        }
        case 3 -> {
          int done = messages.commit().stream().mapToInt(each -> each.records().size()).sum();
          assertTrue(done <= next, () -> "seed " + seed);
          model.subList(0, done).clear();
          next -= done;
        }
        default -> {
          if (next > 0) {
            int to = random.nextInt(next);
            // What was committed in the midst of a message can still be given again.
            if (messages.seek(model.get(to))) {
              next = to;
            }
          }
        }
      }
      assertEquals(model.size() - next, messages.waitingRecords(), () -> "seed " + seed);
    }
  }
}
