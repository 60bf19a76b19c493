package io.sluice.aws.signature;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;

/**
 * A certificate that says whose a public key is, signed by that key itself (RFC 5280). The JDK has
 * no public way to make one, and a library for it would be larger than the rest of SNS.
 */
final class SelfSignedCertificate {

  /** Amazon's receivers look for this name in the certificate of a signature. */
  static final String COMMON_NAME = "sns.amazonaws.com";

  private static final String ORGANIZATION = "Sluice, self-signed";
  private static final String COMMON_NAME_IDENTIFIER = "2.5.4.3";
  private static final String ORGANIZATION_IDENTIFIER = "2.5.4.10";
  private static final String SHA256_WITH_RSA = "1.2.840.113549.1.1.11";
  private static final int SERIAL_BITS = 127;

  /** The clocks of receivers need not agree with ours. */
  private static final Duration BEFORE = Duration.ofDays(1);

  /** A data folder keeps its certificate for life. */
  private static final Duration AFTER = Duration.ofDays(100L * 365);

  private SelfSignedCertificate() {}

  /** The certificate of an RSA key, in DER. */
  static byte[] of(KeyPair key, Instant now) throws GeneralSecurityException {
    byte[] algorithm = Der.sequence(Der.identifier(SHA256_WITH_RSA), Der.nothing());
    byte[] name =
        Der.sequence(
            attribute(ORGANIZATION_IDENTIFIER, ORGANIZATION),
            attribute(COMMON_NAME_IDENTIFIER, COMMON_NAME));
    // Without extensions it is a certificate of version 1, which is what no version means.
    byte[] content =
        Der.sequence(
            Der.integer(new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(0)),
            algorithm,
            name,
            Der.sequence(Der.time(now.minus(BEFORE)), Der.time(now.plus(AFTER))),
            name,
            key.getPublic().getEncoded());
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(key.getPrivate());
    signature.update(content);
    return Der.sequence(content, algorithm, Der.bits(signature.sign()));
  }

  private static byte[] attribute(String identifier, String value) {
    return Der.set(Der.sequence(Der.identifier(identifier), Der.text(value)));
  }
}
