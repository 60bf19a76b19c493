package io.sluice.aws.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.function.Executable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.sns.model.InvalidParameterException;

/** Asserts that a call is refused as Amazon refuses it. */
public final class Refused {

  private Refused() {}

  /** With this code and sentence. */
  public static AwsServiceException with(String code, String message, Executable call) {
    AwsServiceException e = assertThrows(AwsServiceException.class, call);
    assertEquals(code, e.awsErrorDetails().errorCode());
    assertEquals(message, e.awsErrorDetails().errorMessage());
    return e;
  }

  /** With this class, code, status and sentence. */
  public static void with(
      Class<? extends AwsServiceException> type,
      String code,
      int status,
      String message,
      Executable call) {
    AwsServiceException e = with(code, message, call);
    assertEquals(type, e.getClass());
    assertEquals(status, e.statusCode());
  }

  /** As SNS does it for a parameter that makes no sense: {@code Invalid parameter: ...}. */
  public static void invalidParameter(String what, Executable call) {
    with(
        InvalidParameterException.class,
        "InvalidParameter",
        400,
        "Invalid parameter: " + what,
        call);
  }
}
