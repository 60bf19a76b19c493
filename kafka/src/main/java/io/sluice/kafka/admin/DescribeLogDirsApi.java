package io.sluice.kafka.admin;

import io.sluice.broker.Broker;
import io.sluice.broker.Topic;
import io.sluice.kafka.ErrorCodes;
import io.sluice.kafka.KafkaApi;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopic;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsPartition;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.DescribeLogDirsRequest;
import org.apache.kafka.common.requests.DescribeLogDirsResponse;
import org.apache.kafka.common.requests.RequestContext;

/**
 * DescribeLogDirs, 1–5 (KIP-113, KIP-827): the one data folder with the partitions in it. What was
 * asked for and does not exist is left out, as by Kafka.
 */
final class DescribeLogDirsApi implements KafkaApi {

  private final Broker broker;

  DescribeLogDirsApi(Broker broker) {
    this.broker = broker;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.DESCRIBE_LOG_DIRS;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request) {
    DescribeLogDirsRequestData asked = ((DescribeLogDirsRequest) request).data();
    DescribeLogDirsResult folder =
        new DescribeLogDirsResult().setLogDir(broker.directory().toString());
    try {
      FileStore disk = Files.getFileStore(broker.directory());
      folder
          .setTotalBytes(bytes(disk.getTotalSpace()))
          .setUsableBytes(bytes(disk.getUsableSpace()))
          .setTopics(asked.topics() == null ? everything() : these(asked.topics()));
    } catch (IOException e) {
      folder.setErrorCode(
          ErrorCodes.of(new KafkaStorageException(broker.directory() + " cannot be read", e))
              .code());
    }
    return new DescribeLogDirsResponse(
        new DescribeLogDirsResponseData().setResults(List.of(folder)));
  }

  /** Java says so of file systems that are larger than it can say. */
  private static long bytes(long space) {
    return space < 0 ? Long.MAX_VALUE : space;
  }

  private List<DescribeLogDirsTopic> everything() {
    return broker.topics().list().stream()
        .map(topic -> topic(topic.name(), IntStream.range(0, topic.partitions())))
        .filter(topic -> !topic.partitions().isEmpty())
        .toList();
  }

  private List<DescribeLogDirsTopic> these(Collection<DescribableLogDirTopic> asked) {
    return asked.stream()
        .map(each -> topic(each.topic(), existing(each)))
        .filter(topic -> !topic.partitions().isEmpty())
        .toList();
  }

  private IntStream existing(DescribableLogDirTopic asked) {
    int partitions = broker.topics().find(asked.topic()).map(Topic::partitions).orElse(0);
    return asked.partitions().stream()
        .mapToInt(Integer::intValue)
        .filter(partition -> partition >= 0 && partition < partitions)
        .distinct();
  }

  private DescribeLogDirsTopic topic(String name, IntStream partitions) {
    DescribeLogDirsTopic topic = new DescribeLogDirsTopic().setName(name);
    partitions.forEach(
        index -> {
          try {
            topic
                .partitions()
                .add(
                    new DescribeLogDirsPartition()
                        .setPartitionIndex(index)
                        .setPartitionSize(broker.topics().partition(name, index).sizeInBytes()));
          } catch (UnknownTopicOrPartitionException e) {
            // It was deleted meanwhile, and is no longer in the folder.
            topic.setName(name);
          }
        });
    return topic;
  }
}
