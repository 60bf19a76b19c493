package io.sluice.aws;

import org.jspecify.annotations.Nullable;

/**
 * An HTTP response.
 *
 * @param queryError the x-amzn-query-error header; null for none
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record Reply(
    int status, String contentType, String requestId, @Nullable String queryError, byte[] body) {

  static final String JSON_1_0 = "application/x-amz-json-1.0";
  static final String JSON_1_1 = "application/x-amz-json-1.1";
  static final String XML = "text/xml";
  static final String PLAIN = "text/plain; charset=utf-8";

  static Reply ok(String contentType, String requestId, byte[] body) {
    return new Reply(200, contentType, requestId, null, body);
  }

  /** As HTTP wants an answer to HEAD; with a body, it would be taken for the next answer. */
  Reply withoutBody() {
    return new Reply(status, contentType, requestId, queryError, new byte[0]);
  }
}
