package io.sluice.client.service;

import java.math.BigInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Offsets out of sequence numbers, which have up to 128 bits and grow within a message group. They
 * have 62 bits, and grow with the number as long as it does not pass a multiple of 2^62 (for the
 * records of a batch: of 2^58), which at the pace of Amazon's takes decades.
 */
public final class SequenceNumbers {

  /** Where there is no offset. */
  public static final long NONE = -1;

  /** So many records of one message have offsets of their own. */
  public static final int MAX_RECORDS = 4096;

  private static final int RECORD_BITS = 12;
  private static final int OFFSET_BITS = 62;

  /** Amazon's are multiples of this, as far as anybody has seen; those of others count. */
  private static final int STEP_BITS = 8;

  private static final BigInteger OFFSETS = BigInteger.ONE.shiftLeft(OFFSET_BITS);
  private static final BigInteger BATCHES = BigInteger.ONE.shiftLeft(OFFSET_BITS - RECORD_BITS);

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,39}");

  private SequenceNumbers() {}

  /** The offset of a message that is one record; {@link #NONE} without a number. */
  public static long offset(@Nullable String sequenceNumber) {
    BigInteger number = number(sequenceNumber);
    return number == null ? NONE : number.mod(OFFSETS).longValueExact();
  }

  /**
   * The offset of the first record of a message that is many; those of the others follow. {@link
   * #NONE} without a number, and where two messages could share offsets.
   */
  public static long firstOffset(@Nullable String sequenceNumber) {
    BigInteger number = number(sequenceNumber);
    if (number == null) {
      return NONE;
    }
    if (number.compareTo(BATCHES) < 0) {
      return number.longValueExact() << RECORD_BITS;
    }
    return number.getLowestSetBit() >= STEP_BITS
        ? number.shiftRight(STEP_BITS).mod(BATCHES).longValueExact() << RECORD_BITS
        : NONE;
  }

  private static @Nullable BigInteger number(@Nullable String sequenceNumber) {
    return sequenceNumber != null && NUMBER.matcher(sequenceNumber).matches()
        ? new BigInteger(sequenceNumber)
        : null;
  }
}
