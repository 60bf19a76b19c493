package io.sluice.aws;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;

/**
 * A service with its operations, discovered from the client interface: every method that takes a
 * request and returns a response. Each is bound on first use. Safe for use by many threads.
 */
final class Service {

  private final AwsService served;
  private final ServiceModel model;
  private final Shapes shapes;
  private final Map<String, Operation> operations = new ConcurrentHashMap<>();
  private volatile @Nullable Map<String, Method> methods;

  Service(AwsService served) {
    this.served = served;
    this.model = ServiceModel.of(served.contract());
    this.shapes = new Shapes(model);
  }

  ServiceModel model() {
    return model;
  }

  /** The client interface. */
  Class<? extends SdkClient> contract() {
    return served.contract();
  }

  /** The operation of this name on the wire. */
  Optional<Operation> operation(String name) {
    Operation bound = operations.get(name);
    if (bound != null) {
      return Optional.of(bound);
    }
    Method method = methods().get(name);
    return method == null
        ? Optional.empty()
        : Optional.of(operations.computeIfAbsent(name, missing -> bind(name, method)));
  }

  /** The names of all operations on the wire. */
  Set<String> operationNames() {
    return methods().keySet();
  }

  /** Amazon's answer to an action that a Query service does not have. */
  static WireError invalidAction(String action) {
    return WireError.invalidAction("The action " + action + " is not valid for this endpoint.");
  }

  private Map<String, Method> methods() {
    Map<String, Method> known = methods;
    if (known == null) {
      known = discover();
      methods = known;
    }
    return known;
  }

  private Map<String, Method> discover() {
    Map<String, Method> found = new HashMap<>();
    for (Method method : served.contract().getMethods()) {
      if (isOperation(method)) {
        found.put(nameOf(method), method);
      }
    }
    return Map.copyOf(found);
  }

  /** Whether a method of a client interface is an operation, and no convenience for one. */
  static boolean isOperation(Method method) {
    Class<?>[] parameters = method.getParameterTypes();
    return parameters.length == 1
        && SdkRequest.class.isAssignableFrom(parameters[0])
        && SdkResponse.class.isAssignableFrom(method.getReturnType());
  }

  /** The name on the wire of what an operation's method does. */
  String nameOf(Method operation) {
    String request = operation.getParameterTypes()[0].getSimpleName();
    return model.operationName(request.substring(0, request.length() - "Request".length()));
  }

  private Operation bind(String name, Method method) {
    Class<?> request = method.getParameterTypes()[0];
    try {
      return new Operation(
          name,
          this,
          shapes.of(builderOf(request)),
          shapes.of(builderOf(method.getReturnType())),
          isImplemented(method) ? handle(method) : null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the operation " + name + " cannot be bound", e);
    }
  }

  /** The interface's own default throws; only an override is worth a call. */
  private boolean isImplemented(Method method) throws NoSuchMethodException {
    return !served
        .implementation()
        .getClass()
        .getMethod(method.getName(), method.getParameterTypes())
        .isDefault();
  }

  private MethodHandle handle(Method method) throws IllegalAccessException {
    return MethodHandles.publicLookup()
        .unreflect(method)
        .bindTo(served.implementation())
        .asType(MethodType.methodType(SdkPojo.class, Object.class));
  }

  private static Supplier<SdkPojo> builderOf(Class<?> type) throws ReflectiveOperationException {
    Method builder = type.getMethod("builder");
    MethodHandle handle =
        MethodHandles.publicLookup()
            .unreflect(builder)
            .asType(MethodType.methodType(SdkPojo.class));
    return () -> {
      try {
        return (SdkPojo) handle.invokeExact();
      } catch (Throwable e) {
        throw new IllegalStateException("cannot create a builder of " + type.getName(), e);
      }
    };
  }
}
