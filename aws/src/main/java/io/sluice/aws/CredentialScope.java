package io.sluice.aws;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a request's signature says about its sender: {@code
 * AKID/20261121/us-east-1/sqs/aws4_request} ("Signature Version 4 request elements"). The signature
 * itself is not verified: the listener is for clients on the same machine, or in a network that is
 * trusted, and takes their word.
 */
record CredentialScope(String accessKeyId, String region, String service) {

  private static final Pattern IN_HEADER = Pattern.compile("Credential=([^,\\s]+)");

  /** The region and the service end up in ARNs and in look-ups, so they are checked. */
  private static final Pattern SCOPE =
      Pattern.compile("([\\w.~-]{1,256})/\\d{8}/([a-z0-9-]{1,40})/([a-z0-9-]{1,40})/aws4_request");

  /**
   * Reads it from the Authorization header, or else from X-Amz-Credential.
   *
   * @return null when the request is not signed, or by a scheme that is not Signature Version 4
   */
  static @Nullable CredentialScope of(@Nullable String authorization, @Nullable String credential) {
    if (authorization != null && authorization.startsWith("AWS4-")) {
      Matcher found = IN_HEADER.matcher(authorization);
      return found.find() ? parse(found.group(1)) : null;
    }
    return credential == null ? null : parse(credential);
  }

  private static @Nullable CredentialScope parse(String credential) {
    Matcher scope = SCOPE.matcher(credential);
    return scope.matches()
        ? new CredentialScope(scope.group(1), scope.group(2), scope.group(3))
        : null;
  }
}
