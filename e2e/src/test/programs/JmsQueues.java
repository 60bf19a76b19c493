import com.amazon.sqs.javamessaging.ProviderConfiguration;
import com.amazon.sqs.javamessaging.SQSConnection;
import com.amazon.sqs.javamessaging.SQSConnectionFactory;
import com.amazon.sqs.javamessaging.SQSSession;
import jakarta.jms.BytesMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.ObjectMessage;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.CreateQueueRequest;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * An application of JMS over Amazon's SQS Java Messaging Library: text, bytes and objects with
 * properties go through a queue; a message that is not acknowledged comes again; a FIFO queue keeps
 * the order of its groups; a listener receives what is sent later. Prints one JSON line.
 *
 * <p>usage: JmsQueues AWS_ENDPOINT COUNT
 */
final class JmsQueues {

  private static final String QUEUE = "jms-orders";
  private static final String FIFO_QUEUE = "jms-orders.fifo";
  private static final String TEXT = "größer <&> als";

  public static void main(String[] arguments) throws Exception {
    int count = Integer.parseInt(arguments[1]);
    SqsClient sqs =
        SqsClient.builder()
            .endpointOverride(URI.create(arguments[0]))
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")))
            .build();
    // Without it, closing a session waits for the long poll of its prefetching to end.
    SQSConnection connection =
        connection(sqs, new ProviderConfiguration().withNumberOfMessagesToPrefetch(0));
    if (!connection.getWrappedAmazonSQSClient().queueExists(QUEUE)) {
      connection.getWrappedAmazonSQSClient().createQueue(QUEUE);
    }
    String kinds = kinds(connection);
    boolean again = comesAgain(connection);
    List<String> ordered = inOrder(connection);
    connection.close();
    List<String> heard = listen(connection(sqs, new ProviderConfiguration()), count);
    System.out.printf(
        "{\"kinds\": \"%s\", \"again\": %s, \"ordered\": [\"%s\"], \"heard\": [\"%s\"]}%n",
        kinds, again, String.join("\", \"", ordered), String.join("\", \"", heard));
    System.exit(0);
  }

  private static SQSConnection connection(SqsClient sqs, ProviderConfiguration provider)
      throws Exception {
    SQSConnection connection = new SQSConnectionFactory(provider, sqs).createConnection();
    connection.start();
    return connection;
  }

  private static String kinds(SQSConnection connection) throws Exception {
    Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
    MessageProducer producer = session.createProducer(session.createQueue(QUEUE));
    TextMessage text = session.createTextMessage(TEXT);
    text.setStringProperty("colour", "red");
    text.setIntProperty("size", 7);
    text.setJMSCorrelationID("correlated");
    producer.send(text);
    BytesMessage bytes = session.createBytesMessage();
    bytes.writeBytes(new byte[] {0, -1, 7});
    producer.send(bytes);
    producer.send(session.createObjectMessage(new ArrayList<>(List.of("a", "b"))));
    MessageConsumer consumer = session.createConsumer(session.createQueue(QUEUE));
    StringBuilder kinds = new StringBuilder();
    for (int i = 0; i < 3; i++) {
      kinds.append(described(consumer.receive(10_000))).append(';');
    }
    session.close();
    return kinds.toString();
  }

  private static String described(Message message) throws Exception {
    return switch (message) {
      case TextMessage text ->
          "text "
              + text.getText().equals(TEXT)
              + " "
              + text.getStringProperty("colour")
              + " "
              + text.getIntProperty("size")
              + " "
              + text.getJMSCorrelationID();
      case BytesMessage bytes -> "bytes " + bytes.getBodyLength();
      case ObjectMessage object -> "object " + object.getObject();
      case null -> "nothing";
      default -> "unknown";
    };
  }

  private static boolean comesAgain(SQSConnection connection) throws Exception {
    Session session = connection.createSession(false, SQSSession.UNORDERED_ACKNOWLEDGE);
    session.createProducer(session.createQueue(QUEUE)).send(session.createTextMessage("again"));
    MessageConsumer consumer = session.createConsumer(session.createQueue(QUEUE));
    String first = consumer.receive(10_000).getJMSMessageID();
    session.recover();
    Message second = consumer.receive(10_000);
    boolean again =
        second != null && second.getJMSMessageID().equals(first) && second.getJMSRedelivered();
    second.acknowledge();
    session.close();
    return again;
  }

  /** Of a FIFO queue; of each group every message is sent once more, which is a duplicate. */
  private static List<String> inOrder(SQSConnection connection) throws Exception {
    connection
        .getWrappedAmazonSQSClient()
        .createQueue(
            CreateQueueRequest.builder()
                .queueName(FIFO_QUEUE)
                .attributes(Map.of(QueueAttributeName.FIFO_QUEUE, "true"))
                .build());
    Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
    MessageProducer producer = session.createProducer(session.createQueue(FIFO_QUEUE));
    for (int i = 0; i < 12; i++) {
      TextMessage message = session.createTextMessage("order-" + i);
      message.setStringProperty("JMSXGroupID", "group-" + i % 3);
      message.setStringProperty("JMS_SQS_DeduplicationId", "order-" + i);
      producer.send(message);
      producer.send(message);
    }
    MessageConsumer consumer = session.createConsumer(session.createQueue(FIFO_QUEUE));
    List<String> received = new ArrayList<>();
    String last = "";
    for (int i = 0; i < 12; i++) {
      if (!(consumer.receive(10_000) instanceof TextMessage message)) {
        break;
      }
      String number = message.getStringProperty("JMS_SQS_SequenceNumber");
      String group = message.getStringProperty("JMSXGroupID");
      received.add(group + " " + message.getText() + (number.equals(last) ? " again" : ""));
      last = number;
    }
    if (consumer.receiveNoWait() != null) {
      received.add("one too many");
    }
    session.close();
    return received;
  }

  private static List<String> listen(SQSConnection connection, int count) throws Exception {
    Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    session
        .createConsumer(session.createQueue(QUEUE))
        .setMessageListener(
            message -> {
              try {
                heard.add(((TextMessage) message).getText());
              } catch (jakarta.jms.JMSException e) {
                throw new IllegalStateException(e);
              }
            });
    Session sending = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
    MessageProducer producer = sending.createProducer(sending.createQueue(QUEUE));
    for (int i = 0; i < count; i++) {
      producer.send(sending.createTextMessage("order-" + i));
    }
    List<String> all = new ArrayList<>();
    while (all.size() < count) {
      String order = heard.poll(20, TimeUnit.SECONDS);
      if (order == null) {
        break;
      }
      all.add(order);
    }
    return all;
  }
}
