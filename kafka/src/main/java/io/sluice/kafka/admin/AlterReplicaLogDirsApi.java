package io.sluice.kafka.admin;

import io.sluice.broker.Broker;
import io.sluice.broker.Topic;
import io.sluice.kafka.KafkaApi;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDir;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDirTopic;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData.AlterReplicaLogDirPartitionResult;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData.AlterReplicaLogDirTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.AlterReplicaLogDirsRequest;
import org.apache.kafka.common.requests.AlterReplicaLogDirsResponse;
import org.apache.kafka.common.requests.RequestContext;

/**
 * AlterReplicaLogDirs, 1–2 (KIP-113). There is one data folder: a partition can only be moved to
 * where it is; any other folder is not found.
 */
final class AlterReplicaLogDirsApi implements KafkaApi {

  private final Broker broker;

  AlterReplicaLogDirsApi(Broker broker) {
    this.broker = broker;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.ALTER_REPLICA_LOG_DIRS;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request) {
    AlterReplicaLogDirsRequestData asked = ((AlterReplicaLogDirsRequest) request).data();
    AlterReplicaLogDirsResponseData response = new AlterReplicaLogDirsResponseData();
    for (AlterReplicaLogDir folder : asked.dirs()) {
      boolean known = folder.path().equals(broker.directory().toString());
      for (AlterReplicaLogDirTopic topic : folder.topics()) {
        AlterReplicaLogDirTopicResult result =
            new AlterReplicaLogDirTopicResult().setTopicName(topic.name());
        for (int partition : topic.partitions()) {
          Errors error = known ? move(topic.name(), partition) : Errors.LOG_DIR_NOT_FOUND;
          result
              .partitions()
              .add(
                  new AlterReplicaLogDirPartitionResult()
                      .setPartitionIndex(partition)
                      .setErrorCode(error.code()));
        }
        response.results().add(result);
      }
    }
    return new AlterReplicaLogDirsResponse(response);
  }

  private Errors move(String topic, int partition) {
    int partitions = broker.topics().find(topic).map(Topic::partitions).orElse(0);
    return partition >= 0 && partition < partitions
        ? Errors.NONE
        : Errors.UNKNOWN_TOPIC_OR_PARTITION;
  }
}
