package io.sluice.aws;

import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;

/**
 * Answers requests: decodes, calls the service, encodes, failures too. Safe for use by many
 * threads.
 */
final class Dispatcher {

  private final Services services;
  private final String accountId;
  private final CallsInFlight calls;

  /** The endpoint of the last request: nearly always that of the next. */
  private volatile Endpoint lastEndpoint = new Endpoint("", URI.create("http://localhost"));

  Dispatcher(Services services, String accountId, CallsInFlight calls) {
    this.services = services;
    this.accountId = accountId;
    this.calls = calls;
  }

  Reply answer(Request request) {
    String requestId = RequestIds.next();
    Exchange exchange = exchange(request, requestId);
    try {
      Operation operation = exchange.operation();
      return call(operation, exchange, request, requestId);
    } catch (WireError.RequestRejected e) {
      return exchange.error(e.error());
    }
  }

  /** An answer to a request that is refused before it is understood. */
  Reply refuse(Request request, WireError error) {
    return exchange(request, RequestIds.next()).error(error);
  }

  private Exchange exchange(Request request, String requestId) {
    String target = request.target();
    return target == null
        ? new QueryExchange(services, request, requestId)
        : new JsonExchange(services, request, target, requestId);
  }

  private Reply call(Operation operation, Exchange exchange, Request request, String requestId) {
    SdkPojo input = exchange.read(operation);
    CredentialScope scope = exchange.scope();
    try {
      SdkPojo output =
          calls.run(
              (CompletableFuture<Void> abandoned) ->
                  context(request, scope, requestId, abandoned).run(() -> operation.invoke(input)));
      return exchange.answer(operation, output);
    } catch (Throwable e) {
      return exchange.error(Failures.translate(e, operation, requestId, calls.isClosing()));
    }
  }

  private CallContext context(
      Request request,
      @Nullable CredentialScope scope,
      String requestId,
      CompletableFuture<Void> abandoned) {
    return new CallContext(
        accountId,
        scope == null ? CallContext.DEFAULT_REGION : scope.region(),
        endpoint(request.host()),
        requestId,
        Optional.ofNullable(scope).map(CredentialScope::accessKeyId),
        abandoned);
  }

  private URI endpoint(String host) {
    Endpoint last = lastEndpoint;
    if (!last.host().equals(host)) {
      last = new Endpoint(host, URI.create("http://" + host));
      lastEndpoint = last;
    }
    return last.uri();
  }

  private record Endpoint(String host, URI uri) {}
}
