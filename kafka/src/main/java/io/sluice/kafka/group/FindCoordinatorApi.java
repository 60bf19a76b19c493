package io.sluice.kafka.group;

import io.sluice.kafka.KafkaApi;
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
import org.jspecify.annotations.Nullable;

/**
 * FindCoordinator: one key per request, from version 4 on many (KIP-699). This node coordinates
 * every group; there is no coordinator of transactions or of share groups' state.
 */
final class FindCoordinatorApi implements KafkaApi {

  private static final short MANY_KEYS = 4;

  private final CoordinatorSource source;
  private final Node node;

  FindCoordinatorApi(CoordinatorSource source, Node node) {
    this.source = source;
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
      // The client comes back at once with its group: have it loaded by then.
      source.get();
    }
    Node answer = error == Errors.NONE ? node : Node.noNode();
    if (context.apiVersion() < MANY_KEYS) {
      return new FindCoordinatorResponse(
          new FindCoordinatorResponseData()
              .setErrorCode(error.code())
              .setErrorMessage(message(error))
              .setNodeId(answer.id())
              .setHost(answer.host())
              .setPort(answer.port()));
    }
    List<Coordinator> coordinators =
        asked.coordinatorKeys().stream().map(key -> coordinator(key, answer, error)).toList();
    return new FindCoordinatorResponse(
        new FindCoordinatorResponseData().setCoordinators(coordinators));
  }

  private static Errors error(byte keyType) {
    return switch (CoordinatorType.forId(keyType)) {
      case GROUP -> Errors.NONE;
      // A code that ends the client's search: others have it ask until its patience is over.
      case TRANSACTION -> Errors.UNSUPPORTED_VERSION;
      case SHARE -> Errors.INVALID_REQUEST;
    };
  }

  private static @Nullable String message(Errors error) {
    return error == Errors.UNSUPPORTED_VERSION ? "transactions are not served" : error.message();
  }

  private static Coordinator coordinator(String key, Node node, Errors error) {
    return new Coordinator()
        .setKey(key)
        .setErrorCode(error.code())
        .setErrorMessage(message(error))
        .setNodeId(node.id())
        .setHost(node.host())
        .setPort(node.port());
  }
}
