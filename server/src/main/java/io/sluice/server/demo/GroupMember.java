package io.sluice.server.demo;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * One member of a Kafka consumer group: notes every order, then commits. The consumer belongs to
 * the thread in {@link #run()}; the rest is safe for use by any thread.
 */
final class GroupMember implements Runnable {

  private static final Duration POLL = Duration.ofMillis(500);

  private final KafkaConsumer<String, String> consumer;
  private final String topic;
  private final Consumer<Order> orders;
  private final Set<Integer> assigned = ConcurrentHashMap.newKeySet();
  private volatile boolean closing;

  /**
   * A member that begins to read when it is run.
   *
   * @param protocol Kafka's {@code group.protocol}: {@code classic} or {@code consumer}
   */
  GroupMember(
      String bootstrap, String group, String protocol, String topic, Consumer<Order> orders) {
    this.consumer =
        new KafkaConsumer<>(
            settings(bootstrap, group, protocol),
            new StringDeserializer(),
            new StringDeserializer());
    this.topic = topic;
    this.orders = orders;
  }

  private static Map<String, Object> settings(String bootstrap, String group, String protocol) {
    Map<String, Object> common =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrap,
            ConsumerConfig.GROUP_ID_CONFIG,
            group,
            ConsumerConfig.GROUP_PROTOCOL_CONFIG,
            protocol,
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "earliest",
            ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
            200);
    if (!protocol.equals("classic")) {
      return common; // the group's timeouts are the broker's business (KIP-848)
    }
    Map<String, Object> classic = new java.util.HashMap<>(common);
    classic.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000);
    classic.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 500);
    return classic;
  }

  /** The partitions that this member reads now. */
  Set<Integer> assigned() {
    return Set.copyOf(assigned);
  }

  @Override
  public void run() {
    try (consumer) {
      consumer.subscribe(Set.of(topic), new Assignment());
      while (!closing) {
        poll();
      }
    } catch (WakeupException e) {
      if (!closing) {
        throw e;
      }
    }
  }

  private void poll() {
    ConsumerRecords<String, String> records = consumer.poll(POLL);
    records.forEach(record -> orders.accept(Order.parse(record.value())));
    if (records.isEmpty()) {
      return;
    }
    try {
      consumer.commitSync();
    } catch (WakeupException e) {
      throw e;
    } catch (KafkaException e) {
      // A rebalance or a restart came between: the next owner reads these orders again.
      closing |= e instanceof org.apache.kafka.common.errors.InterruptException;
    }
  }

  /** Ends {@link #run()}: the member leaves its group. */
  void close() {
    closing = true;
    consumer.wakeup();
  }

  private final class Assignment implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      partitions.forEach(partition -> assigned.add(partition.partition()));
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      partitions.forEach(partition -> assigned.remove(partition.partition()));
    }
  }
}
