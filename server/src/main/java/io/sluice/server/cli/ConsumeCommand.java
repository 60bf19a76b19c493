package io.sluice.server.cli;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice consume}, after kafka-console-consumer. */
@Command(
    name = "consume",
    mixinStandardHelpOptions = true,
    description =
        "Prints the values of a topic's records, one per line. In a group, what was printed is"
            + " committed; without one, every partition is read and nothing is committed.")
public final class ConsumeCommand implements Callable<Integer> {

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration CLOSE = Duration.ofSeconds(5);

  @Parameters(paramLabel = "TOPIC")
  private String topic = "";

  @Option(names = "--group", paramLabel = "GROUP", description = "The consumer group to join.")
  private Optional<String> group = Optional.empty();

  @Option(
      names = "--from-beginning",
      description = "Begin with the earliest record where the group has no offset yet.")
  private boolean fromBeginning;

  @Option(
      names = {"--max", "--max-messages"},
      paramLabel = "N",
      description = "End after so many records.")
  private long max = Long.MAX_VALUE;

  @Option(
      names = "--timeout-ms",
      paramLabel = "MS",
      description = "End when no record has come for so long.")
  private long timeoutMs = Long.MAX_VALUE;

  @Mixin private RecordFormat format = new RecordFormat();

  @Mixin private KafkaBroker broker = new KafkaBroker();

  private final CountDownLatch closed = new CountDownLatch(1);

  @Override
  public Integer call() {
    Map<String, Object> configs = broker.configs();
    configs.put("enable.auto.commit", false);
    configs.put("allow.auto.create.topics", false);
    configs.put("auto.offset.reset", fromBeginning ? "earliest" : "latest");
    group.ifPresent(name -> configs.put("group.id", name));
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(configs, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(consumer)));
      begin(consumer);
      print(consumer);
    } catch (WakeupException e) {
      // Interrupted from the keyboard: what was printed is committed.
      return 0;
    } catch (KafkaException e) {
      throw new CommandFailedException(String.valueOf(e.getMessage()), e);
    } finally {
      closed.countDown();
    }
    return 0;
  }

  private void begin(KafkaConsumer<byte[], byte[]> consumer) {
    List<PartitionInfo> partitions = consumer.partitionsFor(topic);
    if (partitions.isEmpty()) {
      throw new CommandFailedException("Topic '" + topic + "' does not exist.");
    }
    if (group.isPresent()) {
      consumer.subscribe(List.of(topic));
      return;
    }
    List<TopicPartition> assigned =
        partitions.stream()
            .map(partition -> new TopicPartition(topic, partition.partition()))
            .toList();
    consumer.assign(assigned);
    if (fromBeginning) {
      consumer.seekToBeginning(assigned);
    } else {
      consumer.seekToEnd(assigned);
    }
  }

  private void print(KafkaConsumer<byte[], byte[]> consumer) {
    long printed = 0;
    long lastRecord = System.nanoTime();
    while (printed < max) {
      Map<TopicPartition, OffsetAndMetadata> done = new HashMap<>();
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (printed == max) {
          break;
        }
        format.print(record);
        printed++;
        lastRecord = System.nanoTime();
        done.put(
            new TopicPartition(record.topic(), record.partition()),
            new OffsetAndMetadata(record.offset() + 1));
      }
      // True when whoever read our output has gone, as head does.
      if (System.out.checkError()) {
        return;
      }
      if (group.isPresent() && !done.isEmpty()) {
        consumer.commitSync(done);
      }
      if (TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastRecord) >= timeoutMs) {
        return;
      }
    }
  }

  /** Leaves the group when the process is interrupted. */
  private void stop(KafkaConsumer<byte[], byte[]> consumer) {
    consumer.wakeup();
    try {
      if (!closed.await(CLOSE.toMillis(), TimeUnit.MILLISECONDS)) {
        System.err.println("sluice: the consumer did not leave its group in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
