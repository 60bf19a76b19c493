package io.sluice.aws;

import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * Builds the errors that Amazon sends without modelling them as a class of their own, such as
 * {@code InvalidParameterValue}: the service's base exception with the details filled in, exactly
 * what the SDK throws to its user for them. An exception that has a class needs none of this; the
 * listener knows its code and status.
 */
public final class AwsErrors {

  private AwsErrors() {}

  /**
   * An error that is the sender's fault.
   *
   * @param builder of the service's base exception, such as {@code SqsException.builder()}
   * @param code as the Query protocol and Amazon's documentation name it; where the JSON protocol
   *     names it otherwise, the listener translates
   * @param status the HTTP status, 4xx
   */
  public static AwsServiceException sender(
      AwsServiceException.Builder builder, String code, int status, String message) {
    return builder
        .message(message)
        .statusCode(status)
        .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).errorMessage(message).build())
        .build();
  }
}
