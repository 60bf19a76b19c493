package io.sluice.log.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ClocksTest {

  private static final Instant BEGIN = Instant.parse("2026-11-22T16:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MONTH = Duration.ofDays(30);

  private Instant wall = BEGIN;
  private Instant elapsed = BEGIN;
  private final Clocks clocks = Clocks.of(() -> wall, () -> elapsed);

  private void pass(Duration time) {
    elapsed = elapsed.plus(time);
    wall = wall.plus(time);
  }

  private void set(Duration by) {
    wall = wall.plus(by);
  }

  private Instant cautious() {
    return clocks.cautious().instant();
  }

  @Test
  void the_steady_clock_minds_no_jump() {
    pass(HOUR);
    set(MONTH);
    assertEquals(BEGIN.plus(HOUR), clocks.steady().instant());
    set(MONTH.negated().multipliedBy(2));
    pass(HOUR);
    assertEquals(BEGIN.plus(HOUR).plus(HOUR), clocks.steady().instant());
  }

  @Test
  void times_are_told_in_both() {
    set(HOUR);
    Instant steady = BEGIN.plusSeconds(5);
    assertEquals(steady.plus(HOUR), clocks.wallTime(steady));
    assertEquals(steady.toEpochMilli(), clocks.steadyMillis(steady.plus(HOUR).toEpochMilli()));
  }

  @Test
  void the_steady_clock_goes_on_from_where_the_one_before_ended() {
    long before = BEGIN.plus(HOUR).toEpochMilli();
    clocks.steady().notBefore(before);
    assertEquals(before, clocks.steady().millis());
    clocks.steady().notBefore(before - 1);
    assertEquals(before, clocks.steady().millis());
    pass(HOUR);
    assertEquals(before + HOUR.toMillis(), clocks.steady().millis());
    assertEquals(BEGIN.plus(HOUR), clocks.wallTime(clocks.steady().instant()));
  }

  @Test
  void the_cautious_clock_follows_the_wall_in_small_steps() {
    for (int i = 0; i < 100; i++) {
      pass(HOUR);
      set(Duration.ofSeconds(i % 2 == 0 ? 50 : -20));
      assertEquals(wall, cautious());
    }
  }

  @Test
  void it_believes_a_jump_ahead_after_a_day() {
    assertEquals(BEGIN, cautious());
    set(MONTH);
    assertEquals(BEGIN, cautious());
    for (int hour = 1; hour < 24; hour++) {
      pass(HOUR);
      assertEquals(BEGIN.plus(HOUR.multipliedBy(hour)), cautious());
    }
    pass(HOUR);
    assertEquals(wall, cautious());
    pass(HOUR);
    assertEquals(wall, cautious());
  }

  @Test
  void it_never_notices_a_jump_that_was_taken_back() {
    set(MONTH);
    assertEquals(BEGIN, cautious());
    pass(HOUR.multipliedBy(23));
    set(MONTH.negated());
    assertEquals(wall, cautious());
    pass(HOUR.multipliedBy(2));
    set(MONTH);
    assertTrue(cautious().isBefore(BEGIN.plus(Duration.ofDays(2))), "a day begins anew");
  }

  @Test
  void it_goes_back_with_the_wall_at_once() {
    pass(HOUR);
    set(HOUR.negated());
    assertEquals(BEGIN, cautious());
    pass(HOUR);
    assertEquals(BEGIN.plus(HOUR), cautious());
    set(HOUR);
    assertEquals(wall, cautious());
  }

  @Test
  void one_clock_may_be_all_of_them() {
    Clocks one = Clocks.of(() -> wall);
    set(MONTH);
    assertEquals(wall, one.wall().instant());
    assertEquals(wall, one.steady().instant());
    assertEquals(wall, one.cautious().instant());
  }

  @Test
  void those_of_the_machine_begin_together_and_run() {
    Clocks machine = Clocks.system();
    long difference = machine.steady().millis() - machine.wall().millis();
    assertTrue(Math.abs(difference) < Duration.ofMinutes(1).toMillis(), () -> "" + difference);
    long first = machine.steady().millis();
    while (machine.steady().millis() == first) {
      Thread.onSpinWait();
    }
    assertTrue(machine.steady().millis() > first);
  }
}
