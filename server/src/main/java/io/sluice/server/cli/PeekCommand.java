package io.sluice.server.cli;

import java.io.ByteArrayOutputStream;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code sluice topics peek}: a consumer without a group that reads a little and goes. */
@Command(
    name = "peek",
    mixinStandardHelpOptions = true,
    description =
        "Prints some of a topic's records, the oldest first, and commits nothing: those that are"
            + " there now, from a time on or from the beginning.")
final class PeekCommand implements Callable<Integer> {

  private static final Duration POLL = Duration.ofMillis(200);

  /** How long one waits for records that must be there. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final int GREATEST = 10_000;

  @Mixin private Names.OfTopics topic = new Names.OfTopics();

  @Option(
      names = "--at",
      paramLabel = "TIME",
      description = "Begin with the first record at or after an instant: 2026-01-31T12:00:00Z.")
  private Optional<String> at = Optional.empty();

  @Option(
      names = "--max",
      paramLabel = "N",
      description = "How many, up to 10000. Default: ${DEFAULT-VALUE}.")
  private int max = 10;

  @Option(names = "--partition", paramLabel = "P", description = "Look into this one only.")
  private Optional<Integer> partition = Optional.empty();

  @Mixin private RecordFormat format = new RecordFormat();

  @Mixin private KafkaBroker broker = new KafkaBroker();

  @Override
  public Integer call() {
    String name = topic.one();
    if (max < 1 || max > GREATEST) {
      throw new ParameterException(
          topic.command().commandLine(), "--max must be from 1 to " + GREATEST);
    }
    Optional<Long> from = at.map(this::millis);
    Map<String, Object> configs = broker.configs();
    configs.put("enable.auto.commit", false);
    configs.put("allow.auto.create.topics", false);
    configs.put("auto.offset.reset", "earliest");
    configs.put("max.poll.records", max);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(configs, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = partitions(consumer, name);
      consumer.assign(partitions);
      begin(consumer, partitions, from);
      print(read(consumer, partitions));
      return 0;
    } catch (KafkaException e) {
      throw new CommandFailedException(String.valueOf(e.getMessage()), e);
    }
  }

  private long millis(String time) {
    try {
      return Math.max(0, OffsetDateTime.parse(time).toInstant().toEpochMilli());
    } catch (DateTimeException | ArithmeticException e) {
      throw new ParameterException(
          topic.command().commandLine(),
          "--at must be an instant such as 2026-01-31T12:00:00Z, not " + time);
    }
  }

  private List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer, String name) {
    List<PartitionInfo> all = consumer.partitionsFor(name);
    if (all.isEmpty()) {
      throw new CommandFailedException("topic " + name + " does not exist");
    }
    List<TopicPartition> wanted =
        all.stream()
            .map(info -> new TopicPartition(name, info.partition()))
            .filter(one -> partition.isEmpty() || partition.get() == one.partition())
            .toList();
    if (wanted.isEmpty()) {
      throw new CommandFailedException(
          "topic " + name + " has no partition " + partition.orElseThrow());
    }
    return wanted;
  }

  private static void begin(
      KafkaConsumer<byte[], byte[]> consumer,
      List<TopicPartition> partitions,
      Optional<Long> from) {
    if (from.isEmpty()) {
      consumer.seekToBeginning(partitions);
      return;
    }
    Map<TopicPartition, OffsetAndTimestamp> found =
        consumer.offsetsForTimes(
            partitions.stream().collect(Collectors.toMap(one -> one, one -> from.get())));
    for (TopicPartition one : partitions) {
      OffsetAndTimestamp first = found.get(one);
      if (first == null) {
        consumer.seekToEnd(List.of(one));
      } else {
        consumer.seek(one, first.offset());
      }
    }
  }

  /** The first records of each partition, up to where it ends now. */
  private List<ConsumerRecord<byte[], byte[]>> read(
      KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions) {
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    Map<TopicPartition, Integer> counts = new HashMap<>();
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    List<TopicPartition> open = new ArrayList<>(partitions);
    long start = System.nanoTime();
    while (true) {
      open.removeIf(
          one ->
              counts.getOrDefault(one, 0) >= max
                  || consumer.position(one) >= ends.getOrDefault(one, 0L));
      if (open.isEmpty()) {
        return records;
      }
      if (System.nanoTime() - start > PATIENCE.toNanos()) {
        throw new CommandFailedException("the records of " + open + " do not come");
      }
      consumer.assign(open);
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        TopicPartition from = new TopicPartition(record.topic(), record.partition());
        if (counts.merge(from, 1, Integer::sum) <= max
            && record.offset() < ends.getOrDefault(from, 0L)) {
          records.add(record);
        }
      }
    }
  }

  private void print(List<ConsumerRecord<byte[], byte[]>> records) {
    // Stable: the records of a partition stay in its order where their times are the same.
    records.sort(Comparator.comparingLong(ConsumerRecord::timestamp));
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    records.stream().limit(max).forEach(record -> format.print(record, lines));
    System.out.write(lines.toByteArray(), 0, lines.size());
    System.out.flush();
  }
}
