package io.sluice.torture.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What a queue may do to a history, and what it may not. */
class MessageHistoryTest {

  private final Findings findings = new Findings();
  private final MessageHistory history = new MessageHistory("work", findings);

  private void send(String message) {
    history.sending(message);
    history.acknowledged(message);
  }

  @Test
  void a_message_may_come_again_until_its_deletion_is_acknowledged() {
    send("a");
    history.received("a", "id", 1);
    history.received("a", "id", 2);
    history.deleted("a", true, 5);
    history.received("a", "id", 4); // asked for before the deletion was acknowledged
    history.end();

    assertEquals(List.of(), findings.broken());
  }

  @Test
  void what_was_acknowledged_and_never_came_is_lost() {
    send("a");
    history.end();

    assertBroken(MessageHistory.NOTHING_LOST);
  }

  @Test
  void what_came_is_not_waited_for_though_nobody_knows_that_it_is_deleted() {
    send("a");
    send("b");
    history.received("a", "id", 1); // its deletion may have been done without an answer

    assertEquals(1, history.unreceived());
    history.received("b", "other", 2);
    assertEquals(0, history.unreceived());
  }

  @Test
  void what_was_not_acknowledged_may_be_there_or_not() {
    history.sending("a");
    history.sending("b");
    history.received("b", "id", 1);
    history.end();

    assertEquals(List.of(), findings.broken());
  }

  @Test
  void what_comes_after_its_deletion_was_not_deleted() {
    send("a");
    history.received("a", "id", 1);
    history.deleted("a", true, 5);
    history.received("a", "id", 6);

    assertBroken(MessageHistory.DELETED);
  }

  @Test
  void who_deletes_too_late_may_see_it_again() {
    send("a");
    history.received("a", "id", 1);
    history.deleted("a", false, 5);
    history.received("a", "id", 6);

    assertEquals(List.of(), findings.broken());
  }

  @Test
  void one_message_with_two_ids_is_there_twice() {
    send("a");
    history.received("a", "id", 1);
    history.received("a", "other", 2);

    assertBroken(MessageHistory.ONCE);
  }

  @Test
  void what_comes_after_the_end_was_done_with() {
    send("a");
    history.received("a", "id", 1);
    history.deleted("a", true, 5);
    history.end();
    history.received("a", "id", 9);

    assertBroken(MessageHistory.ONCE);
  }

  private void assertBroken(String promise) {
    assertEquals(1, findings.broken().size());
    assertTrue(findings.broken().getFirst().startsWith(promise), findings.broken()::toString);
  }
}
