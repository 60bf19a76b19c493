package io.sluice.broker;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.common.Uuid;

/**
 * Moves messages from dead-letter queues to where they came from, or elsewhere. Each is appended
 * durably to its destination, as a new message, before it is acknowledged. Tasks survive a restart
 * and go on. Safe for use by many threads.
 */
public interface MoveTasks {

  /** How many tasks of a queue are remembered. */
  int REMEMBERED = 10;

  /** How many tasks may be active at once (Amazon's "StartMessageMoveTask"). */
  int MAX_ACTIVE = 100;

  /**
   * Starts a task for what is in a queue now. Durable on return.
   *
   * @throws QueueDoesNotExistException no such source, or destination
   * @throws MoveTaskActiveException the source has an active task
   * @throws LimitExceededException there are {@link #MAX_ACTIVE} active tasks
   */
  MoveTask start(String source, Optional<String> destination, OptionalInt maxPerSecond);

  /** The tasks of a queue, the latest first. */
  List<MoveTask> ofSource(String queue);

  /** The task of that id. */
  Optional<MoveTask> find(Uuid id);

  /**
   * Stops a task soon.
   *
   * @return the task as it is now; empty when there is none of that id that runs
   */
  Optional<MoveTask> cancel(Uuid id);
}
