package io.sluice.broker;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Uuid;

/**
 * Which queue reads which topic. Safe for use by many threads. A change is durable, and in force
 * for the next receive, when its method returns.
 */
public interface Sources {

  /**
   * Lets {@code queue} read {@code topic} from {@code start} on. A queue has at most one source per
   * topic: when it reads the topic already, that source is returned as it is.
   *
   * @throws org.apache.kafka.common.errors.UnknownTopicOrPartitionException no such topic
   * @throws QueueDoesNotExistException no such queue
   * @throws LimitExceededException more sources than a topic or a queue may have
   */
  Source add(String topic, String queue, Map<String, String> attributes, StartingPoint start);

  /** The source of that id. */
  Optional<Source> find(Uuid id);

  /** Every source, by topic and queue. */
  List<Source> list();

  /** The sources that read {@code topic}, by queue. */
  List<Source> ofTopic(String topic);

  /** The sources of {@code queue}, by topic. */
  List<Source> ofQueue(String queue);

  /**
   * Replaces the attributes; nothing happens to what was received before.
   *
   * @return the new source; empty when there is none of that id
   */
  Optional<Source> setAttributes(Uuid id, Map<String, String> attributes);

  /**
   * Moves a source: its queue receives everything from {@code start} on again, whatever had been
   * acknowledged; receipts that are out for its messages lose their force.
   *
   * @return whether there is such a source
   */
  boolean restart(Uuid id, StartingPoint start);

  /**
   * Whether a source has come so far: its queue has received, or passed over, everything that lies
   * before a point. So has a source that there is not.
   */
  boolean hasPassed(Uuid id, StartingPoint point);

  /**
   * Ends a source. What was published before and not yet received stays receivable, as with SNS,
   * whose queues hold copies.
   *
   * @return whether there was such a source
   */
  boolean remove(Uuid id);
}
