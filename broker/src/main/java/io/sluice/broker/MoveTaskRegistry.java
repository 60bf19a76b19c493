package io.sluice.broker;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.Uuid;

/** The move tasks of the metadata journal, and those that run. Changes hold the metadata lock. */
final class MoveTaskRegistry implements MoveTasks, AutoCloseable {

  private static final Comparator<MoveTask> LATEST_FIRST =
      Comparator.comparing(MoveTask::startedAt).thenComparing(MoveTask::id).reversed();

  private final Metadata metadata;
  private final Function<String, Optional<DurableQueue>> queues;
  private final BrokerOptions options;
  private final Map<Uuid, MoveTaskRun> running = new ConcurrentHashMap<>();

  MoveTaskRegistry(
      Metadata metadata, Function<String, Optional<DurableQueue>> queues, BrokerOptions options) {
    this.metadata = metadata;
    this.queues = queues;
    this.options = options;
  }

  /** Goes on with what ran when the broker ended. */
  void recover() {
    metadata.alone(
        () -> {
          List.copyOf(metadata.state().moveTasks()).stream()
              .filter(task -> task.state().isActive())
              .forEach(task -> run(task, true));
          return running;
        });
  }

  private void run(MoveTask task, boolean resumed) {
    MoveTaskRun run = new MoveTaskRun(task, resumed, queues, this);
    running.put(task.id(), run);
    run.start();
  }

  @Override
  public MoveTask start(String source, Optional<String> destination, OptionalInt maxPerSecond) {
    return metadata.alone(
        () -> {
          DurableQueue from = queue(source);
          destination.ifPresent(this::queue);
          long active =
              metadata.state().moveTasks().stream().filter(task -> task.state().isActive()).count();
          if (ofSource(source).stream().anyMatch(task -> task.state().isActive())) {
            throw new MoveTaskActiveException("queue " + source + " has an active move task");
          }
          if (active >= MAX_ACTIVE) {
            throw new LimitExceededException("there are " + MAX_ACTIVE + " active move tasks");
          }
          MoveTask task =
              new MoveTask(
                  Uuid.randomUuid(),
                  source,
                  from.id(),
                  destination,
                  maxPerSecond,
                  startTime(source),
                  from.depth().available(),
                  0,
                  MoveTask.State.RUNNING,
                  Optional.empty());
          metadata.commit(new MetadataRecord.MoveTaskIs(task));
          run(task, false);
          return task;
        });
  }

  /** After that of the one before, by which they are ordered. */
  private Instant startTime(String source) {
    Instant now = Instant.ofEpochMilli(options.clocks().wall().millis());
    return ofSource(source).stream()
        .findFirst()
        .map(before -> before.startedAt().plusMillis(1))
        .filter(next -> next.isAfter(now))
        .orElse(now);
  }

  private DurableQueue queue(String name) {
    return queues.apply(name).orElseThrow(() -> new QueueDoesNotExistException("no queue " + name));
  }

  @Override
  public List<MoveTask> ofSource(String queue) {
    return metadata.state().moveTasks().stream()
        .filter(task -> task.source().equals(queue))
        .sorted(LATEST_FIRST)
        .map(this::present)
        .toList();
  }

  @Override
  public Optional<MoveTask> find(Uuid id) {
    return metadata.state().moveTask(id).map(this::present);
  }

  /** With what it has moved since that was written down. */
  private MoveTask present(MoveTask stored) {
    MoveTaskRun run = running.get(stored.id());
    return run == null ? stored : stored.moved(Math.max(stored.moved(), run.moved()));
  }

  @Override
  public Optional<MoveTask> cancel(Uuid id) {
    return metadata.alone(
        () -> {
          Optional<MoveTask> task =
              find(id).filter(found -> found.state() == MoveTask.State.RUNNING);
          task.ifPresent(
              found -> {
                change(id, stored -> stored.in(MoveTask.State.CANCELLING, Optional.empty()));
                Optional.ofNullable(running.get(id)).ifPresent(MoveTaskRun::cancel);
              });
          return task;
        });
  }

  /** Writes down how a task changed, unless its queue is gone and the task with it. */
  void change(Uuid id, UnaryOperator<MoveTask> change) {
    metadata.alone(
        () -> {
          metadata
              .state()
              .moveTask(id)
              .ifPresent(
                  task -> metadata.commit(new MetadataRecord.MoveTaskIs(change.apply(task))));
          return id;
        });
  }

  /** Called by a run that ends. */
  void ended(Uuid id) {
    running.remove(id);
  }

  /** Ends the runs, which go on when the broker is opened again. */
  @Override
  public void close() {
    running.values().forEach(MoveTaskRun::close);
  }
}
