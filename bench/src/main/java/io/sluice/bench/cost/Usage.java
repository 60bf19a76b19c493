package io.sluice.bench.cost;

/**
 * How much of an operation was used.
 *
 * @param requests that went over the wire, repetitions among them
 * @param billed the same as Amazon counts them: each 64 KiB of a payload is one (Amazon's "Amazon
 *     SQS pricing", and the FAQ of SNS)
 * @param messages in all of them
 * @param bytes of these messages, bodies and attributes
 * @param empty those that brought no message
 */
public record Usage(long requests, long billed, long messages, long bytes, long empty) {

  /** Nothing. */
  public static final Usage NONE = new Usage(0, 0, 0, 0, 0);

  private static final long CHUNK = 64 * 1024;

  /** A request with what it carries. */
  static Usage request(long messages, long bytes) {
    return new Usage(1, chunks(bytes), messages, bytes, 0);
  }

  /** What an answer brought, beside the request for it. */
  static Usage answer(long messages, long bytes) {
    return new Usage(0, chunks(bytes) - 1, messages, bytes, messages == 0 ? 1 : 0);
  }

  private static long chunks(long bytes) {
    return Math.max(1, (bytes + CHUNK - 1) / CHUNK);
  }

  /** Both. */
  Usage and(Usage other) {
    return new Usage(
        requests + other.requests,
        billed + other.billed,
        messages + other.messages,
        bytes + other.bytes,
        empty + other.empty);
  }
}
