package io.sluice.aws;

import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkPojo;

/**
 * Answers requests: decodes, calls the service, encodes; and translates every failure in one place.
 * Safe for use by many threads.
 */
final class Dispatcher {

  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

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
    } catch (WireError.RequestRejected e) {
      throw e;
    } catch (AwsServiceException e) {
      return exchange.error(translate(e, operation, requestId));
    } catch (Throwable e) {
      return exchange.error(failure(e, operation, requestId));
    }
  }

  /** A modelled exception by the service's table; any other by the details that it carries. */
  private WireError translate(AwsServiceException e, Operation operation, String requestId) {
    ServiceModel model = operation.service().model();
    WireError modelled = model.errorOf(e.getClass().getSimpleName());
    if (modelled != null) {
      return modelled.withMessage(messageOf(e));
    }
    if (e.awsErrorDetails() == null || e.awsErrorDetails().errorCode() == null) {
      return failure(e, operation, requestId);
    }
    int status = e.statusCode() == 0 ? 400 : e.statusCode();
    return model.unmodelled(e.awsErrorDetails().errorCode(), status).withMessage(messageOf(e));
  }

  /** The message alone: with details, getMessage() adds the code and the status. */
  private static String messageOf(AwsServiceException e) {
    String message =
        e.awsErrorDetails() == null ? e.getMessage() : e.awsErrorDetails().errorMessage();
    return message == null ? "" : message;
  }

  private WireError failure(Throwable e, Operation operation, String requestId) {
    if (calls.isClosing()) {
      LOG.debug("{} ended by the shutdown, request {}", operation.name(), requestId, e);
      return WireError.UNAVAILABLE;
    }
    LOG.error("{} failed, request {}", operation.name(), requestId, e);
    return WireError.INTERNAL_FAILURE;
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
