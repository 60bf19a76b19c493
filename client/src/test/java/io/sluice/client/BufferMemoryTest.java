package io.sluice.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.Test;

class BufferMemoryTest {

  private static final Duration LONG = Duration.ofMinutes(1);

  private final BufferMemory memory = new BufferMemory(100);
  private final List<Integer> served = new CopyOnWriteArrayList<>();

  /** Somebody who takes some, once everything that is asked for is waited for. */
  private Thread taker(int bytes) throws InterruptedException {
    Thread thread =
        new Thread(
            () -> {
              memory.take(bytes, LONG);
              served.add(bytes);
            });
    thread.start();
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    return thread;
  }

  @Test
  void who_waits_is_served_in_turn_however_much_it_wants() throws Exception {
    memory.take(95, LONG);
    Thread large = taker(50);
    Thread small = taker(1);
    memory.free(30);
    assertEquals(List.of(), served, "35 are free, and the first wants 50");
    memory.free(30);
    large.join();
    small.join();
    assertEquals(Set.of(50, 1), Set.copyOf(served));
    memory.take(14, Duration.ZERO);
    assertThrows(BufferExhaustedException.class, () -> memory.take(1, Duration.ZERO));
  }

  @Test
  void who_comes_later_does_not_overtake() throws Exception {
    memory.take(100, LONG);
    Thread first = taker(60);
    memory.free(50);
    assertThrows(BufferExhaustedException.class, () -> memory.take(1, Duration.ZERO));
    memory.free(10);
    first.join();
    assertEquals(List.of(60), served);
  }

  @Test
  void who_gives_up_lets_the_next_go_on() throws Exception {
    memory.take(100, LONG);
    Thread first =
        new Thread(() -> assertThrows(InterruptException.class, () -> memory.take(90, LONG)));
    first.start();
    while (first.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    Thread second = taker(10);
    memory.free(10);
    assertEquals(List.of(), served);
    first.interrupt();
    first.join();
    second.join();
    assertFalse(served.isEmpty());
  }

  @Test
  void what_is_too_little_to_wake_somebody_is_had_when_time_is_up() throws Exception {
    BufferMemory large = new BufferMemory(1000);
    large.take(1000, LONG);
    Thread patient = new Thread(() -> large.take(5, Duration.ofMillis(500)));
    patient.start();
    large.free(5);
    patient.join();
    assertThrows(BufferExhaustedException.class, () -> large.take(1, Duration.ZERO));
  }

  @Test
  void what_can_never_be_is_refused_at_once() {
    assertThrows(RecordTooLargeException.class, () -> memory.take(101, LONG));
  }
}
