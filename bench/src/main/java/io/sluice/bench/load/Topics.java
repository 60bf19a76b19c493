package io.sluice.bench.load;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/** Makes and deletes topics through Kafka's admin client. */
public final class Topics {

  private static final long PROBE_MILLIS = 20;
  private static final String DELETE_DELAY_MILLIS = "500";

  private Topics() {}

  /**
   * Makes a topic with the server's defaults, but for files that go soon after it is deleted, and
   * waits until its broker knows it too.
   */
  public static void create(String bootstrap, String topic, int partitions)
      throws InterruptedException, ExecutionException {
    try (Admin admin = admin(bootstrap)) {
      NewTopic wanted =
          new NewTopic(topic, Optional.of(partitions), Optional.empty())
              .configs(Map.of(TopicConfig.FILE_DELETE_DELAY_MS_CONFIG, DELETE_DELAY_MILLIS));
      admin.createTopics(List.of(wanted)).all().get();
      while (!admin.listTopics().names().get().contains(topic)) {
        Thread.sleep(PROBE_MILLIS);
      }
    }
  }

  /** Makes topics of one partition with the server's defaults. */
  public static void createAll(String bootstrap, List<String> topics)
      throws InterruptedException, ExecutionException {
    try (Admin admin = admin(bootstrap)) {
      admin
          .createTopics(
              topics.stream()
                  .map(topic -> new NewTopic(topic, Optional.of(1), Optional.empty()))
                  .toList())
          .all()
          .get();
    }
  }

  /** Deletes a topic. Its files may take a while longer. */
  public static void delete(String bootstrap, String topic)
      throws InterruptedException, ExecutionException {
    try (Admin admin = admin(bootstrap)) {
      admin.deleteTopics(List.of(topic)).all().get();
    }
  }

  private static Admin admin(String bootstrap) {
    return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap));
  }
}
