package io.sluice.aws.sns;

/** Says in Amazon's words what is wrong with a delivery policy. */
final class InvalidDeliveryPolicyException extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidDeliveryPolicyException(String message) {
    super(message);
  }
}
