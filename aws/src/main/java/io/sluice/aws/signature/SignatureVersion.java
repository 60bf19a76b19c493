package io.sluice.aws.signature;

/** The topic attribute {@code SignatureVersion} (Amazon's "SetTopicAttributes"). */
public enum SignatureVersion {
  /** {@code 1}, the default. */
  SHA1("1", "SHA1withRSA"),
  /** {@code 2}. */
  SHA256("2", "SHA256withRSA");

  /** The name of the attribute of a topic. */
  public static final String ATTRIBUTE = "SignatureVersion";

  private final String number;
  private final String algorithm;

  SignatureVersion(String number, String algorithm) {
    this.number = number;
    this.algorithm = algorithm;
  }

  /** What the field {@code SignatureVersion} of a message says. */
  public String number() {
    return number;
  }

  /** The algorithm's name in {@code java.security}. */
  String algorithm() {
    return algorithm;
  }

  /** The version that a topic's attribute asks for. */
  public static SignatureVersion of(String number) {
    return number.equals(SHA256.number) ? SHA256 : SHA1;
  }
}
