import io.awspring.cloud.sns.core.SnsTemplate;
import io.awspring.cloud.sqs.annotation.SqsListener;
import io.awspring.cloud.sqs.config.SqsBootstrapConfiguration;
import io.awspring.cloud.sqs.config.SqsMessageListenerContainerFactory;
import io.awspring.cloud.sqs.listener.SqsHeaders;
import io.awspring.cloud.sqs.listener.errorhandler.ImmediateRetryAsyncErrorHandler;
import io.awspring.cloud.sqs.operations.SqsTemplate;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.messaging.handler.annotation.Header;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * An application of Spring Cloud AWS: its templates send to a queue and publish to a topic, its
 * listener, which makes its queue itself, receives both; what it fails with is made visible at once
 * and comes again; another listens to a FIFO queue. Prints one JSON line.
 *
 * <p>usage: SpringQueues AWS_ENDPOINT COUNT
 */
final class SpringQueues {

  private static final String QUEUE = "spring-dispatch";
  private static final String FIFO_QUEUE = "spring-dispatch.fifo";

  private static URI endpoint;

  public static void main(String[] arguments) throws Exception {
    endpoint = URI.create(arguments[0]);
    int count = Integer.parseInt(arguments[1]);
    List<String> received = new ArrayList<>();
    var context = new AnnotationConfigApplicationContext(Shop.class);
    Desk desk = context.getBean(Desk.class);
    subscribe(context.getBean(SnsClient.class), context.getBean(SqsAsyncClient.class));
    SqsTemplate queue = context.getBean(SqsTemplate.class);
    SnsTemplate topic = context.getBean(SnsTemplate.class);
    for (int i = 0; i < count; i++) {
      String order = "order-" + i;
      if (i % 2 == 0) {
        queue.send(to -> to.queue(QUEUE).payload(order).header("door", "sqs"));
      } else {
        topic.convertAndSend("spring-orders", order, Map.of("door", "sns"));
      }
    }
    while (received.size() < count) {
      String order = desk.orders.poll(30, TimeUnit.SECONDS);
      if (order == null) {
        break;
      }
      received.add(order);
    }
    List<String> ordered = inOrder(queue, desk, count);
    System.out.printf(
        "{\"received\": [\"%s\"], \"failed\": %d, \"doors\": %d, \"ordered\": [\"%s\"]}%n",
        String.join("\", \"", received),
        desk.failed.size(),
        desk.doors.size(),
        String.join("\", \"", ordered));
    // Closing the context would wait for the listener's long poll.
    System.exit(0);
  }

  /** What the listener of the FIFO queue gets of three groups, in the order of its coming. */
  private static List<String> inOrder(SqsTemplate queue, Desk desk, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      String order = "order-" + i;
      String group = "group-" + i % 3;
      queue.send(
          to ->
              to.queue(FIFO_QUEUE)
                  .payload(order)
                  .header(SqsHeaders.MessageSystemAttributes.SQS_MESSAGE_GROUP_ID_HEADER, group)
                  .header(
                      SqsHeaders.MessageSystemAttributes.SQS_MESSAGE_DEDUPLICATION_ID_HEADER,
                      order));
    }
    List<String> ordered = new ArrayList<>();
    while (ordered.size() < count) {
      String order = desk.ordered.poll(30, TimeUnit.SECONDS);
      if (order == null) {
        break;
      }
      ordered.add(order);
    }
    return ordered;
  }

  private static void subscribe(SnsClient sns, SqsAsyncClient sqs) {
    String url = sqs.getQueueUrl(r -> r.queueName(QUEUE)).join().queueUrl();
    String arn =
        sqs.getQueueAttributes(r -> r.queueUrl(url).attributeNames(QueueAttributeName.QUEUE_ARN))
            .join()
            .attributes()
            .get(QueueAttributeName.QUEUE_ARN);
    String topic = sns.createTopic(r -> r.name("spring-orders")).topicArn();
    sns.subscribe(
        r ->
            r.topicArn(topic)
                .protocol("sqs")
                .endpoint(arn)
                .attributes(Map.of("RawMessageDelivery", "true")));
  }

  /** Where orders arrive; every tenth only when it comes for the second time. */
  public static class Desk {
    final BlockingQueue<String> orders = new LinkedBlockingQueue<>();
    final BlockingQueue<String> ordered = new LinkedBlockingQueue<>();
    final Set<String> failed = ConcurrentHashMap.newKeySet();
    final Set<String> doors = ConcurrentHashMap.newKeySet();

    @SqsListener(value = QUEUE, pollTimeoutSeconds = "2")
    public void receive(String order, @Header("door") String door) {
      if (order.endsWith("0") && failed.add(order)) {
        throw new IllegalStateException("not yet: " + order);
      }
      doors.add(door);
      orders.add(order);
    }

    @SqsListener(value = FIFO_QUEUE, pollTimeoutSeconds = "2")
    public void receiveInOrder(
        String order,
        @Header(SqsHeaders.MessageSystemAttributes.SQS_MESSAGE_GROUP_ID_HEADER) String group) {
      ordered.add(group + " " + order);
    }
  }

  /** The application. */
  @Configuration(proxyBeanMethods = false)
  @Import(SqsBootstrapConfiguration.class)
  public static class Shop {

    private static <B extends AwsClientBuilder<B, ?>> B configured(B builder) {
      return builder
          .endpointOverride(endpoint)
          .region(Region.US_EAST_1)
          .credentialsProvider(
              StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")));
    }

    @Bean
    public SqsAsyncClient sqs() {
      return configured(SqsAsyncClient.builder()).build();
    }

    @Bean
    public SnsClient sns() {
      return configured(SnsClient.builder()).build();
    }

    @Bean
    public SqsTemplate sqsTemplate(SqsAsyncClient sqs) {
      return SqsTemplate.newTemplate(sqs);
    }

    @Bean
    public SnsTemplate snsTemplate(SnsClient sns) {
      return new SnsTemplate(sns);
    }

    @Bean
    public SqsMessageListenerContainerFactory<Object> defaultSqsListenerContainerFactory(
        SqsAsyncClient sqs) {
      return SqsMessageListenerContainerFactory.builder()
          .sqsAsyncClient(sqs)
          .errorHandler(new ImmediateRetryAsyncErrorHandler<>())
          .build();
    }

    @Bean
    public Desk desk() {
      return new Desk();
    }
  }
}
