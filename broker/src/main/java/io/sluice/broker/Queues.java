package io.sluice.broker;

import java.util.List;
import java.util.Optional;

/** The queues. Safe for use by many threads. A change is durable when its method returns. */
public interface Queues {

  /**
   * Creates a queue.
   *
   * @throws QueueExistsException the name is taken
   * @throws LimitExceededException more queues than the broker allows
   */
  Queue create(NewQueue queue);

  /** The queue of that name. */
  Optional<Queue> find(String name);

  /** Every queue, in the order of their names. */
  List<Queue> list();

  /**
   * Deletes a queue with its inbox, its sources and its state; waiting receivers end empty-handed.
   *
   * @return whether there was such a queue
   */
  boolean delete(String name);
}
