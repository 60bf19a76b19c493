package io.sluice.server;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import picocli.CommandLine.Command;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * {@code sluice rehearse}: starts a server, lets one client of each kind use it, and stops it. The
 * launcher runs this once to record which classes and methods a start needs (JEP 483, JEP 514).
 */
@Command(name = "rehearse", hidden = true)
final class Rehearsal implements Callable<Integer> {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Override
  public Integer call() throws IOException {
    Path folder = Files.createTempDirectory("sluice-rehearsal-");
    Map<String, String> flags =
        Map.of(
            "data", folder.toString(),
            "kafka-port", "0",
            "aws-port", "0",
            "admin-port", "0",
            "group-initial-rebalance-delay-ms", "0");
    try (Server server = Server.start(Configuration.of(Optional.empty(), Map.of(), flags))) {
      playKafka(server.kafkaAddress());
      playSqs(server.awsEndpoint());
    } finally {
      delete(folder);
    }
    return 0;
  }

  private static void playKafka(String address) {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", address), new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>("rehearsal", "key", "value"));
    }
    Map<String, Object> configs =
        Map.of(
            "bootstrap.servers", address, "group.id", "rehearsal", "auto.offset.reset", "earliest");
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(configs, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of("rehearsal"));
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
      String queue = sqs.createQueue(request -> request.queueName("rehearsal")).queueUrl();
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
