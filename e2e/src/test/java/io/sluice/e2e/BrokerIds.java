package io.sluice.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/** What a broker calls the things that its clients have named. */
record BrokerIds(ProtocolClient client) {

  /** The id of a topic; zero when there is none. */
  Uuid topic(String name) {
    MetadataResponseTopic found = metadata(name).topics().find(name);
    return found == null ? Uuid.ZERO_UUID : found.topicId();
  }

  /** What the broker says of a topic, or of all. */
  MetadataResponseData metadata(@Nullable String topic) {
    MetadataRequestData request = new MetadataRequestData().setAllowAutoTopicCreation(false);
    request.setTopics(topic == null ? null : List.of(new MetadataRequestTopic().setName(topic)));
    try {
      return (MetadataResponseData) client.call(ApiKeys.METADATA, 12, request);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The id of the producer that has a transactional id. */
  long producer(String transactionalId) {
    try {
      DescribeTransactionsResponseData described =
          (DescribeTransactionsResponseData)
              client.call(
                  ApiKeys.DESCRIBE_TRANSACTIONS,
                  0,
                  new DescribeTransactionsRequestData()
                      .setTransactionalIds(List.of(transactionalId)));
      return described.transactionStates().getFirst().producerId();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
