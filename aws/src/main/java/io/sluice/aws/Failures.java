package io.sluice.aws;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** What the failure of a call means to its caller: the one place that translates exceptions. */
final class Failures {

  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private Failures() {}

  /**
   * A modelled exception by the service's table, another of the SDK's by the details that it
   * carries; everything else is our fault, and is logged.
   *
   * @param closing whether calls are being ended, which they cannot help
   */
  static WireError translate(Throwable e, Operation operation, String requestId, boolean closing) {
    if (e instanceof WireError.RequestRejected rejected) {
      return rejected.error();
    }
    if (e instanceof AwsServiceException known) {
      ServiceModel model = operation.service().model();
      WireError modelled = model.errorOf(known.getClass().getSimpleName());
      if (modelled != null) {
        return modelled.withMessage(messageOf(known));
      }
      if (known.awsErrorDetails() != null && known.awsErrorDetails().errorCode() != null) {
        int status = known.statusCode() == 0 ? 400 : known.statusCode();
        return model
            .unmodelled(known.awsErrorDetails().errorCode(), status)
            .withMessage(messageOf(known));
      }
    }
    if (closing) {
      LOG.debug("{} ended by the shutdown, request {}", operation.name(), requestId, e);
      return WireError.UNAVAILABLE;
    }
    LOG.error("{} failed, request {}", operation.name(), requestId, e);
    return WireError.INTERNAL_FAILURE;
  }

  /** The message alone: with details, getMessage() adds the code and the status. */
  private static String messageOf(AwsServiceException e) {
    String message =
        e.awsErrorDetails() == null ? e.getMessage() : e.awsErrorDetails().errorMessage();
    return message == null ? "" : message;
  }
}
