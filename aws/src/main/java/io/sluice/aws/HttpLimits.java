package io.sluice.aws;

import java.time.Duration;

/** Every bound on what an HTTP client may ask of the listener. */
final class HttpLimits {

  /**
   * The longest body that is read. Amazon's largest request is a batch of 1 MiB of payload ("Amazon
   * SQS message quotas"); escaping can make six bytes of one.
   */
  static final int MAX_BODY_BYTES = 8 << 20;

  /**
   * How much of a longer body is read and dropped, so that its sender gets to read the refusal. A
   * body beyond this ends the connection.
   */
  static final int MAX_DISCARDED_BYTES = 64 << 20;

  /** The request line; a Query request by GET carries its parameters there. */
  static final int MAX_REQUEST_LINE_BYTES = 64 << 10;

  /** All headers together; session tokens reach several kilobytes. */
  static final int MAX_HEADER_BYTES = 32 << 10;

  /** Parameters of a Query request; ten messages of ten attributes take about four hundred. */
  static final int MAX_QUERY_PARAMETERS = 10_000;

  /** Dots in a parameter's name. */
  static final int MAX_QUERY_DEPTH = 16;

  /** Connections at once: ten thousand that wait for messages, and some that send them. */
  static final int MAX_CONNECTIONS = 12_000;

  /** How long a connection may be silent, or take over a request. Amazon's longest poll is 20 s. */
  static final Duration IDLE_TIMEOUT = Duration.ofSeconds(75);

  /** How often idle connections are looked for. */
  static final Duration IDLE_CHECK_PERIOD = Duration.ofSeconds(15);

  private HttpLimits() {}
}
