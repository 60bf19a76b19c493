package io.sluice.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CarrierThreadsTest {

  private static final String PARALLELISM = "jdk.virtualThreadScheduler.parallelism";

  private final @Nullable String before = System.getProperty(PARALLELISM);

  @BeforeEach
  void clear() {
    set(null);
  }

  @AfterEach
  void restore() {
    set(before);
  }

  private static void set(@Nullable String value) {
    if (value == null) {
      System.clearProperty(PARALLELISM);
    } else {
      System.setProperty(PARALLELISM, value);
    }
  }

  @Test
  void one_carrier_on_two_processors_and_the_default_on_others() {
    CarrierThreads.choose(2);
    assertEquals("1", System.getProperty(PARALLELISM));
    set(null);
    CarrierThreads.choose(8);
    assertNull(System.getProperty(PARALLELISM));
  }

  @Test
  void what_the_operator_says_stands() {
    set("2");
    CarrierThreads.choose(2);
    assertEquals("2", System.getProperty(PARALLELISM));
  }
}
