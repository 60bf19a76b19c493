package io.sluice.kafka.transaction;

import io.sluice.kafka.KafkaApi;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest.TxnMarkerEntry;
import org.apache.kafka.common.requests.WriteTxnMarkersResponse;

/**
 * WriteTxnMarkers, 1–2: {@code Admin.abortTransaction} ends a transaction so that hangs in a
 * partition (KIP-664). The coordinator of this broker needs no request for its markers.
 */
final class WriteTxnMarkersApi implements KafkaApi {

  private final MarkerWriter markers;

  WriteTxnMarkersApi(MarkerWriter markers) {
    this.markers = markers;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.WRITE_TXN_MARKERS;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request)
      throws InterruptedException {
    Map<Long, Map<TopicPartition, Errors>> answers = new HashMap<>();
    for (TxnMarkerEntry entry : ((WriteTxnMarkersRequest) request).markers()) {
      TransactionMarker marker =
          new TransactionMarker(
              entry.producerId(),
              entry.producerEpoch(),
              entry.coordinatorEpoch(),
              entry.transactionResult(),
              entry.transactionVersion());
      answers
          .computeIfAbsent(entry.producerId(), producer -> new HashMap<>())
          .putAll(markers.write(marker, entry.partitions()));
    }
    return new WriteTxnMarkersResponse(answers);
  }
}
