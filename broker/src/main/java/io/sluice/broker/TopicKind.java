package io.sluice.broker;

/** Whom a topic is for. */
public enum TopicKind {
  /** Made by a user, through any door. */
  USER,
  /** What was sent straight to one queue, {@code queue.NAME}; Kafka clients may read it. */
  QUEUE_INBOX,
  /**
   * The broker's own state; hidden from every door but those that need it, such as Kafka's {@code
   * __consumer_offsets}.
   */
  INTERNAL
}
