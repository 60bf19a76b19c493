package io.sluice.aws;

import org.jspecify.annotations.Nullable;

/**
 * What a request's signature says about its sender: {@code
 * AKID/20261121/us-east-1/sqs/aws4_request} ("Signature Version 4 request elements"). The signature
 * itself is not verified: the listener is for clients on the same machine, or in a network that is
 * trusted, and takes their word.
 */
record CredentialScope(String accessKeyId, String region, String service) {

  private static final String SCHEME = "AWS4-HMAC-SHA256 ";
  private static final String CREDENTIAL = "Credential=";
  private static final String TERMINATOR = "aws4_request";
  private static final int DATE_LENGTH = 8;
  private static final int MAX_KEY_LENGTH = 256;
  private static final int MAX_NAME_LENGTH = 40;

  /**
   * Reads it from the Authorization header, or else from X-Amz-Credential.
   *
   * @return null when the request is not signed, or not by Signature Version 4
   */
  static @Nullable CredentialScope of(@Nullable String authorization, @Nullable String credential) {
    if (authorization == null) {
      return credential == null ? null : parse(credential, 0, credential.length());
    }
    if (!authorization.startsWith(SCHEME)) {
      return null;
    }
    int start = authorization.indexOf(CREDENTIAL);
    int end = authorization.indexOf(',', start);
    return start < 0
        ? null
        : parse(authorization, start + CREDENTIAL.length(), end < 0 ? authorization.length() : end);
  }

  /** An access key has no slash, so everything can be read from the front. */
  private static @Nullable CredentialScope parse(String text, int start, int end) {
    int key = text.indexOf('/', start);
    int date = text.indexOf('/', key + 1);
    int region = text.indexOf('/', date + 1);
    int service = text.indexOf('/', region + 1);
    boolean isComplete = start < key && key < date && date < region && region < service;
    if (!isComplete
        || date - key != DATE_LENGTH + 1
        || end - service - 1 != TERMINATOR.length()
        || !text.startsWith(TERMINATOR, service + 1)) {
      return null;
    }
    CredentialScope scope =
        new CredentialScope(
            text.substring(start, key),
            text.substring(date + 1, region),
            text.substring(region + 1, service));
    return scope.isPlausible() ? scope : null;
  }

  /** The region ends up in ARNs, the key in policies: neither may bring anything along. */
  private boolean isPlausible() {
    return accessKeyId.length() <= MAX_KEY_LENGTH
        && isPrintable(accessKeyId)
        && isName(region)
        && isName(service);
  }

  private static boolean isPrintable(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) <= ' ' || text.charAt(i) > '~') {
        return false;
      }
    }
    return true;
  }

  private static boolean isName(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '-' && (c < 'a' || c > 'z') && (c < '0' || c > '9')) {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= MAX_NAME_LENGTH;
  }
}
