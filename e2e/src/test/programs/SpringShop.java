import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.annotation.EnableKafka;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaTemplate;

/**
 * An application of Spring for Apache Kafka: its admin makes a topic, its template sends to it, its
 * listener's two threads receive. Prints one JSON line.
 *
 * <p>usage: SpringShop KAFKA_HOST:PORT COUNT
 */
final class SpringShop {

  private static final String TOPIC = "spring-orders";

  private static String bootstrap;

  public static void main(String[] arguments) throws Exception {
    bootstrap = arguments[0];
    int count = Integer.parseInt(arguments[1]);
    List<String> received = new ArrayList<>();
    try (var context = new AnnotationConfigApplicationContext(Shop.class)) {
      @SuppressWarnings("unchecked")
      KafkaTemplate<String, String> template = context.getBean(KafkaTemplate.class);
      for (int i = 0; i < count; i++) {
        template.send(TOPIC, "k" + i % 5, "order-" + i).get();
      }
      Desk desk = context.getBean(Desk.class);
      while (received.size() < count) {
        String order = desk.orders.poll(30, TimeUnit.SECONDS);
        if (order == null) {
          break;
        }
        received.add(order);
      }
    }
    System.out.printf("{\"received\": [\"%s\"]}%n", String.join("\", \"", received));
  }

  /** Where orders arrive. */
  public static class Desk {
    final BlockingQueue<String> orders = new LinkedBlockingQueue<>();

    @KafkaListener(topics = TOPIC, groupId = "spring-metrics", concurrency = "2")
    public void receive(String order) {
      orders.add(order);
    }
  }

  /** The application. */
  @Configuration(proxyBeanMethods = false)
  @EnableKafka
  public static class Shop {

    private static Map<String, Object> configs(Map<String, Object> more) {
      Map<String, Object> configs = new HashMap<>(more);
      configs.put("bootstrap.servers", bootstrap);
      return configs;
    }

    @Bean
    public KafkaAdmin admin() {
      return new KafkaAdmin(configs(Map.of()));
    }

    @Bean
    public NewTopic orders() {
      return TopicBuilder.name(TOPIC).partitions(4).compact().build();
    }

    @Bean
    public KafkaTemplate<String, String> template() {
      return new KafkaTemplate<>(
          new DefaultKafkaProducerFactory<>(
              configs(Map.of()), new StringSerializer(), new StringSerializer()));
    }

    @Bean
    public ConcurrentKafkaListenerContainerFactory<String, String> kafkaListenerContainerFactory() {
      ConcurrentKafkaListenerContainerFactory<String, String> factory =
          new ConcurrentKafkaListenerContainerFactory<>();
      factory.setConsumerFactory(
          new DefaultKafkaConsumerFactory<>(
              configs(Map.of("auto.offset.reset", "earliest")),
              new StringDeserializer(),
              new StringDeserializer()));
      return factory;
    }

    @Bean
    public Desk desk() {
      return new Desk();
    }
  }
}
