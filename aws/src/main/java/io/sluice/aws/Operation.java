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
      throw leftOut().rejection();
    }
    return (SdkPojo) call.invokeExact((Object) request);
  }

  /** Amazon's error for an action that a service does not have, with the reason. */
  private WireError leftOut() {
    ServiceModel model = service.model();
    String reason = model.reasonFor(name).map(" "::concat).orElse("");
    return model
        .unsupported()
        .map(error -> error.withMessage("The operation " + name + " is not supported." + reason))
        .orElseGet(
            () -> {
              WireError invalid = Service.invalidAction(name);
              return invalid.withMessage(invalid.message() + reason);
            });
  }
}
