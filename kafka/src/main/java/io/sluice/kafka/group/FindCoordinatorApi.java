package io.sluice.kafka.group;

import io.sluice.kafka.KafkaApi;
import io.sluice.kafka.transaction.Transactions;
import java.util.List;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FindCoordinatorRequest;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;
import org.apache.kafka.common.requests.FindCoordinatorResponse;
import org.apache.kafka.common.requests.RequestContext;

/**
 * FindCoordinator: one key per request, from version 4 on many (KIP-699). This node coordinates
 * every group and every transaction; there is no coordinator of share groups' state.
 */
final class FindCoordinatorApi implements KafkaApi {

  private static final short MANY_KEYS = 4;

  private final CoordinatorSource source;
  private final Transactions transactions;
  private final Node node;

  FindCoordinatorApi(CoordinatorSource source, Transactions transactions, Node node) {
    this.source = source;
    this.transactions = transactions;
    this.node = node;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.FIND_COORDINATOR;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request)
      throws InterruptedException {
    FindCoordinatorRequestData asked = ((FindCoordinatorRequest) request).data();
    Errors error = error(asked.keyType());
    if (error == Errors.NONE) {
      load(asked.keyType());
    }
    Node answer = error == Errors.NONE ? node : Node.noNode();
    if (context.apiVersion() < MANY_KEYS) {
      return new FindCoordinatorResponse(
          new FindCoordinatorResponseData()
              .setErrorCode(error.code())
              .setErrorMessage(error.message())
              .setNodeId(answer.id())
              .setHost(answer.host())
              .setPort(answer.port()));
    }
    List<Coordinator> coordinators =
        asked.coordinatorKeys().stream().map(key -> coordinator(key, answer, error)).toList();
    return new FindCoordinatorResponse(
        new FindCoordinatorResponseData().setCoordinators(coordinators));
  }

  /** The client comes back at once with its group or transaction: have it loaded by then. */
  private void load(byte keyType) throws InterruptedException {
    if (CoordinatorType.forId(keyType) == CoordinatorType.TRANSACTION) {
      transactions.ensureStarted();
    } else {
      source.get();
    }
  }

  private static Errors error(byte keyType) {
    return switch (CoordinatorType.forId(keyType)) {
      case GROUP, TRANSACTION -> Errors.NONE;
      case SHARE -> Errors.INVALID_REQUEST;
    };
  }

  private static Coordinator coordinator(String key, Node node, Errors error) {
    return new Coordinator()
        .setKey(key)
        .setErrorCode(error.code())
        .setErrorMessage(error.message())
        .setNodeId(node.id())
        .setHost(node.host())
        .setPort(node.port());
  }
}
