package io.sluice.broker.subscription;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class SortedChunksTest {

  private final SortedChunks<Integer> chunks = new SortedChunks<>(Comparator.naturalOrder());
  private final TreeSet<Integer> model = new TreeSet<>();

  @Test
  void an_empty_one_has_nothing() {
    assertTrue(chunks.isEmpty());
    assertNull(chunks.find(1));
    assertNull(chunks.remove(1));
    assertThrows(NoSuchElementException.class, () -> chunks.iterator().next());
  }

  @Test
  void what_comes_in_order_goes_in_order() {
    for (int i = 0; i < 10_000; i++) {
      add(i);
    }
    check();
    for (int i = 0; i < 10_000; i++) {
      assertEquals(i, chunks.first());
      remove(i);
    }
    check();
  }

  @Test
  void what_comes_backwards_goes_backwards() {
    for (int i = 10_000; i > 0; i--) {
      add(i);
    }
    check();
    for (int i = 10_000; i > 0; i--) {
      assertEquals(i, chunks.last());
      remove(i);
    }
    check();
  }

  @Test
  void a_few_that_stay_among_many_that_go_are_found() {
    for (int i = 0; i < 10_000; i++) {
      add(i);
    }
    for (int i = 0; i < 10_000; i++) {
      if (i % 97 != 0) {
        remove(i);
      }
    }
    check();
    for (int i = 10_000; i < 20_000; i++) {
      add(i);
    }
    check();
  }

  @RepeatedTest(20)
  void any_history_ends_as_with_a_tree() {
    long seed = new Random().nextLong();
    System.out.println("sorted chunks: seed " + seed);
    Random random = new Random(seed);
    int range = 1 + random.nextInt(5_000);
    // Grows, shrinks and grows again.
    for (int phase = 0; phase < 6; phase++) {
      int bias = phase % 2 == 0 ? 70 : 25;
      for (int i = 0; i < 5_000; i++) {
        int element = random.nextInt(range);
        if (random.nextInt(100) < bias) {
          add(element);
        } else {
          remove(element);
        }
        assertEquals(model.contains(element), chunks.find(element) != null, "seed " + seed);
      }
      check();
    }
  }

  private void add(int element) {
    if (model.add(element)) {
      chunks.add(element);
    }
  }

  private void remove(int element) {
    Integer removed = chunks.remove(element);
    assertEquals(model.remove(element), removed != null);
    assertTrue(removed == null || removed == element);
  }

  private void check() {
    assertEquals(model.size(), chunks.size());
    assertEquals(model.isEmpty(), chunks.isEmpty());
    List<Integer> all = new ArrayList<>();
    Iterator<Integer> iterator = chunks.iterator();
    while (iterator.hasNext()) {
      all.add(iterator.next());
    }
    assertEquals(List.copyOf(model), all);
    if (!model.isEmpty()) {
      assertEquals(model.first(), chunks.first());
      assertEquals(model.last(), chunks.last());
    }
    assertFalse(model.stream().anyMatch(element -> chunks.find(element) == null));
  }
}
