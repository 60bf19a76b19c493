package io.sluice.aws.sqs;

import io.sluice.aws.message.Notifications;
import io.sluice.broker.Broker;
import java.time.InstantSource;
import java.util.function.Supplier;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.AddPermissionRequest;
import software.amazon.awssdk.services.sqs.model.AddPermissionResponse;
import software.amazon.awssdk.services.sqs.model.CancelMessageMoveTaskRequest;
import software.amazon.awssdk.services.sqs.model.CancelMessageMoveTaskResponse;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResponse;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityResponse;
import software.amazon.awssdk.services.sqs.model.CreateQueueRequest;
import software.amazon.awssdk.services.sqs.model.CreateQueueResponse;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.DeleteMessageRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageResponse;
import software.amazon.awssdk.services.sqs.model.DeleteQueueRequest;
import software.amazon.awssdk.services.sqs.model.DeleteQueueResponse;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlResponse;
import software.amazon.awssdk.services.sqs.model.ListDeadLetterSourceQueuesRequest;
import software.amazon.awssdk.services.sqs.model.ListDeadLetterSourceQueuesResponse;
import software.amazon.awssdk.services.sqs.model.ListMessageMoveTasksRequest;
import software.amazon.awssdk.services.sqs.model.ListMessageMoveTasksResponse;
import software.amazon.awssdk.services.sqs.model.ListQueueTagsRequest;
import software.amazon.awssdk.services.sqs.model.ListQueueTagsResponse;
import software.amazon.awssdk.services.sqs.model.ListQueuesRequest;
import software.amazon.awssdk.services.sqs.model.ListQueuesResponse;
import software.amazon.awssdk.services.sqs.model.PurgeQueueRequest;
import software.amazon.awssdk.services.sqs.model.PurgeQueueResponse;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;
import software.amazon.awssdk.services.sqs.model.RemovePermissionRequest;
import software.amazon.awssdk.services.sqs.model.RemovePermissionResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;
import software.amazon.awssdk.services.sqs.model.SetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.SetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.StartMessageMoveTaskRequest;
import software.amazon.awssdk.services.sqs.model.StartMessageMoveTaskResponse;
import software.amazon.awssdk.services.sqs.model.TagQueueRequest;
import software.amazon.awssdk.services.sqs.model.TagQueueResponse;
import software.amazon.awssdk.services.sqs.model.UntagQueueRequest;
import software.amazon.awssdk.services.sqs.model.UntagQueueResponse;

/**
 * SQS on the broker's queues: an ordinary {@link SqsClient} for a program in the same process, and
 * what the listener serves to others. Safe for use by many threads; calls block. An action that is
 * not here answers with the interface's default.
 */
public final class SqsService implements SqsClient {

  private final QueueLifecycle lifecycle;
  private final QueueAttributeAccess attributes;
  private final QueueTagging tagging;
  private final QueuePermissions permissions;
  private final DeadLetterSources deadLetterSources;
  private final MessageMoveTasks moveTasks;
  private final QueuePurging purging;
  private final MessageSending sending;
  private final MessageReceiving receiving;
  private final MessageDeletion deletion;
  private final MessageVisibility visibility;

  /** SQS on a broker, which the caller closes. Notifications of topics come unsigned. */
  public SqsService(Broker broker) {
    this(broker, SqsOptions.DEFAULTS);
  }

  /** The same with these rules. */
  public SqsService(Broker broker, SqsOptions options) {
    this(broker, Notifications.unsigned(broker.topics()), options);
  }

  /** SQS on a broker, which the caller closes. */
  public SqsService(Broker broker, Notifications notifications) {
    this(broker, notifications, SqsOptions.DEFAULTS);
  }

  /** SQS on a broker, which the caller closes, with these rules. */
  public SqsService(Broker broker, Notifications notifications, SqsOptions options) {
    InstantSource clock = broker.options().clocks().steady();
    StoredAttributes stored = new StoredAttributes();
    QueueDirectory directory = new QueueDirectory(broker.queues());
    ReceiptHandles handles = new ReceiptHandles(broker.secret());
    lifecycle =
        new QueueLifecycle(broker.queues(), directory, new DeletedNames(options.nameRule(), clock));
    attributes = new QueueAttributeAccess(directory, broker.queues(), stored);
    deadLetterSources = new DeadLetterSources(broker.queues(), directory);
    moveTasks = new MessageMoveTasks(broker.moveTasks(), broker.queues(), deadLetterSources);
    tagging = new QueueTagging(directory, stored);
    permissions = new QueuePermissions(directory, stored);
    purging = new QueuePurging(directory, options.purgeRule(), clock);
    sending = new MessageSending(directory);
    receiving = new MessageReceiving(directory, handles, notifications, clock);
    deletion = new MessageDeletion(directory, handles);
    visibility = new MessageVisibility(directory, handles, clock);
  }

  @Override
  public CreateQueueResponse createQueue(CreateQueueRequest request) {
    return answer(() -> lifecycle.create(request));
  }

  @Override
  public DeleteQueueResponse deleteQueue(DeleteQueueRequest request) {
    return answer(() -> lifecycle.delete(request));
  }

  @Override
  public GetQueueUrlResponse getQueueUrl(GetQueueUrlRequest request) {
    return answer(() -> lifecycle.url(request));
  }

  @Override
  public ListQueuesResponse listQueues(ListQueuesRequest request) {
    return answer(() -> lifecycle.list(request));
  }

  @Override
  public GetQueueAttributesResponse getQueueAttributes(GetQueueAttributesRequest request) {
    return answer(() -> attributes.get(request));
  }

  @Override
  public SetQueueAttributesResponse setQueueAttributes(SetQueueAttributesRequest request) {
    return answer(() -> attributes.set(request));
  }

  @Override
  public TagQueueResponse tagQueue(TagQueueRequest request) {
    return answer(() -> tagging.tag(request));
  }

  @Override
  public UntagQueueResponse untagQueue(UntagQueueRequest request) {
    return answer(() -> tagging.untag(request));
  }

  @Override
  public ListQueueTagsResponse listQueueTags(ListQueueTagsRequest request) {
    return answer(() -> tagging.list(request));
  }

  @Override
  public AddPermissionResponse addPermission(AddPermissionRequest request) {
    return answer(() -> permissions.add(request));
  }

  @Override
  public RemovePermissionResponse removePermission(RemovePermissionRequest request) {
    return answer(() -> permissions.remove(request));
  }

  @Override
  public ListDeadLetterSourceQueuesResponse listDeadLetterSourceQueues(
      ListDeadLetterSourceQueuesRequest request) {
    return answer(() -> deadLetterSources.list(request));
  }

  @Override
  public StartMessageMoveTaskResponse startMessageMoveTask(StartMessageMoveTaskRequest request) {
    return answer(() -> moveTasks.start(request));
  }

  @Override
  public ListMessageMoveTasksResponse listMessageMoveTasks(ListMessageMoveTasksRequest request) {
    return answer(() -> moveTasks.list(request));
  }

  @Override
  public CancelMessageMoveTaskResponse cancelMessageMoveTask(CancelMessageMoveTaskRequest request) {
    return answer(() -> moveTasks.cancel(request));
  }

  @Override
  public PurgeQueueResponse purgeQueue(PurgeQueueRequest request) {
    return answer(() -> purging.purge(request));
  }

  @Override
  public SendMessageResponse sendMessage(SendMessageRequest request) {
    return answer(() -> sending.send(request));
  }

  @Override
  public SendMessageBatchResponse sendMessageBatch(SendMessageBatchRequest request) {
    return answer(() -> sending.sendBatch(request));
  }

  @Override
  public ReceiveMessageResponse receiveMessage(ReceiveMessageRequest request) {
    return answer(() -> receiving.receive(request));
  }

  @Override
  public DeleteMessageResponse deleteMessage(DeleteMessageRequest request) {
    return answer(() -> deletion.delete(request));
  }

  @Override
  public DeleteMessageBatchResponse deleteMessageBatch(DeleteMessageBatchRequest request) {
    return answer(() -> deletion.deleteBatch(request));
  }

  @Override
  public ChangeMessageVisibilityResponse changeMessageVisibility(
      ChangeMessageVisibilityRequest request) {
    return answer(() -> visibility.change(request));
  }

  @Override
  public ChangeMessageVisibilityBatchResponse changeMessageVisibilityBatch(
      ChangeMessageVisibilityBatchRequest request) {
    return answer(() -> visibility.changeBatch(request));
  }

  @Override
  public String serviceName() {
    return SERVICE_NAME;
  }

  /** Releases nothing: the broker belongs to whoever opened it. */
  @Override
  public void close() {}

  private static <T> T answer(Supplier<T> action) {
    try {
      return action.get();
    } catch (RuntimeException e) {
      throw SqsErrors.translate(e);
    }
  }
}
