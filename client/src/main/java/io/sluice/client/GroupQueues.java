package io.sluice.client;

import io.sluice.client.service.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import software.amazon.awssdk.services.sns.model.NotFoundException;
import software.amazon.awssdk.services.sns.model.Subscription;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/** The queues of all groups, found by their names and tags. Safe for use by many threads. */
final class GroupQueues {

  /**
   * A queue of a group.
   *
   * @param topic Kafka's name of it
   */
  record GroupQueue(String group, String topic, String url, String name) {}

  /** Amazon's "ListQueues", which pages only when it is asked to. */
  private static final int PAGE = 1000;

  private final Services services;

  GroupQueues(Services services) {
    this.services = services;
  }

  /** Of every group. */
  List<GroupQueue> all() {
    return queues("", queue -> true);
  }

  /** Of one group. */
  List<GroupQueue> of(String group) {
    return queues(ResourceNames.queuePrefix(group), queue -> queue.group().equals(group));
  }

  /** Of every group on one topic. */
  List<GroupQueue> on(String topic) {
    return queues("", queue -> queue.topic().equals(topic));
  }

  private List<GroupQueue> queues(String prefix, Predicate<GroupQueue> which) {
    return Failure.translated(
        () -> {
          List<GroupQueue> found = new ArrayList<>();
          for (String url :
              services
                  .sqs()
                  .listQueuesPaginator(
                      request ->
                          request
                              .queueNamePrefix(prefix.isEmpty() ? null : prefix)
                              .maxResults(PAGE))
                  .queueUrls()) {
            String name = url.substring(url.lastIndexOf('/') + 1);
            if (ResourceNames.isQueue(name)) {
              tagged(url, name).filter(which).ifPresent(found::add);
            }
          }
          return found;
        });
  }

  private Optional<GroupQueue> tagged(String url, String name) {
    try {
      Map<String, String> tags =
          services.sqs().listQueueTags(request -> request.queueUrl(url)).tags();
      String group = tags.get(Groups.GROUP_TAG);
      String topic = tags.get(Groups.TOPIC_TAG);
      return group == null || topic == null
          ? Optional.empty()
          : Optional.of(new GroupQueue(group, topic, url, name));
    } catch (QueueDoesNotExistException e) {
      return Optional.empty();
    }
  }

  /** Ends a queue's subscription and deletes it, as far as they are there. */
  void delete(GroupQueue queue, Optional<TopicDescription> topic) {
    Failure.translated(
        () -> {
          topic.ifPresent(of -> unsubscribe(queue, of));
          try {
            services.sqs().deleteQueue(request -> request.queueUrl(queue.url()));
          } catch (QueueDoesNotExistException e) {
            // Somebody else has deleted it meanwhile.
          }
          return true;
        });
  }

  private void unsubscribe(GroupQueue queue, TopicDescription topic) {
    String endpoint = services.place().queueArn(queue.name());
    try {
      services
          .sns()
          .listSubscriptionsByTopicPaginator(request -> request.topicArn(topic.arn()))
          .subscriptions()
          .stream()
          .filter(each -> endpoint.equals(each.endpoint()))
          .map(Subscription::subscriptionArn)
          .forEach(arn -> services.sns().unsubscribe(request -> request.subscriptionArn(arn)));
    } catch (NotFoundException e) {
      // The topic is gone meanwhile, and its subscriptions with it.
    }
  }

  /** What waits in a queue. */
  Backlog backlog(GroupQueue queue) {
    return Failure.translated(
        () -> {
          Map<QueueAttributeName, String> counts =
              services
                  .sqs()
                  .getQueueAttributes(
                      request ->
                          request
                              .queueUrl(queue.url())
                              .attributeNames(
                                  QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                  QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE,
                                  QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED))
                  .attributes();
          return new Backlog(
              count(counts, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES),
              count(counts, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE),
              count(counts, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED));
        });
  }

  private static long count(Map<QueueAttributeName, String> counts, QueueAttributeName name) {
    return Long.parseLong(counts.getOrDefault(name, "0"));
  }
}
