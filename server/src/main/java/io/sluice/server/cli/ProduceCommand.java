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
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code sluice produce}, after kafka-console-producer. */
@Command(
    name = "produce",
    mixinStandardHelpOptions = true,
    description =
        "Sends each line of standard input as a record. Exit code 0 only if the broker acknowledged"
            + " all of them.")
public final class ProduceCommand implements Callable<Integer> {

  @Mixin private Names.OfTopics topic = new Names.OfTopics();

  @Option(
      names = "--key-separator",
      paramLabel = "TEXT",
      description = "What divides a line into key and value; without it, records have no key.")
  private Optional<String> keySeparator = Optional.empty();

  @Mixin private KafkaBroker broker = new KafkaBroker();

  @Override
  public Integer call() throws IOException {
    String name = topic.one();
    if (keySeparator.filter(String::isEmpty).isPresent()) {
      throw new ParameterException(
          topic.command().commandLine(), "--key-separator must not be empty");
    }
    Map<String, Object> configs = broker.configs();
    configs.put("linger.ms", 5);
    configs.put("max.block.ms", 20_000);
    configs.put("delivery.timeout.ms", 30_000);
    // Bounded by the producer's buffer: nothing is sent once something failed.
    Queue<Exception> failures = new ConcurrentLinkedQueue<>();
    try (KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(configs, new ByteArraySerializer(), new ByteArraySerializer());
        OnInterrupt interrupt = new OnInterrupt(producer::flush)) {
      // One character for each byte: what is not UTF-8 goes through unharmed too.
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.ISO_8859_1));
      long number = 0;
      for (String line = lines.readLine();
          line != null && failures.isEmpty();
          line = lines.readLine()) {
        producer.send(
            record(name, line, ++number),
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

  private ProducerRecord<byte[], byte[]> record(String name, String line, long number) {
    if (keySeparator.isEmpty()) {
      return new ProducerRecord<>(name, bytes(line));
    }
    String separator =
        new String(
            keySeparator.get().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    int at = line.indexOf(separator);
    if (at < 0) {
      throw new CommandFailedException(
          "line %d has no key separator %s".formatted(number, keySeparator.get()));
    }
    return new ProducerRecord<>(
        name, bytes(line.substring(0, at)), bytes(line.substring(at + separator.length())));
  }

  private static byte[] bytes(String line) {
    return line.getBytes(StandardCharsets.ISO_8859_1);
  }
}
