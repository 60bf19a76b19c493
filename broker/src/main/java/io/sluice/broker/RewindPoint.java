package io.sluice.broker;

/** Where a person wants a queue to be, as one writes it on a command line or in a tag. */
public sealed interface RewindPoint {

  /** What {@link #parse} takes, for whoever says that something else is wrong. */
  String FORMS =
      "earliest, latest, an instant such as 2026-01-31T12:00:00Z, offset:N, or TOPIC-PARTITION:N";

  /**
   * All partitions of everything that the queue reads.
   *
   * @param start where each begins anew
   */
  record Everywhere(StartingPoint start) implements RewindPoint {

    @Override
    public void move(Queue queue) {
      queue.rewind(start);
    }
  }

  /**
   * One partition of one topic.
   *
   * @param topic one that the queue reads, or its inbox
   */
  record OnePartition(String topic, int partition, long offset) implements RewindPoint {

    @Override
    public void move(Queue queue) {
      queue.rewind(topic, partition, offset);
    }
  }

  /**
   * Moves a queue there: messages that were acknowledged come back. Durable on return.
   *
   * @throws org.apache.kafka.common.errors.UnknownTopicOrPartitionException the queue does not read
   *     the partition that was named
   */
  void move(Queue queue);

  /**
   * Reads one of {@link #FORMS}. An instant before 1970 is the earliest.
   *
   * @throws IllegalArgumentException it is none of them
   */
  static RewindPoint parse(String text) {
    return RewindText.parse(text);
  }
}
