package io.sluice.kafka.admin;

import io.sluice.kafka.KafkaApi;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ListPartitionReassignmentsResponse;
import org.apache.kafka.common.requests.RequestContext;

/** ListPartitionReassignments, 0 (KIP-455): on one node nothing ever moves. */
final class ListPartitionReassignmentsApi implements KafkaApi {

  @Override
  public ApiKeys key() {
    return ApiKeys.LIST_PARTITION_REASSIGNMENTS;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request) {
    return new ListPartitionReassignmentsResponse(new ListPartitionReassignmentsResponseData());
  }
}
