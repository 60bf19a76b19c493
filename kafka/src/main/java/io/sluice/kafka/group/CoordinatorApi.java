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

/**
 * Answered by Apache Kafka's own group coordinator, as it is asked. Immutable.
 *
 * @param call hands the request over
 */
record CoordinatorApi<R extends AbstractRequest>(
    ApiKeys key, Class<R> type, CoordinatorSource source, Call<R> call) implements KafkaApi {

  /** One request to the coordinator. */
  @FunctionalInterface
  interface Call<R> {
    CompletableFuture<? extends AbstractResponse> to(
        GroupCoordinator coordinator, RequestContext context, R request);
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request)
      throws InterruptedException {
    return await(call.to(source.get(), context, type.cast(request)));
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
