package io.sluice.aws.sqs;

import io.sluice.aws.message.FifoNames;
import io.sluice.broker.NewQueue;
import io.sluice.broker.Queue;
import io.sluice.broker.QueueExistsException;
import io.sluice.broker.Queues;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import software.amazon.awssdk.services.sqs.model.CreateQueueRequest;
import software.amazon.awssdk.services.sqs.model.CreateQueueResponse;
import software.amazon.awssdk.services.sqs.model.DeleteQueueRequest;
import software.amazon.awssdk.services.sqs.model.DeleteQueueResponse;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlResponse;
import software.amazon.awssdk.services.sqs.model.ListQueuesRequest;
import software.amazon.awssdk.services.sqs.model.ListQueuesResponse;

/** CreateQueue, DeleteQueue, GetQueueUrl and ListQueues. */
final class QueueLifecycle {

  private final Queues queues;
  private final QueueDirectory directory;
  private final DeletedNames deleted;

  QueueLifecycle(Queues queues, QueueDirectory directory, DeletedNames deleted) {
    this.queues = queues;
    this.deleted = deleted;
    this.directory = directory;
  }

  /**
   * Creates a queue, or returns the one of that name when it has the attributes that the request
   * names; tags are not compared.
   */
  CreateQueueResponse create(CreateQueueRequest request) {
    String name = request.queueName();
    if (name == null) {
      throw SqsErrors.missingParameter("QueueName");
    }
    Map<String, String> given = request.attributesAsStrings();
    checkName(name, given);
    SortedMap<String, String> stored = QueueAttributes.ofCreation(given);
    Optional<Queue> existing = queues.find(name);
    if (existing.isPresent()) {
      checkSame(existing.get(), given);
    } else {
      deleted.check(name);
      QueueTags.add(stored, request.tags(), name);
      RedrivePolicies.checkTarget(queues, name, stored);
      try {
        queues.create(new NewQueue(name, stored, QueueAttributes.settings(stored)));
      } catch (QueueExistsException _) {
        checkSame(directory.byName(name), given); // somebody was faster
      }
    }
    return CreateQueueResponse.builder().queueUrl(QueueDirectory.url(name)).build();
  }

  DeleteQueueResponse delete(DeleteQueueRequest request) {
    Queue queue = directory.byUrl(request.queueUrl());
    if (!queues.delete(queue.name())) {
      throw SqsErrors.queueDoesNotExist();
    }
    deleted.deleted(queue.name());
    return DeleteQueueResponse.builder().build();
  }

  GetQueueUrlResponse url(GetQueueUrlRequest request) {
    if (request.queueName() == null) {
      throw SqsErrors.missingParameter("QueueName");
    }
    if (request.queueOwnerAWSAccountId() != null) {
      QueueDirectory.checkAccount(request.queueOwnerAWSAccountId());
    }
    Queue queue = directory.byName(request.queueName());
    return GetQueueUrlResponse.builder().queueUrl(QueueDirectory.url(queue.name())).build();
  }

  ListQueuesResponse list(ListQueuesRequest request) {
    String prefix = request.queueNamePrefix() == null ? "" : request.queueNamePrefix();
    List<String> names =
        queues.list().stream().map(Queue::name).filter(name -> name.startsWith(prefix)).toList();
    QueuePage page = QueuePage.of(names, request.maxResults(), request.nextToken());
    return ListQueuesResponse.builder()
        .queueUrls(Answers.unlessEmpty(page.urls()))
        .nextToken(page.nextToken())
        .build();
  }

  private static void checkName(String name, Map<String, String> attributes) {
    boolean fifo = "true".equals(attributes.get("FifoQueue"));
    if (fifo && !FifoNames.isFifo(name)) {
      throw SqsErrors.invalidParameterValue(
          "The name of a FIFO queue can only include alphanumeric characters, hyphens, or"
              + " underscores, must end with .fifo suffix and be 1 to 80 in length.");
    }
    if (FifoNames.isFifo(name) != fifo || !QueueDirectory.isLegalName(name)) {
      throw SqsErrors.invalidParameterValue(
          "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length");
    }
  }

  private static void checkSame(Queue queue, Map<String, String> given) {
    Map<String, String> before = QueueAttributes.visible(queue.attributes());
    Map<String, String> after =
        new TreeMap<>(QueueAttributes.visible(QueueAttributes.with(queue.attributes(), given)));
    for (String name : given.keySet()) {
      String was = before.get(name);
      String would = after.get(name);
      if (was == null ? would != null : !was.equals(would)) {
        throw SqsErrors.queueNameExists(name);
      }
    }
  }
}
