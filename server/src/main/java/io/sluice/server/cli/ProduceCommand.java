package io.sluice.server.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.StringSerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice produce}, after kafka-console-producer. */
@Command(
    name = "produce",
    mixinStandardHelpOptions = true,
    description =
        "Sends each line of standard input as a record. Exit code 0 only if the broker acknowledged"
            + " all of them.")
public final class ProduceCommand implements Callable<Integer> {

  @Parameters(paramLabel = "TOPIC")
  private String topic = "";

  @Option(
      names = "--key-separator",
      paramLabel = "TEXT",
      description = "What divides a line into key and value; without it, records have no key.")
  private Optional<String> keySeparator = Optional.empty();

  @Mixin private KafkaBroker broker = new KafkaBroker();

  @Override
  public Integer call() throws IOException {
    Map<String, Object> configs = broker.configs();
    configs.put("linger.ms", 5);
    configs.put("max.block.ms", 20_000);
    configs.put("delivery.timeout.ms", 30_000);
    Queue<Exception> failures = new ConcurrentLinkedQueue<>();
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(configs, new StringSerializer(), new StringSerializer())) {
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      long number = 0;
      for (String line = lines.readLine();
          line != null && failures.isEmpty();
          line = lines.readLine()) {
        producer.send(
            record(line, ++number),
            (acknowledged, e) -> {
              if (e != null) {
                failures.add(e);
              }
            });
      }
      producer.flush();
    } catch (KafkaException e) {
      throw new CommandFailedException(String.valueOf(e.getMessage()), e);
    }
    Exception first = failures.peek();
    if (first != null) {
      throw new CommandFailedException(String.valueOf(first.getMessage()), first);
    }
    return 0;
  }

  private ProducerRecord<String, String> record(String line, long number) {
    if (keySeparator.isEmpty()) {
      return new ProducerRecord<>(topic, line);
    }
    int at = line.indexOf(keySeparator.get());
    if (at < 0) {
      throw new CommandFailedException(
          "line %d has no key separator %s".formatted(number, keySeparator.get()));
    }
    return new ProducerRecord<>(
        topic, line.substring(0, at), line.substring(at + keySeparator.get().length()));
  }
}
