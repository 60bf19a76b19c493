package io.sluice.broker;

/** Hears of each change to a topic, as far as it wants to. */
public interface TopicListener {

  /** The topic is new, or has more partitions, or other configs or attributes than before. */
  default void changed(Topic topic) {}

  /** The topic, last seen like this, is gone. */
  default void deleted(Topic topic) {}
}
