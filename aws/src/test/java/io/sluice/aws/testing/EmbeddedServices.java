package io.sluice.aws.testing;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.aws.signature.MessageSigner;
import io.sluice.aws.sns.DeliveryCounters;
import io.sluice.aws.sns.FilterPolicies;
import io.sluice.aws.sns.HttpDeliveryMode;
import io.sluice.aws.sns.SnsOptions;
import io.sluice.aws.sns.SnsService;
import io.sluice.aws.sqs.SqsService;
import io.sluice.broker.Broker;
import io.sluice.broker.BrokerOptions;
import io.sluice.broker.NewRecord;
import io.sluice.log.DiskLogStore;
import io.sluice.log.LogStoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * The services in the test's process, on a broker on disk, with a clock that the test moves. As a
 * field with {@code @RegisterExtension} there are new ones for each test, open before its first
 * {@code @BeforeEach} and until its last {@code @AfterEach} is done.
 */
public final class EmbeddedServices
    implements AutoCloseable, BeforeEachCallback, AfterEachCallback {

  private Path directory;
  private final ManualClock clock = new ManualClock();
  private DiskLogStore log;
  private Broker broker;
  private SqsClient sqs;
  private SnsService sns;

  /** For {@code @RegisterExtension}: in a folder of their own that goes with them. */
  public EmbeddedServices() {}

  /** Open now; whoever asks for these closes them. */
  public EmbeddedServices(Path directory) {
    this.directory = directory;
    open();
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    directory = Files.createTempDirectory("services");
    open();
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    close();
    Utils.delete(directory.toFile());
  }

  private void open() {
    log = DiskLogStore.open(directory.resolve("log"), LogStoreOptions.defaults());
    broker = openBroker();
    sqs = new SqsService(broker);
    sns = openSns();
  }

  /** Looks for messages to post often, since the clock does not move by itself. */
  private SnsService openSns() {
    return new SnsService(
        broker,
        new MessageSigner(broker.directory(), clock),
        new SnsOptions(HttpDeliveryMode.LOCAL, Duration.ofSeconds(5), Duration.ofMillis(50)));
  }

  private Broker openBroker() {
    return Broker.open(
        log,
        directory.resolve("state"),
        BrokerOptions.defaults().withClock(clock).withRecordFilters(new FilterPolicies()));
  }

  public SqsClient sqs() {
    return sqs;
  }

  public SnsClient sns() {
    return sns;
  }

  public Broker broker() {
    return broker;
  }

  public ManualClock clock() {
    return clock;
  }

  /** Ends everything and starts it again from what is on disk. */
  public void restart() {
    close();
    open();
  }

  /** What became of deliveries to endpoints. */
  public DeliveryCounters deliveries() {
    return sns.deliveries();
  }

  /** Waits until that has become of so many deliveries by the protocol, and of no more. */
  public void awaitDeliveries(String protocol, DeliveryCounters.Outcome outcome, long times) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertEquals(
                    times,
                    deliveries().of(protocol, outcome),
                    () -> deliveries().all().toString()));
  }

  /** A new queue's URL. */
  public String queue(String name) {
    return sqs.createQueue(request -> request.queueName(name)).queueUrl();
  }

  /** A new FIFO queue's URL. */
  public String fifoQueue(String name) {
    return sqs.createQueue(
            request -> request.queueName(name).attributesWithStrings(Map.of("FifoQueue", "true")))
        .queueUrl();
  }

  /** A new topic's ARN. */
  public String topic(String name) {
    return sns.createTopic(request -> request.name(name)).topicArn();
  }

  /** The ARN of a queue. */
  public static String queueArn(String name) {
    return "arn:aws:sqs:us-east-1:000000000000:" + name;
  }

  /** Subscribes a queue to a topic. Returns the subscription's ARN. */
  public String subscribe(String topicArn, String queue, Map<String, String> attributes) {
    return sns.subscribe(
            request ->
                request
                    .topicArn(topicArn)
                    .protocol("sqs")
                    .endpoint(queueArn(queue))
                    .attributes(attributes))
        .subscriptionArn();
  }

  /** Up to ten messages of a queue, with everything there is to know about them. */
  public List<Message> receive(String queueUrl) {
    return sqs.receiveMessage(
            request ->
                request
                    .queueUrl(queueUrl)
                    .maxNumberOfMessages(10)
                    .waitTimeSeconds(1)
                    .messageSystemAttributeNamesWithStrings("All")
                    .messageAttributeNames("All"))
        .messages();
  }

  /** The one message of a queue. */
  public Message receiveOne(String queueUrl) {
    List<Message> messages = receive(queueUrl);
    if (messages.size() != 1) {
      throw new AssertionError("expected one message, got " + messages);
    }
    return messages.getFirst();
  }

  /** The bodies of up to ten messages that can be received now, without waiting for any. */
  public List<String> receiveNow(String queueUrl) {
    return sqs
        .receiveMessage(
            request -> request.queueUrl(queueUrl).maxNumberOfMessages(10).waitTimeSeconds(0))
        .messages()
        .stream()
        .map(Message::body)
        .toList();
  }

  /** The queue's messages now, without waiting for any. */
  public List<Message> peek(String queueUrl) {
    return sqs.receiveMessage(
            request ->
                request
                    .queueUrl(queueUrl)
                    .maxNumberOfMessages(10)
                    .visibilityTimeout(0)
                    .waitTimeSeconds(0))
        .messages();
  }

  /** Publishes as a Kafka client does. */
  public void publishRecord(String topic, byte @Nullable [] key, byte[] value, Header... headers) {
    broker
        .publisher()
        .publish(topic, List.of(new NewRecord(key, value, List.of(headers))))
        .getFirst()
        .join();
  }

  @Override
  public void close() {
    sns.close();
    broker.close();
    log.close();
  }
}
