package io.sluice.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazon.sqs.javamessaging.AmazonSQSExtendedClient;
import com.amazon.sqs.javamessaging.ExtendedClientConfiguration;
import io.sluice.client.ServiceConfig;
import io.sluice.client.Services;
import io.sluice.client.SnsProducer;
import io.sluice.client.SnsSqsAdmin;
import io.sluice.client.SqsConsumer;
import io.sluice.client.message.UnreadableMessageException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.sns.AmazonSNSExtendedClient;
import software.amazon.sns.SNSExtendedClientConfiguration;

/**
 * What is too large for a message, with Amazon's own amazon-sqs-java-extended-client-lib and
 * amazon-sns-java-extended-client-lib at the other end, and the S3 of npm's {@code fauxqs}.
 */
class LargePayloadTest {

  private static final String BUCKET = "payloads";
  private static final Duration MOMENT = Duration.ofMillis(200);

  @TempDir Path folder;
  private FauxqsProcess fauxqs;
  private S3Client s3;

  @BeforeEach
  void start() throws Exception {
    fauxqs = FauxqsProcess.start(folder);
    s3 =
        S3Client.builder()
            .region(Region.US_EAST_1)
            .endpointOverride(URI.create(fauxqs.endpoint()))
            .forcePathStyle(true)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")))
            .build();
    s3.createBucket(request -> request.bucket(BUCKET));
  }

  @AfterEach
  void stop() {
    s3.close();
    fauxqs.close();
  }

  private Map<String, Object> configs() {
    Map<String, Object> configs = new HashMap<>();
    configs.putAll(ClientConfigs.at(fauxqs.endpoint(), "us-east-1"));
    configs.put(ServiceConfig.S3_BUCKET, BUCKET);
    configs.put(ConsumerConfig.GROUP_ID_CONFIG, "dispatch");
    configs.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 1000);
    return configs;
  }

  private Services services() {
    return Services.of(configs());
  }

  private void create(String format) {
    try (SnsSqsAdmin admin = new SnsSqsAdmin(services())) {
      admin.createTopics(
          List.of(
              new NewTopic("orders", 1, (short) -1)
                  .configs(Map.of(SnsSqsAdmin.FORMAT_CONFIG, format))));
      admin.createGroup("dispatch", List.of("orders"));
    }
  }

  private Producer<String, byte[]> producer(Map<String, Object> configs) {
    return new SnsProducer<>(
        configs, new StringSerializer(), new ByteArraySerializer(), services());
  }

  private Consumer<String, byte[]> consumer() {
    Consumer<String, byte[]> consumer =
        new SqsConsumer<>(
            configs(), new StringDeserializer(), new ByteArrayDeserializer(), services());
    consumer.subscribe(List.of("orders"));
    return consumer;
  }

  private static List<ConsumerRecord<String, byte[]>> poll(
      Consumer<String, byte[]> consumer, int count) {
    List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              consumer.poll(MOMENT).forEach(records::add);
              return records.size() >= count;
            });
    return records;
  }

  private static byte[] random(int bytes) {
    byte[] random = new byte[bytes];
    new Random(bytes).nextBytes(random);
    return random;
  }

  private static byte[] text(int bytes) {
    byte[] text = new byte[bytes];
    Arrays.fill(text, (byte) 'x');
    return text;
  }

  @Test
  void large_records_keep_their_place_among_small_ones() {
    for (String format : List.of("plain", "packed")) {
      create(format);
      try (Producer<String, byte[]> producer = producer(configs())) {
        for (int bytes : new int[] {10, 700_000, 20, 300_000, 30}) {
          ProducerRecord<String, byte[]> record =
              new ProducerRecord<>("orders", "k", random(bytes));
          record.headers().add("bytes", Integer.toString(bytes).getBytes(UTF_8));
          producer.send(record);
        }
      }
      try (Consumer<String, byte[]> consumer = consumer()) {
        List<ConsumerRecord<String, byte[]>> records = poll(consumer, 5);
        assertEquals(
            List.of(10, 700_000, 20, 300_000, 30),
            records.stream().map(record -> record.value().length).toList(),
            format);
        for (ConsumerRecord<String, byte[]> record : records) {
          assertArrayEquals(random(record.value().length), record.value());
          assertEquals(1, record.headers().toArray().length);
        }
      }
      try (SnsSqsAdmin admin = new SnsSqsAdmin(services())) {
        admin.deleteTopics(List.of("orders"));
      }
    }
  }

  @Test
  void amazons_library_reads_what_this_one_wrote() {
    create("plain");
    try (Producer<String, byte[]> producer = producer(configs())) {
      producer.send(new ProducerRecord<>("orders", "k", text(400_000)));
    }
    try (Services services = services()) {
      AmazonSQSExtendedClient extended =
          new AmazonSQSExtendedClient(
              services.sqs(),
              new ExtendedClientConfiguration().withPayloadSupportEnabled(s3, BUCKET));
      String url =
          services
              .sqs()
              .listQueues(request -> request.queueNamePrefix("dispatch"))
              .queueUrls()
              .get(0);
      List<Message> messages = new ArrayList<>();
      await()
          .until(
              () -> {
                messages.addAll(
                    extended
                        .receiveMessage(r -> r.queueUrl(url).messageAttributeNames("All"))
                        .messages());
                return !messages.isEmpty();
              });
      assertEquals(new String(text(400_000), UTF_8), messages.get(0).body());
      extended.deleteMessage(r -> r.queueUrl(url).receiptHandle(messages.get(0).receiptHandle()));
      assertTrue(s3.listObjectsV2(request -> request.bucket(BUCKET)).contents().isEmpty());
    }
  }

  @Test
  void this_library_reads_what_amazons_wrote() {
    create("plain");
    try (Services services = services()) {
      AmazonSNSExtendedClient extended =
          new AmazonSNSExtendedClient(
              services.sns(),
              new SNSExtendedClientConfiguration().withPayloadSupportEnabled(s3, BUCKET));
      String arn = services.sns().listTopics().topics().get(0).topicArn();
      extended.publish(
          request ->
              request
                  .topicArn(arn)
                  .message(new String(text(400_000), UTF_8))
                  .messageGroupId("k")
                  .messageDeduplicationId("1")
                  .messageAttributes(
                      Map.of(
                          "colour",
                          MessageAttributeValue.builder()
                              .dataType("String")
                              .stringValue("red")
                              .build())));
    }
    try (Consumer<String, byte[]> consumer = consumer()) {
      ConsumerRecord<String, byte[]> record = poll(consumer, 1).get(0);
      assertArrayEquals(text(400_000), record.value());
      assertEquals("k", record.key());
      assertEquals(1, record.headers().toArray().length);
      assertArrayEquals("red".getBytes(UTF_8), record.headers().lastHeader("colour").value());
    }
  }

  @Test
  void a_payload_that_is_gone_is_named_and_can_be_passed() {
    create("plain");
    try (Producer<String, byte[]> producer = producer(configs())) {
      producer.send(new ProducerRecord<>("orders", "k", text(400_000)));
      producer.send(new ProducerRecord<>("orders", "k", text(4)));
    }
    s3.listObjectsV2(request -> request.bucket(BUCKET))
        .contents()
        .forEach(object -> s3.deleteObject(r -> r.bucket(BUCKET).key(object.key())));
    try (Consumer<String, byte[]> consumer = consumer()) {
      RecordDeserializationException refused =
          assertThrows(RecordDeserializationException.class, () -> poll(consumer, 1));
      assertInstanceOf(UnreadableMessageException.class, refused.getCause());
      consumer.seek(refused.topicPartition(), refused.offset() + 1);
      assertArrayEquals(text(4), poll(consumer, 1).get(0).value());
    }
  }

  @Test
  void without_a_bucket_it_is_too_large() {
    create("plain");
    Map<String, Object> configs = configs();
    configs.remove(ServiceConfig.S3_BUCKET);
    try (Producer<String, byte[]> producer = producer(configs)) {
      ExecutionException refused =
          assertThrows(
              ExecutionException.class,
              () -> producer.send(new ProducerRecord<>("orders", "k", text(400_000))).get());
      assertInstanceOf(RecordTooLargeException.class, refused.getCause());
    }
  }
}
