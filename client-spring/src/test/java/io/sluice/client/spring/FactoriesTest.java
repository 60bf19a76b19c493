package io.sluice.client.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.client.ServiceConfig;
import io.sluice.client.Services;
import io.sluice.client.SnsSqsAdmin;
import io.sluice.embedded.Sluice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidGroupIdException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.ProducerFactory;

/** The factories themselves, without a container. */
class FactoriesTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private Sluice sluice;
  private Services services;

  @BeforeEach
  void start() {
    sluice = Sluice.embedded();
    services = Services.shared(sluice.sns(), sluice.sqs(), sluice.sts());
    try (SnsSqsAdmin admin = new SnsSqsAdmin(services.share())) {
      admin.createTopics(List.of(new NewTopic("orders", 1, (short) 1)));
    }
  }

  @AfterEach
  void stop() {
    sluice.close();
  }

  /** A serializer that knows whether it was configured and closed. */
  private static final class Watched extends StringSerializer {
    private final List<String> calls = new ArrayList<>();

    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
      calls.add("configure " + configs.get("mine") + " " + isKey);
      super.configure(configs, isKey);
    }

    @Override
    public void close() {
      calls.add("close");
    }
  }

  private SqsConsumerFactory<String, String> consumers() {
    return new SqsConsumerFactory<>(
        Map.of(
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "earliest",
            ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
            1000),
        StringDeserializer::new,
        StringDeserializer::new,
        true,
        services);
  }

  private static List<String> read(ConsumerFactory<String, String> factory, String group) {
    try (Consumer<String, String> consumer = factory.createConsumer(group, "-0")) {
      consumer.subscribe(List.of("orders"));
      List<String> values = new ArrayList<>();
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (values.isEmpty() && System.nanoTime() < end) {
        ConsumerRecords<String, String> records = consumer.poll(Duration.ofSeconds(1));
        records.forEach(record -> values.add(record.value()));
      }
      return values;
    }
  }

  @Test
  void one_producer_is_shared_and_outlives_its_users() throws Exception {
    Watched keys = new Watched();
    var factory =
        new SnsProducerFactory<String, String>(
            Map.of("mine", 1), () -> keys, StringSerializer::new, true, services);
    KafkaTemplate<String, String> template = new KafkaTemplate<>(factory);
    factory.createProducer().close();
    template.send("orders", "key", "value").get();
    assertEquals(List.of("value"), read(consumers(), "readers"));
    factory.destroy();
    assertEquals(List.of("configure 1 true", "close"), keys.calls);
  }

  @Test
  void what_is_configured_already_is_not_configured_again() {
    Watched keys = new Watched();
    var factory =
        new SnsProducerFactory<String, String>(
            Map.of(), () -> keys, StringSerializer::new, false, services);
    factory.createProducer().partitionsFor("orders");
    factory.destroy();
    assertEquals(List.of("close"), keys.calls);
  }

  /** S3's client is not among the libraries of this module, as it is for those that want none. */
  @Test
  void a_bucket_wants_the_client_of_s3() {
    var factory =
        new SnsProducerFactory<String, String>(
            Map.of("s3.bucket", "payloads", "aws.region", "eu-central-1"),
            StringSerializer::new,
            StringSerializer::new,
            true,
            services);
    ConfigException refused = assertThrows(ConfigException.class, factory::createProducer);
    assertTrue(refused.getMessage().contains("software.amazon.awssdk:s3"), refused.getMessage());
  }

  @Test
  void settings_alone_are_enough() throws Exception {
    Map<String, Object> settings =
        Map.of(
            ServiceConfig.ENDPOINT,
            sluice.endpoint().toString(),
            ServiceConfig.REGION,
            "us-east-1",
            ServiceConfig.ACCESS_KEY_ID,
            "any",
            ServiceConfig.SECRET_ACCESS_KEY,
            "any");
    Map<String, Object> producing = new HashMap<>(settings);
    producing.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
    producing.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, StringSerializer.class.getName());
    var producers = new SnsProducerFactory<String, String>(producing);
    new KafkaTemplate<>(producers).send("orders", "value").get();
    producers.destroy();
    Map<String, Object> consuming = new HashMap<>(settings);
    consuming.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    consuming.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 1000);
    var consumers =
        new SqsConsumerFactory<>(consuming, new StringDeserializer(), new StringDeserializer());
    assertEquals(List.of("value"), read(consumers, "readers"));
  }

  @Test
  void a_template_with_settings_of_its_own_is_on_sns_too() throws Exception {
    AtomicInteger made = new AtomicInteger();
    var factory =
        new SnsProducerFactory<String, String>(
            Map.of(), StringSerializer::new, StringSerializer::new, true, services);
    factory.addPostProcessor(
        producer -> {
          made.incrementAndGet();
          return producer;
        });
    KafkaTemplate<String, String> template =
        new KafkaTemplate<>(factory, Map.of(ProducerConfig.LINGER_MS_CONFIG, 0));
    template.send("orders", "value").get();
    assertEquals(1, made.get());
    ProducerFactory<String, String> copy = template.getProducerFactory();
    assertInstanceOf(SnsProducerFactory.class, copy);
    assertEquals(0, copy.getConfigurationProperties().get(ProducerConfig.LINGER_MS_CONFIG));
    template.destroy();
    factory.destroy();
  }

  @Test
  void listeners_hear_of_each_consumer() {
    SqsConsumerFactory<String, String> factory = consumers();
    factory.setBeanName("consumers");
    List<String> heard = new ArrayList<>();
    List<Consumer<String, String>> known = new ArrayList<>();
    factory.addListener(
        new ConsumerFactory.Listener<>() {
          @Override
          public void consumerAdded(String id, Consumer<String, String> consumer) {
            heard.add("+" + id);
            known.add(consumer);
          }

          @Override
          public void consumerRemoved(String id, Consumer<String, String> consumer) {
            heard.add("-" + id);
            assertSame(known.get(0), consumer);
          }
        });
    try (Consumer<String, String> consumer = factory.createConsumer("readers", "shop", "-1")) {
      assertSame(known.get(0), consumer);
      assertEquals(List.of("+consumers.shop-1"), heard);
      // What the consumer throws is what its user sees.
      assertThrows(IllegalStateException.class, () -> consumer.poll(Duration.ZERO));
    }
    assertEquals(List.of("+consumers.shop-1", "-consumers.shop-1"), heard);
  }

  @Test
  void a_consumer_that_cannot_be_is_none() {
    assertThrows(InvalidGroupIdException.class, () -> consumers().createConsumer());
  }

  @Test
  void transactions_are_refused_when_the_application_starts() {
    try (var context = new AnnotationConfigApplicationContext()) {
      context.registerBean(
          SnsProducerFactory.class,
          () -> new SnsProducerFactory<>(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "tx-")));
      BeanCreationException refused = assertThrows(BeanCreationException.class, context::refresh);
      assertEquals(
          "SNS has no transactions: the transactionIdPrefix tx- (or transactional.id) must not be"
              + " set",
          refused.getMostSpecificCause().getMessage());
    }
  }

  @Test
  void a_template_that_begins_a_transaction_is_told_so() {
    var factory =
        new SnsProducerFactory<String, String>(
            Map.of(), StringSerializer::new, StringSerializer::new, true, services);
    factory.setTransactionIdPrefix("tx-");
    assertThrows(
        UnsupportedOperationException.class,
        () -> new KafkaTemplate<>(factory).executeInTransaction(each -> each));
  }
}
