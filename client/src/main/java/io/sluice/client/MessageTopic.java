package io.sluice.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * A topic for those who do not want Kafka's interfaces: messages of bytes, that every group
 * receives.
 *
 * <pre>{@code
 * MessageTopic orders = MessageTopic.create("orders", Map.of("aws.region", "eu-central-1"));
 * orders.receive("dispatch", message -> work(message.content()));
 * orders.publish("an order".getBytes(UTF_8));
 * }</pre>
 *
 * <p>Safe for use by many threads.
 */
public final class MessageTopic implements AutoCloseable {

  private static final ByteArraySerializer BYTES = new ByteArraySerializer();

  private final String name;
  private final Map<String, ?> configs;
  private final Supplier<Services> services;
  private final SnsSqsAdmin admin;
  private final Producer<byte[], byte[]> producer;

  private MessageTopic(String name, Map<String, ?> configs, Supplier<Services> services) {
    this.name = name;
    this.configs = Map.copyOf(configs);
    this.services = services;
    this.admin = new SnsSqsAdmin(services.get());
    Map<String, Object> settings = new HashMap<>(configs);
    settings.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 0);
    this.producer = new SnsProducer<>(settings, BYTES, BYTES, services.get());
  }

  /**
   * The FIFO topic of that name, which is made if it is not there. Each of its messages is a
   * message of SNS that anybody can read.
   *
   * @param configs those of {@link ServiceConfig}, and of Kafka's producers and consumers
   */
  public static MessageTopic create(String name, Map<String, ?> configs) {
    return create(name, configs, () -> Services.of(configs));
  }

  /**
   * As {@link #create(String, Map)}, on services that are made otherwise.
   *
   * @param services gives new ones, which are closed by who asked, or shared ones
   */
  public static MessageTopic create(
      String name, Map<String, ?> configs, Supplier<Services> services) {
    MessageTopic topic = new MessageTopic(name, configs, services);
    try {
      topic.admin.createTopics(
          List.of(
              new NewTopic(name, 1, (short) -1)
                  .configs(Map.of(SnsSqsAdmin.FORMAT_CONFIG, Format.PLAIN.tag()))));
      return topic;
    } catch (RuntimeException e) {
      topic.close();
      throw e;
    }
  }

  /** Makes a group that receives what is published from now on, if it is not there. */
  public void createGroup(String group) {
    admin.createGroup(group, List.of(name));
  }

  /**
   * Publishes a message and waits until it is with the service.
   *
   * @throws KafkaException it is not
   */
  public void publish(byte[] content) {
    publish(null, content);
  }

  /** Publishes whatever is in a stream, as {@link #publish(byte[])}; does not close it. */
  public void publish(InputStream content) throws IOException {
    publish(content.readAllBytes());
  }

  /**
   * Publishes a message that comes in order with all of its key.
   *
   * @throws KafkaException it is not with the service
   */
  public void publish(@Nullable String key, byte[] content) {
    byte[] keyBytes = key == null ? null : key.getBytes(UTF_8);
    try {
      producer.send(new ProducerRecord<>(name, keyBytes, content)).get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /**
   * Hands the messages of a group to a handler, on a thread of its own, until it is closed. The
   * group is made if it is not there.
   *
   * @param handler acknowledges a message by returning; when it throws, the message and those of
   *     its key after it go back to the queue
   */
  public MessageReceiver receive(String group, MessageHandler handler) {
    createGroup(group);
    Map<String, Object> settings = new HashMap<>(configs);
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.putIfAbsent(SqsConsumerConfig.FOREIGN_MESSAGES, SqsConsumerConfig.RELEASE);
    SqsConsumer<byte[], byte[]> consumer =
        new SqsConsumer<>(
            settings, new ByteArrayDeserializer(), new ByteArrayDeserializer(), services.get());
    return new MessageReceiver(name, consumer, handler);
  }

  @Override
  public void close() {
    producer.close();
    admin.close();
  }
}
