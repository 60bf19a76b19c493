package io.sluice.bench.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class JavaHeapTest {

  @Test
  void the_total_of_a_histogram_is_what_lives() {
    List<String> histogram =
        List.of(
            "4711:",
            " num     #instances         #bytes  class name (module)",
            "   1:         21361        2006888  [B (java.base@25.0.1)",
            "Total        145821        9301456");
    assertEquals(9_301_456, JavaHeap.totalBytes(histogram));
  }

  @Test
  void what_is_no_histogram_is_an_error() {
    assertThrows(
        IllegalStateException.class, () -> JavaHeap.totalBytes(List.of("no such process")));
  }
}
