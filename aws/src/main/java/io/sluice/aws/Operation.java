package io.sluice.aws;

import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;

/**
 * An operation of a service. Immutable.
 *
 * @param name on the wire
 * @param call takes a request and returns the response; null when the implementation leaves it out
 */
record Operation(
    String name, Service service, Shape request, Shape response, @Nullable MethodHandle call) {

  /** Calls the service; its exceptions pass through. */
  SdkPojo invoke(SdkPojo request) throws Throwable {
    if (call == null) {
      throw service
          .model()
          .unsupported()
          .map(error -> error.withMessage("The operation " + name + " is not supported."))
          .orElseGet(() -> Service.invalidAction(name))
          .rejection();
    }
    return (SdkPojo) call.invokeExact((Object) request);
  }
}
