package io.sluice.torture.work;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Where the broker listens, over all restarts, and ordinary clients for it.
 *
 * @param kafka host and port
 * @param aws URL
 */
public record Doors(String kafka, String aws) {

  private static final int RECONNECT_MS = 100;

  /** A client that asks once: who repeats a request must know it. */
  public SqsClient sqs() {
    return once(SqsClient.builder()).build();
  }

  /** A client that asks once. */
  public SnsClient sns() {
    return once(SnsClient.builder()).build();
  }

  private <B extends AwsClientBuilder<B, ?>> B once(B builder) {
    return builder
        .endpointOverride(URI.create(aws))
        .region(Region.EU_CENTRAL_1)
        .overrideConfiguration(
            configuration -> configuration.retryStrategy(AwsRetryStrategy.doNotRetry()))
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")));
  }

  /** A client for administration. */
  public Admin admin() {
    return Admin.create(common());
  }

  /** A producer with Kafka's defaults, which are idempotent, that does not wait to fill batches. */
  public KafkaProducer<String, String> producer(Map<String, Object> more) {
    Map<String, Object> settings = common();
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    settings.putAll(more);
    return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
  }

  /** A consumer that commits nothing by itself, and says so when an offset is not there. */
  public KafkaConsumer<String, String> consumer(Map<String, Object> more) {
    Map<String, Object> settings = common();
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    settings.putAll(more);
    return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
  }

  /** What every Kafka client needs. */
  Map<String, Object> common() {
    Map<String, Object> settings = new HashMap<>();
    settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, kafka);
    settings.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, RECONNECT_MS);
    return settings;
  }
}
