package io.sluice.torture.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What dead-letter queues and catalogues may do to their histories, and what they may not. */
class QueueHistoriesTest {

  private final Findings findings = new Findings();
  private final DeadLetterHistory dead = new DeadLetterHistory(findings);

  private void send(String message) {
    dead.sending(message);
    dead.acknowledged(message);
  }

  private void end() {
    dead.end(message -> message.startsWith("poison"));
  }

  @Test
  void poison_ends_in_the_dead_letter_queue_and_the_rest_in_one_of_both() {
    send("poison");
    dead.dead("poison", "id");
    dead.dead("poison", "id");
    send("good");
    dead.deleting("good");
    dead.deleted("good", true);
    send("unlucky");
    dead.dead("unlucky", "id");
    end();

    assertEquals(List.of(), findings.broken());
  }

  @Test
  void poison_that_is_not_there_is_lost() {
    send("poison");
    end();

    assertBroken(DeadLetterHistory.MOVED);
  }

  @Test
  void what_is_in_neither_queue_is_lost() {
    send("good");
    end();

    assertBroken(DeadLetterHistory.NOTHING_LOST);
  }

  @Test
  void what_was_deleted_does_not_turn_up_in_the_dead_letter_queue() {
    send("good");
    dead.deleting("good");
    dead.deleted("good", true);
    dead.dead("good", "id");

    assertBroken(DeadLetterHistory.DELETED);
  }

  @Test
  void a_message_is_not_moved_twice() {
    send("poison");
    dead.dead("poison", "id");
    dead.dead("poison", "other");

    assertBroken(DeadLetterHistory.MOVED);
  }

  @Test
  void what_was_made_changed_or_deleted_is_so() {
    CatalogueHistory history = new CatalogueHistory("queue", findings);
    history.changing("a", "1");
    history.changed("a", "1");
    history.changing("b", "1");
    history.changed("b", "1");
    history.changing("b", null);
    history.changed("b", null);
    history.changing("c", "1"); // nobody knows
    history.found(Map.of("a", "1"));
    assertEquals(List.of(), findings.broken());

    history.found(Map.of());
    assertBroken(CatalogueHistory.KEPT);
  }

  private void assertBroken(String promise) {
    assertEquals(1, findings.broken().size(), findings.broken()::toString);
    assertTrue(findings.broken().getFirst().startsWith(promise), findings.broken()::toString);
  }
}
