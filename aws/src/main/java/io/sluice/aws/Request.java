package io.sluice.aws;

import org.jspecify.annotations.Nullable;

/**
 * An HTTP request, read whole.
 *
 * @param path as it was sent, still encoded
 * @param query what follows the question mark, still encoded; may be empty
 * @param host the Host header
 * @param target the X-Amz-Target header
 * @param authorization the Authorization header
 * @param contentType the Content-Type header
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record Request(
    String method,
    String path,
    String query,
    String host,
    @Nullable String target,
    @Nullable String authorization,
    @Nullable String contentType,
    byte[] body) {}
