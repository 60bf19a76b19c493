package io.sluice.client.message;

/** Keeps payloads that are too large for a message. Safe for use by many threads. */
public interface PayloadStore extends AutoCloseable {

  /**
   * Keeps a payload, for as long as the store keeps what it has.
   *
   * @return where it is
   * @throws org.apache.kafka.common.KafkaException it could not be kept
   */
  S3Pointer store(String payload);

  /**
   * The payload that is kept there.
   *
   * @throws UnreadableMessageException there is none, or it may not be read
   * @throws RuntimeException nobody knows; it may be there later
   */
  String load(S3Pointer pointer);

  @Override
  void close();
}
