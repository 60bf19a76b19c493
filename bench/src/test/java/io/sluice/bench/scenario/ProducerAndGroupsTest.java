package io.sluice.bench.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sluice.bench.load.GroupReader.Span;
import io.sluice.bench.load.Load;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ProducerAndGroupsTest {

  /** Where {@link System#nanoTime} begins is arbitrary. */
  private static final long NOW = -1_500_000_000L;

  @Test
  void it_lasts_from_the_first_record_of_any_group_to_the_last_of_all() {
    Load load =
        ProducerAndGroups.load(
            100,
            List.of(
                new Span(100, NOW + 500_000_000L, NOW + 1_000_000_000L),
                new Span(100, NOW, NOW + 900_000_000L),
                new Span(100, NOW + 1, NOW + 2_000_000_000L)),
            3.5);

    assertEquals(100, load.units());
    assertEquals(50, load.rate(), 0.001);
    assertEquals(OptionalDouble.of(3.5), load.serverCpuSeconds());
  }

  @Test
  void a_group_that_got_too_much_fails_the_run() {
    List<Span> spans = List.of(new Span(100, 1, 2), new Span(101, 1, 2));
    assertThrows(IllegalStateException.class, () -> ProducerAndGroups.load(100, spans, 1));
  }
}
