package io.sluice.aws.sqs;

import io.sluice.broker.Queue;
import io.sluice.broker.Queues;
import io.sluice.broker.Redrive;
import java.util.List;
import software.amazon.awssdk.services.sqs.model.ListDeadLetterSourceQueuesRequest;
import software.amazon.awssdk.services.sqs.model.ListDeadLetterSourceQueuesResponse;

/** ListDeadLetterSourceQueues: whose redrive policies name a queue. */
final class DeadLetterSources {

  private final Queues queues;
  private final QueueDirectory directory;

  DeadLetterSources(Queues queues, QueueDirectory directory) {
    this.queues = queues;
    this.directory = directory;
  }

  ListDeadLetterSourceQueuesResponse list(ListDeadLetterSourceQueuesRequest request) {
    Queue target = directory.byUrl(request.queueUrl());
    QueuePage page = QueuePage.of(of(target.name()), request.maxResults(), request.nextToken());
    return ListDeadLetterSourceQueuesResponse.builder()
        .queueUrls(page.urls())
        .nextToken(page.nextToken())
        .build();
  }

  /** The names of the queues whose dead letters go to the queue of that name, in order. */
  List<String> of(String target) {
    return queues.list().stream()
        .filter(
            queue ->
                queue.settings().redrive().map(Redrive::queue).filter(target::equals).isPresent())
        .map(Queue::name)
        .toList();
  }
}
