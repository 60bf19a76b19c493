package io.sluice.torture.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.torture.history.FifoHistory.Delivery;
import io.sluice.torture.history.FifoHistory.Place;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a FIFO queue may do to a history, and what it may not. */
class FifoHistoryTest {

  private final Findings findings = new Findings();
  private final FifoHistory history = new FifoHistory("orders.fifo", findings);

  private Place send(String group) {
    Place place = history.next(group);
    history.acknowledged(place);
    return place;
  }

  private static Delivery delivery(Place place) {
    return new Delivery(place, "id-" + place);
  }

  private void done(Place place, long at) {
    history.deleting(place);
    history.deleted(place, true, at);
  }

  @Test
  void messages_come_in_order_together_or_when_those_before_are_deleted() {
    Place first = send("a");
    Place second = send("a");
    Place other = send("b");
    history.received(List.of(delivery(other), delivery(first)), 1);
    history.received(List.of(delivery(first), delivery(second)), 2);
    done(first, 3);
    history.received(List.of(delivery(second)), 4);
    done(second, 5);
    done(other, 5);
    history.end();

    assertEquals(List.of(), findings.broken());
  }

  @Test
  void none_comes_while_one_before_it_was_not_deleted() {
    send("a");
    Place second = send("a");
    history.received(List.of(delivery(second)), 1);

    assertBroken(FifoHistory.ORDER);
  }

  @Test
  void none_comes_before_another_of_the_same_answer() {
    Place first = send("a");
    Place second = send("a");
    history.received(List.of(delivery(second), delivery(first)), 1);

    assertBroken(FifoHistory.ORDER);
  }

  @Test
  void one_message_with_two_ids_was_not_recognized() {
    Place first = send("a");
    history.received(List.of(delivery(first)), 1);
    history.received(List.of(new Delivery(first, "other")), 2);

    assertBroken(FifoHistory.DEDUPLICATION);
  }

  @Test
  void what_comes_after_its_deletion_was_not_deleted() {
    Place first = send("a");
    history.received(List.of(delivery(first)), 1);
    done(first, 5);
    history.received(List.of(delivery(first)), 6);

    assertBroken(FifoHistory.DELETED);
  }

  @Test
  void what_nobody_could_delete_is_lost() {
    send("a");
    history.end();

    assertBroken(FifoHistory.NOTHING_LOST);
  }

  private void assertBroken(String promise) {
    assertEquals(1, findings.broken().size(), findings.broken()::toString);
    assertTrue(findings.broken().getFirst().startsWith(promise), findings.broken()::toString);
  }
}
