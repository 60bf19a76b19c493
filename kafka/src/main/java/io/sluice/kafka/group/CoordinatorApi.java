package io.sluice.kafka.group;

import io.sluice.kafka.KafkaApi;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.coordinator.group.GroupCoordinator;

/** An API that the coordinator answers as it is asked. Immutable. */
abstract class CoordinatorApi<R extends AbstractRequest> implements KafkaApi {

  private final ApiKeys key;
  private final Class<R> type;
  private final CoordinatorSource source;

  CoordinatorApi(ApiKeys key, Class<R> type, CoordinatorSource source) {
    this.key = key;
    this.type = type;
    this.source = source;
  }

  /** Hands a request over. */
  abstract CompletableFuture<? extends AbstractResponse> answer(
      GroupCoordinator coordinator, RequestContext context, R request);

  @Override
  public final ApiKeys key() {
    return key;
  }

  @Override
  public final AbstractResponse handle(RequestContext context, AbstractRequest request)
      throws InterruptedException {
    return await(answer(source.get(), context, type.cast(request)));
  }

  /** Waits for an answer, and throws what it failed with. */
  static <T> T await(CompletableFuture<T> answer) throws InterruptedException {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new UnknownServerException("the coordinator failed", e.getCause());
    }
  }
}
