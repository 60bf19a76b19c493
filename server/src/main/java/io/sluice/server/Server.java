package io.sluice.server;

import io.sluice.aws.AwsListener;
import io.sluice.aws.AwsListenerOptions;
import io.sluice.aws.AwsService;
import io.sluice.aws.message.Notifications;
import io.sluice.aws.signature.MessageSigner;
import io.sluice.aws.sns.DeliveryCounters;
import io.sluice.aws.sns.FilterPolicies;
import io.sluice.aws.sns.SnsOptions;
import io.sluice.aws.sns.SnsService;
import io.sluice.aws.sqs.SqsOptions;
import io.sluice.aws.sqs.SqsService;
import io.sluice.aws.sts.StsIdentity;
import io.sluice.broker.Broker;
import io.sluice.broker.BrokerOptions;
import io.sluice.kafka.KafkaListener;
import io.sluice.kafka.KafkaListenerOptions;
import io.sluice.log.DataDirectoryException;
import io.sluice.log.DiskLogStore;
import io.sluice.log.LogStoreOptions;
import io.sluice.log.clock.Clocks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * A running Sluice: log, broker, then the doors; stopped in the opposite order. Owned by the thread
 * that starts it; closed once, by any thread.
 */
final class Server implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(Server.class);

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final Optional<String> kafkaAddress;
  private final Optional<String> awsEndpoint;
  private final String adminEndpoint;

  /** Without a door for SNS, nothing is ever counted. */
  private DeliveryCounters deliveries = new DeliveryCounters();

  private Server(Configuration configuration) throws IOException {
    try {
      // The admin port says that nothing is ready until the other doors answer. The HTTP server
      // takes about as long to set up as the log does to open.
      StartingAdmin starting = open(new StartingAdmin(configuration));
      Path data = configuration.get(Settings.DATA);
      Clocks clocks = Clocks.system();
      DiskLogStore log =
          open(DiskLogStore.open(data, logOptions(configuration).withClocks(clocks)));
      Broker broker = open(Broker.open(log, data, brokerOptions(configuration).withClocks(clocks)));
      AdminListener admin = starting.await();
      this.awsEndpoint = openAws(configuration, broker);
      this.kafkaAddress = openKafka(configuration, broker);
      this.adminEndpoint = admin.endpoint();
      DeliveryCounters counted = deliveries;
      admin.ready(broker, log::faults, () -> MetricsPage.of(counted));
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Starts everything; every door answers when this returns.
   *
   * @throws StartException a port is in use, or the data folder cannot be used or is damaged
   */
  static Server start(Configuration configuration) {
    Ports.check(configuration);
    try {
      return new Server(configuration);
    } catch (DataDirectoryException
        | IllegalStateException
        | IOException
        | UncheckedIOException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }

  private <T extends AutoCloseable> T open(T part) {
    opened.push(part);
    return part;
  }

  private Optional<String> openAws(Configuration configuration, Broker broker) {
    OptionalInt port = configuration.get(Settings.AWS_PORT);
    if (port.isEmpty()) {
      return Optional.empty();
    }
    AwsListenerOptions options = awsOptions(configuration, port.getAsInt());
    MessageSigner signer = new MessageSigner(broker.directory(), broker.options().clocks().wall());
    SnsService sns = open(new SnsService(broker, signer, snsOptions(configuration)));
    deliveries = sns.deliveries();
    Notifications notifications =
        configuration.get(Settings.SIGN_QUEUE_NOTIFICATIONS)
            ? Notifications.signed(broker.topics(), signer)
            : Notifications.unsigned(broker.topics());
    List<AwsService> services =
        List.of(
            AwsService.of(
                SqsClient.class, new SqsService(broker, notifications, sqsOptions(configuration))),
            AwsService.of(SnsClient.class, sns),
            AwsService.of(StsClient.class, new StsIdentity()));
    AwsListener listener = open(AwsListener.start(options, services, signer::certificate));
    return Optional.of(listener.endpoint().toString());
  }

  private Optional<String> openKafka(Configuration configuration, Broker broker)
      throws IOException {
    OptionalInt port = configuration.get(Settings.KAFKA_PORT);
    if (port.isEmpty()) {
      return Optional.empty();
    }
    KafkaListenerOptions options = kafkaOptions(configuration, port.getAsInt());
    return Optional.of(open(KafkaListener.start(options, broker)).address());
  }

  private static LogStoreOptions logOptions(Configuration configuration) {
    return LogStoreOptions.defaults()
        .withDurability(configuration.get(Settings.DURABILITY))
        .withReserveBytes(configuration.get(Settings.DISK_RESERVE_BYTES))
        .withRetentionCheckInterval(
            Duration.ofMillis(configuration.get(Settings.RETENTION_CHECK_INTERVAL_MS)));
  }

  private static BrokerOptions brokerOptions(Configuration configuration) {
    return BrokerOptions.defaults()
        .withDefaultPartitions(configuration.get(Settings.DEFAULT_PARTITIONS))
        .withAutoCreateTopics(configuration.get(Settings.AUTO_CREATE_TOPICS))
        .withRecordFilters(new FilterPolicies());
  }

  private static KafkaListenerOptions kafkaOptions(Configuration configuration, int port) {
    String advertised = configuration.get(Settings.ADVERTISED_HOST);
    return new KafkaListenerOptions(
        configuration.get(Settings.HOST),
        port,
        Optional.of(advertised).filter(host -> !host.isEmpty()),
        configuration.get(Settings.MAX_REQUEST_BYTES),
        KafkaListenerOptions.defaults().requestMemoryBytes(),
        configuration.get(Settings.MAX_CONNECTIONS),
        Duration.ofMillis(configuration.get(Settings.CONNECTIONS_MAX_IDLE_MS)),
        configuration.get(Settings.GROUP_INITIAL_REBALANCE_DELAY_MS),
        configuration.get(Settings.GROUP_HEARTBEAT_INTERVAL_MS),
        configuration.get(Settings.GROUP_SESSION_TIMEOUT_MS));
  }

  private static AwsListenerOptions awsOptions(Configuration configuration, int port) {
    AwsListenerOptions defaults = AwsListenerOptions.DEFAULTS;
    return new AwsListenerOptions(
        configuration.get(Settings.HOST),
        port,
        configuration.get(Settings.ACCOUNT_ID),
        defaults.drain());
  }

  private static SqsOptions sqsOptions(Configuration configuration) {
    return new SqsOptions(
        configuration.get(Settings.SQS_NAME_RULE), configuration.get(Settings.SQS_PURGE_RULE));
  }

  private static SnsOptions snsOptions(Configuration configuration) {
    try {
      InetAddress host = InetAddress.getByName(configuration.get(Settings.HOST));
      return SnsOptions.DEFAULTS.withMode(configuration.get(Settings.HTTP_DELIVERIES).mode(host));
    } catch (UnknownHostException e) {
      throw new UncheckedIOException("there is no address " + e.getMessage(), e);
    }
  }

  /** {@code ready} and the three addresses. */
  String readyLine() {
    return "ready kafka=%s aws=%s admin=%s"
        .formatted(
            kafkaAddress.orElse(Settings.OFF), awsEndpoint.orElse(Settings.OFF), adminEndpoint);
  }

  /** Host and port for {@code bootstrap.servers}; empty when Kafka clients are not served. */
  Optional<String> kafkaAddress() {
    return kafkaAddress;
  }

  /** The endpoint URL for AWS SDKs; empty when they are not served. */
  Optional<String> awsEndpoint() {
    return awsEndpoint;
  }

  @Override
  public void close() {
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        LOGGER.error("a part of the server could not be stopped", e);
      }
    }
  }
}
