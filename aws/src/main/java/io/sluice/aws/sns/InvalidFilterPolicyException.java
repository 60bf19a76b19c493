package io.sluice.aws.sns;

/** Says in Amazon's words what is wrong with a filter policy. */
final class InvalidFilterPolicyException extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidFilterPolicyException(String message) {
    super(message);
  }
}
