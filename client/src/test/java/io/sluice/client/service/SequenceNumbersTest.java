package io.sluice.client.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class SequenceNumbersTest {

  private static final BigInteger AMAZONS = new BigInteger("18849496460467696128");
  private static final BigInteger STEP = BigInteger.valueOf(256);

  @Test
  void small_numbers_are_their_own_offsets() {
    assertEquals(0, SequenceNumbers.offset("00000000000000000000"));
    assertEquals(4711, SequenceNumbers.offset("00000000000000004711"));
    assertEquals(4711L << 12, SequenceNumbers.firstOffset("00000000000000004711"));
  }

  @Test
  void offsets_grow_with_amazons_numbers() {
    long last = -1;
    long lastOfBatch = -1;
    for (BigInteger n = AMAZONS;
        n.compareTo(AMAZONS.add(BigInteger.valueOf(1_000_000))) < 0;
        n = n.add(STEP)) {
      long offset = SequenceNumbers.offset(n.toString());
      long first = SequenceNumbers.firstOffset(n.toString());
      assertTrue(offset > last, n::toString);
      assertTrue(first > lastOfBatch, n::toString);
      last = offset;
      lastOfBatch = first + SequenceNumbers.MAX_RECORDS - 1;
    }
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "a", "-1", "1.5", "1234567890123456789012345678901234567890"})
  void what_is_no_number_has_no_offset(String text) {
    assertEquals(SequenceNumbers.NONE, SequenceNumbers.offset(text));
    assertEquals(SequenceNumbers.NONE, SequenceNumbers.firstOffset(text));
  }

  @Test
  void messages_that_could_share_offsets_have_none() {
    assertEquals(SequenceNumbers.NONE, SequenceNumbers.firstOffset("18849496460467696129"));
  }
}
