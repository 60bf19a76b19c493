package io.sluice.torture.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.torture.history.TransactionHistory.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a log, its transactions and its groups may do to their histories, and what they may not. */
class KafkaHistoriesTest {

  private final Findings findings = new Findings();

  @Test
  void records_of_a_key_come_once_in_order_and_all() {
    LogHistory history = new LogHistory(findings);
    history.acknowledged("a", history.next("a"));
    history.acknowledged("a", history.next("a"));
    history.next("a");
    history.read("a", 0);
    history.read("a", 1);
    history.end();
    assertEquals(List.of(), findings.broken());

    history.read("a", 1);
    assertBroken(1, LogHistory.ORDER);
    history.read("a", 4);
    assertBroken(2, LogHistory.ORDER);
    history.acknowledged("a", 9);
    history.end();
    assertBroken(3, LogHistory.NOTHING_LOST);
  }

  @Test
  void transactions_are_read_whole_or_not_at_all() {
    TransactionHistory history = new TransactionHistory("t", findings);
    history.ended(0, List.of("x", "y"), Outcome.COMMITTED);
    history.ended(1, List.of("z"), Outcome.ABORTED);
    history.ended(2, List.of("u", "v"), Outcome.UNKNOWN);
    history.ended(3, List.of("w"), Outcome.UNKNOWN);
    history.read(0, 0, "y");
    history.read(1, 0, "x");
    history.read(0, 2, "u");
    history.read(0, 2, "v");
    history.end(2);
    assertEquals(List.of(), findings.broken());

    history.ended(4, List.of("x", "y"), Outcome.COMMITTED);
    history.read(0, 4, "y");
    history.end(4);
    assertBroken(1, TransactionHistory.COMMITTED);
    history.ended(5, List.of("x"), Outcome.ABORTED);
    history.read(0, 5, "x");
    history.end(5);
    assertBroken(2, TransactionHistory.ABORTED);
    history.ended(6, List.of("x", "y"), Outcome.UNKNOWN);
    history.read(0, 6, "x");
    history.end(6);
    assertBroken(3, TransactionHistory.WHOLE);
    history.end(5);
    assertBroken(4, TransactionHistory.OFFSETS);
    history.read(0, 3, "x");
    assertBroken(5, TransactionHistory.ORDER);
  }

  @Test
  void a_group_is_between_what_it_has_committed_and_what_it_tried_to() {
    OffsetHistory history = new OffsetHistory("g", findings);
    history.found(0, 0);
    history.committing(0, 5);
    history.committed(0, 5);
    history.committing(0, 9);
    history.found(0, 5);
    history.found(0, 9);
    assertEquals(List.of(), findings.broken());

    history.found(0, 4);
    assertBroken(1, OffsetHistory.KEPT);
    history.found(0, 10);
    assertBroken(2, OffsetHistory.KEPT);
  }

  private void assertBroken(int count, String promise) {
    assertEquals(count, findings.broken().size(), findings.broken()::toString);
    assertTrue(findings.broken().getLast().startsWith(promise), findings.broken()::toString);
  }
}
