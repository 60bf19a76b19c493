package io.sluice.server;

import io.sluice.server.demo.BrokerProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * {@code sluice rehearse}: starts a server in a process of its own, uses it as clients and commands
 * do, and stops it. The build runs this once, with both processes recording which classes and
 * methods they need (JEP 483, JEP 514): a server should not pay for the clients' classes.
 */
@Command(name = "rehearse", hidden = true)
final class Rehearsal implements Callable<Integer> {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Writing down what was recorded takes as long as a whole rehearsal. */
  private static final Duration PATIENCE_TO_RECORD = Duration.ofMinutes(2);

  private static final String TOPIC = "rehearsal";

  @Parameters(arity = "1..*", description = "What runs Sluice, up to but without serve.")
  private List<String> server = List.of();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("sluice-rehearsal-");
    List<String> flags =
        List.of(
            "--data", folder.resolve("data").toString(),
            "--kafka-port", "0",
            "--aws-port", "0",
            "--admin-port", "0",
            "--group-initial-rebalance-delay-ms", "0");
    Path log = folder.resolve("log");
    try (BrokerProcess broker = BrokerProcess.start(server, flags, log)) {
      playKafka(broker.kafka());
      playSqs(broker.aws());
      playCommands(broker);
      int exitCode = broker.terminate(PATIENCE_TO_RECORD);
      System.out.print(Files.readString(log));
      return exitCode;
    } finally {
      delete(folder);
    }
  }

  private static void playCommands(BrokerProcess broker) {
    for (String command : List.of("topics", "groups")) {
      Commands.run(command, "list", "--bootstrap-server", broker.kafka());
    }
    Commands.run("queues", "list", "--endpoint-url", broker.aws());
  }

  private static void playKafka(String address) {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", address), new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>(TOPIC, "key", "value"));
    }
    Map<String, Object> configs =
        Map.of("bootstrap.servers", address, "group.id", TOPIC, "auto.offset.reset", "earliest");
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(configs, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of(TOPIC));
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (consumer.poll(Duration.ofMillis(100)).isEmpty() && System.nanoTime() < deadline) {
        // The group is not complete yet.
      }
    }
  }

  private static void playSqs(String endpoint) {
    try (SqsClient sqs =
        SqsClient.builder()
            .endpointOverride(URI.create(endpoint))
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("sluice", "sluice")))
            .httpClientBuilder(ApacheHttpClient.builder())
            .build()) {
      String queue = sqs.createQueue(request -> request.queueName(TOPIC)).queueUrl();
      sqs.sendMessage(request -> request.queueUrl(queue).messageBody("value"));
      for (Message message : sqs.receiveMessage(request -> request.queueUrl(queue)).messages()) {
        sqs.deleteMessage(
            request -> request.queueUrl(queue).receiptHandle(message.receiptHandle()));
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
