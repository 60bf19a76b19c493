package io.sluice.server.demo;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.StringSerializer;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The ordinary clients of an application; nothing but the endpoint is Sluice's.
 *
 * @param sns the AWS SDK's SNS client
 * @param sqs the AWS SDK's SQS client
 * @param producer Kafka's producer
 */
record Clients(SnsClient sns, SqsClient sqs, Producer<String, String> producer)
    implements AutoCloseable {

  private static final int CONNECTIONS = 64;
  private static final Duration CLOSE = Duration.ofSeconds(2);

  static Clients of(BrokerProcess broker) {
    StaticCredentialsProvider anyone =
        StaticCredentialsProvider.create(AwsBasicCredentials.create("demo", "demo"));
    URI endpoint = URI.create(broker.aws());
    SnsClient sns =
        SnsClient.builder()
            .endpointOverride(endpoint)
            .region(Region.US_EAST_1)
            .credentialsProvider(anyone)
            .httpClientBuilder(ApacheHttpClient.builder().maxConnections(CONNECTIONS))
            .build();
    SqsClient sqs =
        SqsClient.builder()
            .endpointOverride(endpoint)
            .region(Region.US_EAST_1)
            .credentialsProvider(anyone)
            .httpClientBuilder(ApacheHttpClient.builder().maxConnections(CONNECTIONS))
            .build();
    Map<String, Object> settings =
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.kafka(),
            ProducerConfig.LINGER_MS_CONFIG, 0,
            ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 200);
    return new Clients(
        sns, sqs, new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer()));
  }

  @Override
  public void close() {
    producer.close(CLOSE);
    sns.close();
    sqs.close();
  }
}
