package io.sluice.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.Tag;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * What a server of version 0.1 left is there for this version and every later one: {@code
 * golden/server-0.1.zip} in the resources stays as it is. The clock is set back to its time, since
 * groups and messages end with time. With {@code -Dsluice.write-golden=FILE} a folder of this
 * version is written.
 */
class GoldenServerTest {

  private static final Instant WRITTEN = Instant.parse("2026-11-22T21:09:46Z");

  private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
  private static final ClientQuotaEntity CLIENT =
      new ClientQuotaEntity(Map.of(ClientQuotaEntity.CLIENT_ID, "greedy"));
  private static final ConfigResource BROKER = new ConfigResource(ConfigResource.Type.BROKER, "");

  @TempDir Path folder;

  @Test
  void a_server_of_version_0_1_left_what_it_had() throws Exception {
    PreloadedClock clock = new PreloadedClock(folder);
    clock.setAhead(Duration.between(Instant.now(), WRITTEN.plus(Duration.ofHours(2))));
    unpack(folder.resolve("data"));
    try (SluiceProcess sluice = clock.start(folder)) {
      checkKafka(sluice);
      checkShareGroup(sluice);
      try (SqsClient sqs = sluice.sqs();
          SnsClient sns = sluice.sns()) {
        checkQueues(sqs);
        checkSubscriptions(sqs, sns);
      }
    }
  }

  private static void checkKafka(SluiceProcess sluice) throws Exception {
    try (Admin admin = sluice.admin();
        KafkaConsumer<String, String> consumer = sluice.committed()) {
      assertEquals(
          Map.of(ORDERS, new OffsetAndMetadata(1, "half way")),
          admin.listConsumerGroupOffsets("metrics").partitionsToOffsetAndMetadata().get());
      assertEquals(
          Map.of("consumer_byte_rate", 1_000_000.0),
          admin.describeClientQuotas(ClientQuotaFilter.all()).entities().get().get(CLIENT));
      assertEquals(
          "86400000",
          admin
              .describeConfigs(List.of(BROKER))
              .all()
              .get()
              .get(BROKER)
              .get("log.retention.ms")
              .value());
      assertEquals(
          Set.of("payments"),
          Set.copyOf(
              admin.listTransactions().all().get().stream()
                  .map(transaction -> transaction.transactionalId())
                  .toList()));
      consumer.assign(List.of(ORDERS));
      consumer.seekToBeginning(List.of(ORDERS));
      List<String> values = new ArrayList<>();
      await()
          .until(
              () -> {
                consumer.poll(Duration.ofMillis(100)).forEach(r -> values.add(r.value()));
                return values.size() == 2;
              });
      assertEquals(List.of("paid 1", "paid 2"), values);
    }
  }

  private static void checkShareGroup(SluiceProcess sluice) {
    try (KafkaShareConsumer<String, String> sharers = sharers(sluice)) {
      sharers.subscribe(List.of("shared"));
      List<String> values = new ArrayList<>();
      await()
          .until(
              () -> {
                sharers.poll(Duration.ofMillis(100)).forEach(r -> values.add(r.value()));
                return !values.isEmpty();
              });
      assertEquals(List.of("second"), values);
    }
  }

  private static void checkQueues(SqsClient sqs) {
    String work = url(sqs, "work");
    Map<String, String> tags = sqs.listQueueTags(r -> r.queueUrl(work)).tags();
    assertEquals(Map.of("team", "orders"), tags);
    assertTrue(
        sqs.getQueueAttributes(r -> r.queueUrl(work).attributeNames(QueueAttributeName.ALL))
            .attributes()
            .get(QueueAttributeName.REDRIVE_POLICY)
            .contains("work-dead"));
    assertEquals(Set.of("in flight 2", "later 1", "open 1"), drain(sqs, work));
    assertEquals(Set.of("poison 2"), drain(sqs, url(sqs, "work-dead")));
    String fifo = url(sqs, "work.fifo");
    assertEquals(Set.of("b 1", "c 1"), drain(sqs, fifo));
    assertEquals(
        1,
        sqs.listMessageMoveTasks(r -> r.sourceArn(arn("moved-dead")).maxResults(10))
            .results()
            .size());
    assertEquals(Set.of("moved 1"), drain(sqs, url(sqs, "moved")));
  }

  private static void checkSubscriptions(SqsClient sqs, SnsClient sns) {
    assertEquals(Set.of("high 1"), drain(sqs, url(sqs, "alarms")));
    String subscription =
        sns.listSubscriptionsByTopic(r -> r.topicArn(topicArn("alerts")))
            .subscriptions()
            .getFirst()
            .subscriptionArn();
    Map<String, String> attributes =
        sns.getSubscriptionAttributes(r -> r.subscriptionArn(subscription)).attributes();
    assertEquals("{\"level\":[\"high\"]}", attributes.get("FilterPolicy"));
    assertEquals("true", attributes.get("RawMessageDelivery"));
    assertEquals(
        "Alerts",
        sns.getTopicAttributes(r -> r.topicArn(topicArn("alerts")))
            .attributes()
            .get("DisplayName"));
    assertFalse(sns.listTagsForResource(r -> r.resourceArn(topicArn("alerts"))).tags().isEmpty());
  }

  /** Each body, and how often it was received. */
  private static Set<String> drain(SqsClient sqs, String url) {
    Set<String> bodies = new TreeSet<>();
    List<Message> some = receive(sqs, url);
    while (!some.isEmpty()) {
      for (Message message : some) {
        bodies.add(
            message.body() + " " + message.attributesAsStrings().get("ApproximateReceiveCount"));
        sqs.deleteMessage(r -> r.queueUrl(url).receiptHandle(message.receiptHandle()));
      }
      some = receive(sqs, url);
    }
    return bodies;
  }

  @SuppressWarnings("deprecation") // the older name of the attribute list works everywhere
  private static List<Message> receive(SqsClient sqs, String url) {
    return sqs.receiveMessage(
            r -> r.queueUrl(url).maxNumberOfMessages(10).attributeNamesWithStrings("All"))
        .messages();
  }

  private static String url(SqsClient sqs, String name) {
    return sqs.getQueueUrl(r -> r.queueName(name)).queueUrl();
  }

  private static String arn(String queue) {
    return "arn:aws:sqs:eu-central-1:000000000000:" + queue;
  }

  private static String topicArn(String topic) {
    return "arn:aws:sns:eu-central-1:000000000000:" + topic;
  }

  private static KafkaShareConsumer<String, String> sharers(SluiceProcess sluice) {
    return new KafkaShareConsumer<>(
        Map.of(
            CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
            sluice.process().kafka(),
            ConsumerConfig.GROUP_ID_CONFIG,
            "sharers"),
        new StringDeserializer(),
        new StringDeserializer());
  }

  // How the folder was written.

  @Test
  @EnabledIfSystemProperty(named = "sluice.write-golden", matches = ".+")
  void writes_a_folder_of_this_version() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.in(folder)) {
      writeKafka(sluice);
      writeShareGroup(sluice);
      try (SqsClient sqs = sluice.sqs();
          SnsClient sns = sluice.sns()) {
        writeQueues(sqs);
        writeSubscriptions(sqs, sns);
      }
      assertEquals(0, sluice.process().terminate(Duration.ofMinutes(1)));
      pack(folder.resolve("data"), Path.of(System.getProperty("sluice.write-golden")));
    }
  }

  private static void writeKafka(SluiceProcess sluice) throws Exception {
    try (Admin admin = sluice.admin();
        KafkaProducer<String, String> producer = sluice.transactional("payments")) {
      producer.initTransactions();
      admin
          .createTopics(
              List.of(new NewTopic("orders", 1, (short) 1), new NewTopic("shared", 1, (short) 1)))
          .all()
          .get();
      for (String value : List.of("paid 1", "void", "paid 2")) {
        producer.beginTransaction();
        producer.send(new ProducerRecord<>("orders", "key", value)).get();
        if (value.equals("void")) {
          producer.abortTransaction();
        } else {
          producer.commitTransaction();
        }
      }
      admin
          .alterConsumerGroupOffsets(
              "metrics", Map.of(ORDERS, new OffsetAndMetadata(1, "half way")))
          .all()
          .get();
      ClientQuotaAlteration.Op rate = new ClientQuotaAlteration.Op("consumer_byte_rate", 1e6);
      admin
          .alterClientQuotas(List.of(new ClientQuotaAlteration(CLIENT, List.of(rate))))
          .all()
          .get();
      ConfigEntry day = new ConfigEntry("log.retention.ms", "86400000");
      admin
          .incrementalAlterConfigs(
              Map.of(BROKER, List.of(new AlterConfigOp(day, AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
  }

  private static void writeShareGroup(SluiceProcess sluice) throws Exception {
    try (Admin admin = sluice.admin();
        KafkaProducer<String, String> producer = sluice.producer();
        KafkaShareConsumer<String, String> sharers = sharers(sluice)) {
      ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, "sharers");
      ConfigEntry earliest = new ConfigEntry("share.auto.offset.reset", "earliest");
      admin
          .incrementalAlterConfigs(
              Map.of(group, List.of(new AlterConfigOp(earliest, AlterConfigOp.OpType.SET))))
          .all()
          .get();
      producer.send(new ProducerRecord<>("shared", "first")).get();
      sharers.subscribe(List.of("shared"));
      await()
          .until(
              () -> {
                boolean isRead = !sharers.poll(Duration.ofMillis(100)).isEmpty();
                sharers.commitSync();
                return isRead;
              });
      sharers.close();
      producer.send(new ProducerRecord<>("shared", "second")).get();
    }
  }

  private static void writeQueues(SqsClient sqs) {
    sqs.createQueue(r -> r.queueName("work-dead"));
    String work =
        sqs.createQueue(
                r ->
                    r.queueName("work")
                        .tags(Map.of("team", "orders"))
                        .attributes(
                            Map.of(
                                QueueAttributeName.REDRIVE_POLICY,
                                redrive("work-dead"),
                                QueueAttributeName.VISIBILITY_TIMEOUT,
                                "3600")))
            .queueUrl();
    send(sqs, work, "poison");
    assertEquals(
        1, sqs.receiveMessage(r -> r.queueUrl(work).visibilityTimeout(0)).messages().size());
    assertEquals(
        0, sqs.receiveMessage(r -> r.queueUrl(work).visibilityTimeout(0)).messages().size());
    send(sqs, work, "deleted");
    Message deleted = receive(sqs, work).getFirst();
    sqs.deleteMessage(r -> r.queueUrl(work).receiptHandle(deleted.receiptHandle()));
    sqs.setQueueAttributes(
        r ->
            r.queueUrl(work)
                .attributes(
                    Map.of(
                        QueueAttributeName.REDRIVE_POLICY,
                        redrive("work-dead").replace("\"1\"", "\"10\""))));
    send(sqs, work, "in flight");
    assertEquals(1, receive(sqs, work).size());
    send(sqs, work, "open");
    sqs.sendMessage(r -> r.queueUrl(work).messageBody("later").delaySeconds(900));

    String fifo =
        sqs.createQueue(
                r ->
                    r.queueName("work.fifo")
                        .attributes(
                            Map.of(
                                QueueAttributeName.FIFO_QUEUE,
                                "true",
                                QueueAttributeName.CONTENT_BASED_DEDUPLICATION,
                                "true")))
            .queueUrl();
    for (String body : List.of("a", "b", "b", "c")) {
      sqs.sendMessage(r -> r.queueUrl(fifo).messageBody(body).messageGroupId("group"));
    }
    Message first =
        sqs.receiveMessage(r -> r.queueUrl(fifo).maxNumberOfMessages(1)).messages().getFirst();
    sqs.deleteMessage(r -> r.queueUrl(fifo).receiptHandle(first.receiptHandle()));

    String dead = sqs.createQueue(r -> r.queueName("moved-dead")).queueUrl();
    String moved =
        sqs.createQueue(
                r ->
                    r.queueName("moved")
                        .attributes(
                            Map.of(QueueAttributeName.REDRIVE_POLICY, redrive("moved-dead"))))
            .queueUrl();
    send(sqs, moved, "moved");
    assertEquals(
        1, sqs.receiveMessage(r -> r.queueUrl(moved).visibilityTimeout(0)).messages().size());
    assertEquals(
        0, sqs.receiveMessage(r -> r.queueUrl(moved).visibilityTimeout(0)).messages().size());
    sqs.startMessageMoveTask(r -> r.sourceArn(arn("moved-dead")));
    await().until(() -> count(sqs, moved) == 1 && count(sqs, dead) == 0);
  }

  private static int count(SqsClient sqs, String url) {
    return Integer.parseInt(
        sqs.getQueueAttributes(r -> r.queueUrl(url).attributeNames(QueueAttributeName.ALL))
            .attributes()
            .get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES));
  }

  private static String redrive(String dead) {
    return "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":\"1\"}".formatted(arn(dead));
  }

  private static void send(SqsClient sqs, String url, String body) {
    sqs.sendMessage(r -> r.queueUrl(url).messageBody(body));
  }

  private static void writeSubscriptions(SqsClient sqs, SnsClient sns) {
    sqs.createQueue(r -> r.queueName("alarms"));
    String topic =
        sns.createTopic(
                r ->
                    r.name("alerts")
                        .attributes(Map.of("DisplayName", "Alerts"))
                        .tags(Tag.builder().key("team").value("orders").build()))
            .topicArn();
    sns.subscribe(
        r ->
            r.topicArn(topic)
                .protocol("sqs")
                .endpoint(arn("alarms"))
                .attributes(
                    Map.of(
                        "RawMessageDelivery", "true", "FilterPolicy", "{\"level\":[\"high\"]}")));
    for (String level : List.of("low", "high", "low")) {
      MessageAttributeValue value =
          MessageAttributeValue.builder().dataType("String").stringValue(level).build();
      sns.publish(r -> r.topicArn(topic).message(level).messageAttributes(Map.of("level", value)));
    }
  }

  private static void pack(Path data, Path file) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file));
        Stream<Path> entries = Files.walk(data)) {
      Path reserve = data.resolve("reserve");
      for (Path entry : entries.filter(Files::isRegularFile).sorted().toList()) {
        if (entry.equals(reserve)) {
          continue;
        }
        zip.putNextEntry(new ZipEntry(data.relativize(entry).toString()));
        Files.copy(entry, zip);
      }
    }
  }

  private static void unpack(Path data) throws IOException {
    try (InputStream in =
            Objects.requireNonNull(
                GoldenServerTest.class.getResourceAsStream("/golden/server-0.1.zip"));
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path file = data.resolve(entry.getName()).normalize();
        assertTrue(file.startsWith(data), entry.getName());
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.copy(zip, file);
      }
    }
  }
}
