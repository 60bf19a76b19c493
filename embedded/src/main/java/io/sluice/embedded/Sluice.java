package io.sluice.embedded;

import io.sluice.aws.AwsListener;
import io.sluice.aws.AwsListenerOptions;
import io.sluice.aws.AwsService;
import io.sluice.aws.InProcess;
import io.sluice.aws.signature.MessageSigner;
import io.sluice.aws.sns.FilterPolicies;
import io.sluice.aws.sns.SnsOptions;
import io.sluice.aws.sns.SnsService;
import io.sluice.aws.sqs.SqsService;
import io.sluice.aws.sts.StsIdentity;
import io.sluice.broker.Broker;
import io.sluice.broker.BrokerOptions;
import io.sluice.kafka.KafkaListener;
import io.sluice.kafka.KafkaListenerOptions;
import io.sluice.log.DiskLogStore;
import io.sluice.log.LogStoreOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * Sluice in this process: topics and queues on disk, and ordinary clients of the AWS SDK that reach
 * them without a socket. Nothing listens until {@link #endpoint()} or {@link #bootstrapServers()}
 * is asked for. Safe for use by many threads; closed once.
 *
 * <p>The clients answer and throw as the SDK's own do over HTTP. What the SDK's client builders add
 * is theirs: for execution interceptors, retries or an asynchronous client, build one for {@link
 * #endpoint()}.
 *
 * <pre>{@code
 * try (Sluice sluice = Sluice.embedded()) {
 *   SqsClient sqs = sluice.sqs();
 *   ...
 * }
 * }</pre>
 */
public final class Sluice implements AutoCloseable {

  /** What queue URLs begin with as long as nobody listens. */
  private static final URI NOT_LISTENING = URI.create("http://localhost:4566");

  private static final String LOOPBACK = "127.0.0.1";

  /** The first member of a group need not wait for others that no test would start later. */
  private static final int GROUP_INITIAL_REBALANCE_DELAY_MS = 0;

  /** Members hear of a rebalance with a heartbeat; tests would wait for Kafka's five seconds. */
  private static final int GROUP_HEARTBEAT_INTERVAL_MS = 500;

  private final EmbeddedOptions options;
  private final AdvancedClocks time;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final Broker broker;
  private final List<AwsService> services;
  private final SqsClient sqs;
  private final SnsClient sns;
  private final StsClient sts;

  /** Written with the monitor held. */
  private final MessageSigner signer;

  private volatile @Nullable AwsListener awsListener;

  private @Nullable KafkaListener kafkaListener;
  private volatile boolean closed;

  private Sluice(EmbeddedOptions options) {
    this.options = options;
    this.time = new AdvancedClocks(options.clock());
    try {
      DataFolder folder = open(DataFolder.of(options.data()));
      DiskLogStore log =
          open(
              DiskLogStore.open(
                  folder.path(),
                  LogStoreOptions.defaults()
                      .withDurability(options.durability())
                      .withClocks(time.clocks())));
      this.broker =
          open(
              Broker.open(
                  log,
                  folder.path(),
                  BrokerOptions.defaults()
                      .withClocks(time.clocks())
                      .withRecordFilters(new FilterPolicies())));
      SqsService sqsService = new SqsService(broker);
      this.signer = new MessageSigner(folder.path(), time.clocks().wall());
      SnsService snsService = open(new SnsService(broker, signer, SnsOptions.DEFAULTS));
      StsIdentity stsService = new StsIdentity();
      this.services =
          List.of(
              AwsService.of(SqsClient.class, sqsService),
              AwsService.of(SnsClient.class, snsService),
              AwsService.of(StsClient.class, stsService));
      InProcess calls =
          open(new InProcess(options.accountId(), options.region(), this::queueEndpoint));
      this.sqs = calls.client(SqsClient.class, sqsService);
      this.sns = calls.client(SnsClient.class, snsService);
      this.sts = calls.client(StsClient.class, stsService);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** One that keeps nothing when it is closed: {@link EmbeddedOptions#temporary()}. */
  public static Sluice embedded() {
    return embedded(EmbeddedOptions.temporary());
  }

  /**
   * One as these options say.
   *
   * @throws io.sluice.log.DataDirectoryException the data folder cannot be used, or another process
   *     uses it
   */
  public static Sluice embedded(EmbeddedOptions options) {
    return new Sluice(options);
  }

  private <T extends AutoCloseable> T open(T part) {
    opened.push(part);
    return part;
  }

  /** SQS in this process: calls use no socket. Closing the client releases nothing. */
  public SqsClient sqs() {
    return sqs;
  }

  /** SNS in this process: calls use no socket. Closing the client releases nothing. */
  public SnsClient sns() {
    return sns;
  }

  /** STS in this process: calls use no socket. Closing the client releases nothing. */
  public StsClient sts() {
    return sts;
  }

  /**
   * The URL of SQS, SNS and STS for clients with a socket, such as other SDKs: what belongs into
   * {@code AWS_ENDPOINT_URL}. With the first call it begins to listen, on loopback and a free port.
   */
  public URI endpoint() {
    checkOpen();
    AwsListener listening = awsListener;
    return (listening == null ? listenToAws() : listening).endpoint();
  }

  private synchronized AwsListener listenToAws() {
    AwsListener listening = awsListener;
    if (listening == null) {
      checkOpen();
      AwsListenerOptions defaults = AwsListenerOptions.DEFAULTS;
      listening =
          open(
              AwsListener.start(
                  new AwsListenerOptions(LOOPBACK, 0, options.accountId(), defaults.drain()),
                  services,
                  signer::certificate));
      awsListener = listening;
    }
    return listening;
  }

  private URI queueEndpoint() {
    AwsListener listening = awsListener;
    return listening == null ? NOT_LISTENING : listening.endpoint();
  }

  /**
   * Host and port for the {@code bootstrap.servers} of Kafka's clients, on the same topics. With
   * the first call it begins to listen, on loopback and a free port.
   */
  public synchronized String bootstrapServers() {
    checkOpen();
    if (kafkaListener == null) {
      try {
        kafkaListener =
            open(
                KafkaListener.start(
                    KafkaListenerOptions.defaults()
                        .withAddress(LOOPBACK, 0)
                        .withGroupInitialRebalanceDelayMs(GROUP_INITIAL_REBALANCE_DELAY_MS)
                        .withGroupHeartbeatIntervalMs(GROUP_HEARTBEAT_INTERVAL_MS),
                    broker));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return kafkaListener.address();
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("this Sluice is closed");
    }
  }

  /**
   * Moves the time of queues and topics on: over a visibility timeout, a delay, a deduplication
   * interval, the retention of records when it is next applied. Who waits for a message notices.
   * What belongs to Kafka's clients runs on: sessions of groups, timeouts of transactions.
   */
  public void advance(Duration by) {
    time.advance(by);
    broker.clockMoved();
  }

  /** Stops everything, and deletes the data folder if it is a temporary one. */
  @Override
  public synchronized void close() {
    closed = true;
    RuntimeException failure = null;
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        if (failure == null) {
          failure = new IllegalStateException("a part of Sluice could not be stopped", e);
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
