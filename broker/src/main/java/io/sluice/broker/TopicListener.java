package io.sluice.broker;

/** Hears of each change to a topic. */
public interface TopicListener {

  /** The topic is new, or has more partitions, or other configs or attributes than before. */
  void changed(Topic topic);

  /** The topic, last seen like this, is gone. */
  void deleted(Topic topic);
}
