package io.sluice.e2e;

import io.sluice.server.demo.BrokerProcess;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * A Sluice process with its data folder, which can be killed and started again on the same ports,
 * and ordinary clients for it. Owned by one test.
 */
final class SluiceProcess implements AutoCloseable {

  /** Members hear of each rebalance with a heartbeat; Kafka's five seconds would be waited for. */
  static final String HEARTBEAT_INTERVAL = "--group-heartbeat-interval-ms";

  private final Path folder;
  private final List<String> environment;
  private final List<String> options;
  private BrokerProcess process;

  private SluiceProcess(Path folder, List<String> environment, List<String> options) {
    this.folder = folder;
    this.environment = environment;
    this.options = options;
    this.process = start(List.of("0", "0", "0"));
  }

  /** Starts a broker whose data and log live in {@code folder}, with extra flags. */
  static SluiceProcess in(Path folder, String... options) {
    return new SluiceProcess(folder, List.of(), List.of(options));
  }

  /**
   * The same behind a command that runs it.
   *
   * @param environment such as {@code env NAME=value}
   */
  static SluiceProcess under(List<String> environment, Path folder, String... options) {
    return new SluiceProcess(folder, environment, List.of(options));
  }

  /** One with a Java heap of so many MB. */
  static SluiceProcess withHeap(int megabytes, Path folder, String... options) {
    // Java reads this variable after its command line, and the last of two flags counts.
    return under(List.of("env", "_JAVA_OPTIONS=-Xmx" + megabytes + "m"), folder, options);
  }

  /** Where its data is. */
  Path data() {
    return folder.resolve("data");
  }

  private BrokerProcess start(List<String> ports) {
    List<String> flags = new ArrayList<>(options);
    flags.addAll(
        List.of(
            "--data", folder.resolve("data").toString(),
            "--group-initial-rebalance-delay-ms", "0",
            "--kafka-port", ports.get(0),
            "--aws-port", ports.get(1),
            "--admin-port", ports.get(2)));
    if (!flags.contains(HEARTBEAT_INTERVAL)) {
      flags.addAll(List.of(HEARTBEAT_INTERVAL, "500"));
    }
    List<String> command = new ArrayList<>(environment);
    command.addAll(BuiltSluice.command());
    return BrokerProcess.start(command, flags, folder.resolve("broker.log"));
  }

  /** {@code kill -9}, then a new process on the same ports and data. */
  void killAndRestart() {
    process.kill();
    process = start(process.ports());
  }

  BrokerProcess process() {
    return process;
  }

  /** Where the broker's log lines go. */
  Path log() {
    return folder.resolve("broker.log");
  }

  Admin admin() {
    return Admin.create(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, process.kafka()));
  }

  KafkaProducer<String, String> producer() {
    return new KafkaProducer<>(
        Map.of(
            CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
            process.kafka(),
            CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG,
            200),
        new StringSerializer(),
        new StringSerializer());
  }

  /** A producer with transactions, which are yet to be initialized. */
  KafkaProducer<String, String> transactional(String id) {
    return new KafkaProducer<>(
        Map.of(
            CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
            process.kafka(),
            ProducerConfig.TRANSACTIONAL_ID_CONFIG,
            id),
        new StringSerializer(),
        new StringSerializer());
  }

  /** A consumer without a group that reads what is committed. */
  KafkaConsumer<String, String> committed() {
    return new KafkaConsumer<>(
        Map.of(
            CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
            process.kafka(),
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed"),
        new StringDeserializer(),
        new StringDeserializer());
  }

  /** A consumer of {@code group} that begins at the earliest record. */
  KafkaConsumer<String, String> consumer(String group, String protocol) {
    return new KafkaConsumer<>(
        Map.of(
            CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
            process.kafka(),
            CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG,
            200,
            ConsumerConfig.GROUP_ID_CONFIG,
            group,
            ConsumerConfig.GROUP_PROTOCOL_CONFIG,
            protocol,
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "earliest"),
        new StringDeserializer(),
        new StringDeserializer());
  }

  SqsClient sqs() {
    return configured(SqsClient.builder()).build();
  }

  SnsClient sns() {
    return configured(SnsClient.builder()).build();
  }

  /** Points any AWS client at this process. */
  <B extends AwsClientBuilder<B, ?>> B configured(B builder) {
    return builder
        .endpointOverride(URI.create(process.aws()))
        .region(Region.EU_CENTRAL_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")));
  }

  @Override
  public void close() {
    process.close();
  }
}
