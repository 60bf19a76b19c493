package io.sluice.aws.sqs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.aws.CallContext;
import io.sluice.aws.message.Arns;
import io.sluice.aws.message.FifoNames;
import io.sluice.broker.MoveTask;
import io.sluice.broker.MoveTaskActiveException;
import io.sluice.broker.MoveTasks;
import io.sluice.broker.Queue;
import io.sluice.broker.QueueDoesNotExistException;
import io.sluice.broker.Queues;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.CancelMessageMoveTaskRequest;
import software.amazon.awssdk.services.sqs.model.CancelMessageMoveTaskResponse;
import software.amazon.awssdk.services.sqs.model.ListMessageMoveTasksRequest;
import software.amazon.awssdk.services.sqs.model.ListMessageMoveTasksResponse;
import software.amazon.awssdk.services.sqs.model.ListMessageMoveTasksResultEntry;
import software.amazon.awssdk.services.sqs.model.StartMessageMoveTaskRequest;
import software.amazon.awssdk.services.sqs.model.StartMessageMoveTaskResponse;

/**
 * StartMessageMoveTask, ListMessageMoveTasks and CancelMessageMoveTask. A task's handle is its id
 * and its source's ARN, as Amazon's is.
 */
final class MessageMoveTasks {

  private static final String SOURCE = "SourceArn";

  private final MoveTasks tasks;
  private final Queues queues;
  private final DeadLetterSources deadLetterSources;

  MessageMoveTasks(MoveTasks tasks, Queues queues, DeadLetterSources deadLetterSources) {
    this.tasks = tasks;
    this.queues = queues;
    this.deadLetterSources = deadLetterSources;
  }

  StartMessageMoveTaskResponse start(StartMessageMoveTaskRequest request) {
    Queue source = queue(request.sourceArn(), SOURCE);
    if (deadLetterSources.of(source.name()).isEmpty()) {
      throw SqsErrors.invalidParameterValue(
          "Source queue must be configured as a Dead Letter Queue.");
    }
    Optional<String> destination =
        request.destinationArn() == null || request.destinationArn().isEmpty()
            ? Optional.empty()
            : Optional.of(queue(request.destinationArn(), "DestinationArn").name());
    Integer perSecond = request.maxNumberOfMessagesPerSecond();
    if (perSecond != null && (perSecond < 1 || perSecond > SqsLimits.MOVES_PER_SECOND)) {
      throw SqsErrors.invalidParameter(
          perSecond,
          "MaxNumberOfMessagesPerSecond",
          "Must be between 1 and " + SqsLimits.MOVES_PER_SECOND + ", if provided.");
    }
    if (destination.equals(Optional.of(source.name()))) {
      throw SqsErrors.invalidParameterValue(
          "Source queue and destination queue cannot be the same.");
    }
    if (destination
        .filter(name -> FifoNames.isFifo(name) != FifoNames.isFifo(source.name()))
        .isPresent()) {
      throw SqsErrors.invalidParameterValue(
          "Source queue and destination queue must be of the same type.");
    }
    try {
      MoveTask task =
          tasks.start(
              source.name(),
              destination,
              perSecond == null ? OptionalInt.empty() : OptionalInt.of(perSecond));
      return StartMessageMoveTaskResponse.builder().taskHandle(handle(task)).build();
    } catch (MoveTaskActiveException _) {
      throw SqsErrors.invalidParameterValue(
          "There is already a task running. Only one active task is allowed for a source queue arn"
              + " at a given time.");
    } catch (QueueDoesNotExistException _) {
      throw SqsErrors.resourceNotFound(noQueue(SOURCE)); // it went just now
    }
  }

  ListMessageMoveTasksResponse list(ListMessageMoveTasksRequest request) {
    Queue source = queue(request.sourceArn(), SOURCE);
    Integer asked = request.maxResults();
    int max = asked == null ? 1 : asked;
    if (max < 1 || max > SqsLimits.LISTED_MOVE_TASKS) {
      throw SqsErrors.invalidParameter(
          max,
          "MaxResults",
          "Must be between 1 and " + SqsLimits.LISTED_MOVE_TASKS + ", if provided.");
    }
    List<ListMessageMoveTasksResultEntry> entries =
        tasks.ofSource(source.name()).stream().limit(max).map(MessageMoveTasks::entry).toList();
    return ListMessageMoveTasksResponse.builder().results(Answers.unlessEmpty(entries)).build();
  }

  private static ListMessageMoveTasksResultEntry entry(MoveTask task) {
    Integer perSecond = task.maxPerSecond().isPresent() ? task.maxPerSecond().getAsInt() : null;
    return ListMessageMoveTasksResultEntry.builder()
        .taskHandle(task.state() == MoveTask.State.RUNNING ? handle(task) : null)
        .status(task.state().name())
        .sourceArn(arn(task.source()))
        .destinationArn(task.destination().map(MessageMoveTasks::arn).orElse(null))
        .maxNumberOfMessagesPerSecond(perSecond)
        .approximateNumberOfMessagesMoved(task.moved())
        .approximateNumberOfMessagesToMove(task.toMove())
        .failureReason(task.failure().map(MessageMoveTasks::reason).orElse(null))
        .startedTimestamp(task.startedAt().toEpochMilli())
        .build();
  }

  private static String reason(MoveTask.Failure failure) {
    return switch (failure) {
      case NO_DESTINATION -> "AWS.SimpleQueueService.NonExistentQueue";
      case NO_ORIGIN -> "CouldNotDetermineMessageSource";
      case INTERNAL -> "InternalError";
    };
  }

  CancelMessageMoveTaskResponse cancel(CancelMessageMoveTaskRequest request) {
    String handle = request.taskHandle();
    if (handle == null) {
      throw SqsErrors.missingParameter("TaskHandle");
    }
    Handle read = readHandle(handle);
    Queue source = queue(read.sourceArn(), SOURCE);
    MoveTask task =
        tasks
            .find(read.id())
            .filter(found -> found.sourceId().equals(source.id()))
            .orElseThrow(() -> SqsErrors.resourceNotFound("Task does not exist."));
    MoveTask cancelled =
        tasks
            .cancel(task.id())
            .orElseThrow(
                () -> SqsErrors.invalidParameterValue("Only active tasks can be cancelled."));
    return CancelMessageMoveTaskResponse.builder()
        .approximateNumberOfMessagesMoved(cancelled.moved())
        .build();
  }

  private record Handle(Uuid id, String sourceArn) {}

  private static String handle(MoveTask task) {
    String text = task.id() + ":" + arn(task.source());
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private static Handle readHandle(String handle) {
    try {
      String text = new String(Base64.getDecoder().decode(handle), UTF_8);
      int colon = text.indexOf(':');
      if (colon > 0) {
        return new Handle(Uuid.fromString(text.substring(0, colon)), text.substring(colon + 1));
      }
    } catch (IllegalArgumentException _) {
      // The same as one with something else in it.
    }
    throw SqsErrors.invalidParameterValue("Value for parameter TaskHandle is invalid.");
  }

  private Queue queue(@Nullable String arn, String parameter) {
    if (arn == null) {
      throw SqsErrors.missingParameter(parameter);
    }
    Arns.Arn parsed =
        Arns.parse(arn)
            .filter(found -> found.service().equals("sqs"))
            .orElseThrow(
                () ->
                    SqsErrors.invalidParameterValue(
                        "You must use this format to specify the "
                            + parameter
                            + ": arn:<partition>:<service>:<region>:<account-id>:<resource-id>"));
    CallContext caller = CallContext.current();
    boolean mine =
        parsed.account().equals(caller.accountId())
            || parsed.account().equals(CallContext.DEFAULT_ACCOUNT_ID);
    return queues
        .find(parsed.resource())
        .filter(queue -> mine)
        .orElseThrow(() -> SqsErrors.resourceNotFound(noQueue(parameter)));
  }

  private static String noQueue(String parameter) {
    return "The resource that you specified for the " + parameter + " parameter doesn't exist.";
  }

  private static String arn(String queue) {
    CallContext caller = CallContext.current();
    return Arns.queue(caller.region(), caller.accountId(), queue);
  }
}
