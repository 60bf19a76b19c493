package io.sluice.server.cli;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
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
import picocli.CommandLine.ParameterException;

/** {@code sluice consume}, after kafka-console-consumer. */
@Command(
    name = "consume",
    mixinStandardHelpOptions = true,
    description =
        "Prints the values of a topic's records, one per line. In a group, what was printed is"
            + " committed; without one, every partition is read and nothing is committed.")
public final class ConsumeCommand implements Callable<Integer> {

  private static final Duration POLL = Duration.ofMillis(200);

  /** How much longer than that is waited for a group's first assignment. */
  private static final Duration JOIN = Duration.ofSeconds(30);

  @Mixin private Names.OfTopics topic = new Names.OfTopics();

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
      description = "End when no record has come for so long since the partitions are assigned.")
  private long timeoutMs = Long.MAX_VALUE;

  @Mixin private RecordFormat format = new RecordFormat();

  @Mixin private KafkaBroker broker = new KafkaBroker();

  private final CountDownLatch closed = new CountDownLatch(1);
  private boolean assigned;
  private long lastSignOfLife;

  @Override
  public Integer call() {
    String topicName = topic.one();
    if (max < 0 || timeoutMs < 0) {
      throw new ParameterException(
          topic.command().commandLine(), "--max and --timeout-ms must not be negative");
    }
    Map<String, Object> configs = broker.configs();
    configs.put("enable.auto.commit", false);
    configs.put("allow.auto.create.topics", false);
    configs.put("auto.offset.reset", fromBeginning ? "earliest" : "latest");
    group.ifPresent(name -> configs.put("group.id", name));
    try (KafkaConsumer<byte[], byte[]> consumer =
            new KafkaConsumer<>(configs, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        OnInterrupt interrupt = new OnInterrupt(() -> leave(consumer))) {
      begin(consumer, topicName);
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

  private void begin(KafkaConsumer<byte[], byte[]> consumer, String name) {
    lastSignOfLife = System.nanoTime();
    List<PartitionInfo> partitions = consumer.partitionsFor(name);
    if (partitions.isEmpty()) {
      throw new CommandFailedException("topic " + name + " does not exist");
    }
    if (group.isPresent()) {
      consumer.subscribe(List.of(name), new Assignments());
      return;
    }
    List<TopicPartition> all =
        partitions.stream()
            .map(partition -> new TopicPartition(name, partition.partition()))
            .toList();
    consumer.assign(all);
    if (fromBeginning) {
      consumer.seekToBeginning(all);
    } else {
      consumer.seekToEnd(all);
    }
    assigned = true;
  }

  /** Called while the consumer polls. */
  private final class Assignments implements ConsumerRebalanceListener {

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      if (!assigned) {
        assigned = true;
        lastSignOfLife = System.nanoTime();
      }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      // What was printed is committed already.
    }
  }

  private void print(KafkaConsumer<byte[], byte[]> consumer) {
    long printed = 0;
    while (printed < max) {
      ByteArrayOutputStream lines = new ByteArrayOutputStream();
      Map<TopicPartition, OffsetAndMetadata> done = new HashMap<>();
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (printed == max) {
          break;
        }
        format.print(record, lines);
        printed++;
        lastSignOfLife = System.nanoTime();
        done.put(
            new TopicPartition(record.topic(), record.partition()),
            new OffsetAndMetadata(record.offset() + 1));
      }
      System.out.write(lines.toByteArray(), 0, lines.size());
      // True when whoever read our output has gone, as head does.
      if (System.out.checkError()) {
        return;
      }
      if (group.isPresent() && !done.isEmpty()) {
        consumer.commitSync(done);
      }
      if (isIdleTooLong()) {
        return;
      }
    }
  }

  private boolean isIdleTooLong() {
    long idleMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastSignOfLife);
    return idleMs - (assigned ? 0 : JOIN.toMillis()) >= timeoutMs;
  }

  /** Ends the loop, and waits until the consumer has left its group. */
  private void leave(KafkaConsumer<byte[], byte[]> consumer) {
    consumer.wakeup();
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
