package io.sluice.torture.work;

import io.sluice.torture.history.CatalogueHistory;
import io.sluice.torture.history.Findings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** Makes, changes and deletes topics and queues. */
final class CatalogueWork implements Work {

  private static final int MOST = 10;
  private static final String RETENTION = TopicConfig.RETENTION_MS_CONFIG;
  private static final QueueAttributeName VISIBILITY = QueueAttributeName.VISIBILITY_TIMEOUT;

  private final SqsClient sqs;
  private final Admin admin;
  private final CatalogueHistory topicHistory;
  private final CatalogueHistory queueHistory;
  private final List<String> topics = new ArrayList<>();
  private final List<String> queues = new ArrayList<>();
  private final Bodies topicNames = new Bodies("catalogue-topic-");
  private final Bodies queueNames = new Bodies("catalogue-queue-");

  CatalogueWork(Doors doors, Findings findings) {
    sqs = doors.sqs();
    admin = doors.admin();
    topicHistory = new CatalogueHistory("topic", findings);
    queueHistory = new CatalogueHistory("queue", findings);
  }

  @Override
  public List<Activity> activities() {
    return List.of(
        new Activity("make and delete topics", this::changeTopic),
        new Activity("make and delete queues", this::changeQueue));
  }

  private void changeTopic(Random random) throws InterruptedException {
    String value = Integer.toString(3_600_000 + random.nextInt(1000));
    if (topics.size() > random.nextInt(MOST)) {
      String name = topics.get(random.nextInt(topics.size()));
      if (random.nextBoolean()) {
        topics.remove(name);
        topicHistory.changing(name, null);
        await(admin.deleteTopics(Set.of(name)).all());
        topicHistory.changed(name, null);
      } else {
        topicHistory.changing(name, value);
        AlterConfigOp set =
            new AlterConfigOp(new ConfigEntry(RETENTION, value), AlterConfigOp.OpType.SET);
        await(admin.incrementalAlterConfigs(Map.of(topic(name), List.of(set))).all());
        topicHistory.changed(name, value);
      }
    } else {
      String name = topicNames.name();
      topicHistory.changing(name, value);
      await(
          admin
              .createTopics(
                  Set.of(new NewTopic(name, 1, (short) 1).configs(Map.of(RETENTION, value))))
              .all());
      topicHistory.changed(name, value);
      topics.add(name);
    }
  }

  private static ConfigResource topic(String name) {
    return new ConfigResource(ConfigResource.Type.TOPIC, name);
  }

  private static void await(KafkaFuture<?> answer) throws InterruptedException {
    try {
      answer.get();
    } catch (ExecutionException e) {
      throw new KafkaException("the admin client gave up", e);
    }
  }

  private void changeQueue(Random random) {
    String value = Integer.toString(random.nextInt(1000));
    if (queues.size() > random.nextInt(MOST)) {
      String name = queues.get(random.nextInt(queues.size()));
      if (random.nextBoolean()) {
        queues.remove(name);
        queueHistory.changing(name, null);
        sqs.deleteQueue(request -> request.queueUrl(url(name)));
        queueHistory.changed(name, null);
      } else {
        queueHistory.changing(name, value);
        sqs.setQueueAttributes(
            request -> request.queueUrl(url(name)).attributes(Map.of(VISIBILITY, value)));
        queueHistory.changed(name, value);
      }
    } else {
      String name = queueNames.name();
      queueHistory.changing(name, value);
      sqs.createQueue(request -> request.queueName(name).attributes(Map.of(VISIBILITY, value)));
      queueHistory.changed(name, value);
      queues.add(name);
    }
  }

  private String url(String name) {
    return sqs.getQueueUrl(request -> request.queueName(name)).queueUrl();
  }

  @Override
  public void settle() throws Exception {
    topicHistory.found(findTopics());
    queueHistory.found(findQueues());
  }

  private Map<String, String> findTopics() throws InterruptedException, ExecutionException {
    List<ConfigResource> found =
        admin.listTopics().names().get().stream()
            .filter(name -> name.startsWith("catalogue-topic-"))
            .map(CatalogueWork::topic)
            .toList();
    Map<ConfigResource, Config> configs = admin.describeConfigs(found).all().get();
    Map<String, String> values = new HashMap<>();
    configs.forEach((topic, config) -> values.put(topic.name(), config.get(RETENTION).value()));
    return values;
  }

  private Map<String, String> findQueues() {
    Map<String, String> values = new HashMap<>();
    sqs.listQueuesPaginator(request -> request.queueNamePrefix("catalogue-queue-").maxResults(1000))
        .queueUrls()
        .forEach(
            url ->
                values.put(
                    url.substring(url.lastIndexOf('/') + 1),
                    sqs.getQueueAttributes(
                            request -> request.queueUrl(url).attributeNames(VISIBILITY))
                        .attributes()
                        .getOrDefault(VISIBILITY, "")));
    return values;
  }

  @Override
  public void close() {
    sqs.close();
    admin.close();
  }
}
