package io.sluice.client.consume;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ShortPollsTest {

  private final ShortPolls polls = new ShortPolls();

  @Test
  void a_full_answer_sends_one_and_three_are_enough() {
    assertFalse(polls.begins(false));
    assertTrue(polls.begins(true));
    assertTrue(polls.begins(true));
    assertTrue(polls.begins(true));
    assertFalse(polls.begins(true));
    polls.ended(10);
    assertTrue(polls.begins(true));
  }

  @Test
  void when_full_answers_leave_little_hardly_any_are_sent() {
    int begun = 0;
    for (int i = 0; i < 6_400; i++) {
      if (polls.begins(true)) {
        begun++;
        polls.ended(20);
      }
    }
    assertTrue(begun < 6_400 / 50, begun + " brought little");
  }

  @Test
  void those_that_bring_much_have_others_sent_ever_sooner() {
    for (int i = 0; i < 1_000; i++) {
      if (polls.begins(true)) {
        polls.ended(0);
      }
    }
    int answers = 1;
    while (!polls.begins(true)) {
      answers++;
    }
    assertTrue(answers <= 64, answers + " answers until one was sent");
    polls.ended(500);
    for (int i = 0; i < 64; i++) {
      if (polls.begins(true)) {
        polls.ended(500);
      }
    }
    assertTrue(polls.begins(true));
    assertTrue(polls.begins(true));
  }
}
