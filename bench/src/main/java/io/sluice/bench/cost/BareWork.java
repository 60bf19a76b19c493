package io.sluice.bench.cost;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * By the AWS SDK alone, with the requests that the library would make: ten messages each, those of
 * a request of as many message groups, and everything asked for that a record is made of.
 */
public final class BareWork implements PlainWork {

  /** As many as {@code max.in.flight.requests.per.connection}. */
  private static final int PUBLISHERS = 5;

  private static final int READERS = 4;
  private static final int BATCH = 10;

  @Override
  public String name() {
    return "the AWS SDK alone";
  }

  @Override
  public void publish(AmazonClients clients, String topic, List<Item> records) throws Exception {
    String arn = "arn:aws:sns:us-east-1:000000000000:" + topic + ".fifo";
    String producer = UUID.randomUUID().toString();
    AtomicInteger next = new AtomicInteger();
    inParallel(
        PUBLISHERS,
        () -> {
          for (int from = next.getAndAdd(BATCH);
              from < records.size();
              from = next.getAndAdd(BATCH)) {
            List<PublishBatchRequestEntry> entries = new ArrayList<>();
            for (int i = from; i < Math.min(records.size(), from + BATCH); i++) {
              entries.add(
                  PublishBatchRequestEntry.builder()
                      .id(Integer.toString(i - from))
                      .message(records.get(i).value())
                      .messageGroupId(records.get(i).key())
                      .messageDeduplicationId(producer + "-" + i)
                      .build());
            }
            var answer =
                clients
                    .sns()
                    .publishBatch(
                        request -> request.topicArn(arn).publishBatchRequestEntries(entries));
            if (!answer.failed().isEmpty()) {
              throw new IllegalStateException(answer.failed().toString());
            }
          }
          return null;
        });
  }

  @Override
  public void read(AmazonClients clients, String topic, String group, int records)
      throws Exception {
    String queue = group + "--" + topic + ".fifo";
    String url = clients.sqs().getQueueUrl(request -> request.queueName(queue)).queueUrl();
    AtomicInteger received = new AtomicInteger();
    inParallel(
        READERS,
        () -> {
          while (received.get() < records) {
            List<Message> messages = receive(clients, url);
            received.addAndGet(messages.size());
            if (!messages.isEmpty()) {
              delete(clients, url, messages);
            }
          }
          return null;
        });
  }

  private static List<Message> receive(AmazonClients clients, String url) {
    return clients
        .sqs()
        .receiveMessage(
            request ->
                request
                    .queueUrl(url)
                    .maxNumberOfMessages(BATCH)
                    .waitTimeSeconds(1)
                    .messageAttributeNames("All")
                    .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
        .messages();
  }

  private static void delete(AmazonClients clients, String url, List<Message> messages) {
    List<DeleteMessageBatchRequestEntry> entries = new ArrayList<>();
    for (Message message : messages) {
      entries.add(
          DeleteMessageBatchRequestEntry.builder()
              .id(Integer.toString(entries.size()))
              .receiptHandle(message.receiptHandle())
              .build());
    }
    clients.sqs().deleteMessageBatch(request -> request.queueUrl(url).entries(entries));
  }

  private static void inParallel(int count, Callable<?> work) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        running.add(threads.submit(work));
      }
      for (Future<?> each : running) {
        each.get();
      }
    }
  }
}
