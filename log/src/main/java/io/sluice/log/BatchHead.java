package io.sluice.log;

/** Where the fields of a batch's head are, in bytes (Kafka's "Record Batch" format, magic 2). */
final class BatchHead {

  /** How much of it the length does not count. */
  static final int BEFORE_LENGTH = 12;

  static final int LENGTH = 8;
  static final int MAGIC = 16;
  static final int CRC = 17;

  /** Here begins what the checksum covers. */
  static final int ATTRIBUTES = 21;

  static final int LAST_OFFSET_DELTA = 23;

  private BatchHead() {}
}
