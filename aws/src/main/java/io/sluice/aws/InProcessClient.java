package io.sluice.aws;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsResponse;
import software.amazon.awssdk.awscore.AwsServiceClientConfiguration;
import software.amazon.awssdk.awscore.DefaultAwsResponseMetadata;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.util.AwsHeader;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.regions.Region;

/**
 * A client interface's methods as calls of the service behind it. Its operations are served as the
 * HTTP edge serves them; its conveniences, which paginate or take a lambda, are the interface's own
 * and come back here. Safe for use by many threads.
 *
 * <p>A service may be reading a file, which Java closes for everybody when it interrupts the
 * reader, and callers may be interrupted: so each call has a virtual thread of its own, as a
 * service expects.
 */
final class InProcessClient implements InvocationHandler {

  /** A call as its context needs it. */
  record Call(String requestId, CompletableFuture<Void> abandoned) {}

  private final Service service;
  private final Region region;
  private final Function<Call, CallContext> contexts;
  private final CallsInFlight calls;
  private final Map<Method, Operation> operations = new ConcurrentHashMap<>();

  InProcessClient(
      Service service, Region region, Function<Call, CallContext> contexts, CallsInFlight calls) {
    this.service = service;
    this.region = region;
    this.contexts = contexts;
    this.calls = calls;
  }

  @Override
  public @Nullable Object invoke(Object client, Method method, Object @Nullable [] arguments)
      throws Throwable {
    if (arguments != null && arguments.length == 1 && Service.isOperation(method)) {
      return call(operations.computeIfAbsent(method, this::operation), (SdkPojo) arguments[0]);
    }
    return switch (method.getName()) {
      case "close" -> null;
      case "serviceName" -> service.model().service();
      case "serviceClientConfiguration" -> configuration(method.getReturnType());
      case "hashCode" -> System.identityHashCode(client);
      case "equals" -> arguments != null && client == arguments[0];
      case "toString" -> service.contract().getSimpleName() + " in process";
      default ->
          InvocationHandler.invokeDefault(
              client, method, arguments == null ? new Object[0] : arguments);
    };
  }

  /** Each service's own type has its own builder; where the client is, all of them say. */
  private Object configuration(Class<?> type) throws ReflectiveOperationException {
    AwsServiceClientConfiguration.Builder builder =
        (AwsServiceClientConfiguration.Builder) type.getMethod("builder").invoke(null);
    return builder.region(region).build();
  }

  private Operation operation(Method method) {
    return service.operation(service.nameOf(method)).orElseThrow();
  }

  private SdkPojo call(Operation operation, SdkPojo request) {
    CompletableFuture<Void> interrupted = new CompletableFuture<>();
    String requestId = RequestIds.next();
    FutureTask<Outcome> call =
        new FutureTask<>(() -> outcome(operation, request, requestId, interrupted));
    Thread.ofVirtual().name(operation.name()).start(call);
    try {
      return switch (call.get()) {
        case Answered(AwsResponse response) -> response;
        case Failed(WireError error, Throwable cause) ->
            throw exception(error, requestId, error.isSenderFault() ? null : cause);
      };
    } catch (InterruptedException e) {
      interrupted.complete(null);
      Thread.currentThread().interrupt();
      throw AbortedException.create("Thread was interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(operation.name() + " has no outcome", e.getCause());
    }
  }

  /** How a call ended. The exception is made by the thread that called, for its stack's sake. */
  private sealed interface Outcome {}

  private record Answered(AwsResponse response) implements Outcome {}

  private record Failed(WireError error, Throwable cause) implements Outcome {}

  private Outcome outcome(
      Operation operation, SdkPojo request, String requestId, CompletableFuture<Void> interrupted) {
    try {
      RequiredMembers.check(operation, request, false);
      SdkPojo response =
          calls.run(
              (CompletableFuture<Void> abandoned) -> {
                interrupted.thenRun(() -> abandoned.complete(null));
                return contexts
                    .apply(new Call(requestId, abandoned))
                    .run(() -> operation.invoke(request));
              });
      return new Answered(answered((AwsResponse) response, requestId));
    } catch (Throwable e) {
      return new Failed(Failures.translate(e, operation, requestId, calls.isClosing()), e);
    }
  }

  private static AwsResponse answered(AwsResponse response, String requestId) {
    AwsResponse.Builder builder = response.toBuilder();
    builder.sdkHttpResponse(http(200, requestId));
    return builder
        .responseMetadata(
            DefaultAwsResponseMetadata.create(Map.of(AwsHeader.AWS_REQUEST_ID, requestId)))
        .build();
  }

  private static SdkHttpResponse http(int status, String requestId) {
    return SdkHttpResponse.builder()
        .statusCode(status)
        .putHeader("x-amzn-RequestId", requestId)
        .build();
  }

  /** What the SDK makes of this error when it reads it from the wire. */
  private AwsServiceException exception(
      WireError error, String requestId, @Nullable Throwable cause) {
    String name = service.contract().getSimpleName().replace("Client", "");
    String type = service.model().exceptionOf(error.code()).orElse(name + "Exception");
    AwsErrorDetails details =
        AwsErrorDetails.builder()
            .errorCode(error.code())
            .errorMessage(error.message())
            .serviceName(name)
            .sdkHttpResponse(http(error.status(), requestId))
            .build();
    return builder(service.contract().getPackageName() + ".model." + type)
        .awsErrorDetails(details)
        .message(error.message())
        .statusCode(error.status())
        .requestId(requestId)
        .numAttempts(1)
        .cause(cause)
        .build();
  }

  private AwsServiceException.Builder builder(String type) {
    try {
      return (AwsServiceException.Builder)
          Class.forName(type, true, service.contract().getClassLoader())
              .getMethod("builder")
              .invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the SDK has no " + type, e);
    }
  }
}
