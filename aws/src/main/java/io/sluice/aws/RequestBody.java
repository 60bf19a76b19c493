package io.sluice.aws;

import io.helidon.common.buffers.DataReader;
import io.helidon.http.RequestException;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/** Reads the body of a request whole, within {@link HttpLimits}. */
final class RequestBody {

  static final byte[] NONE = new byte[0];

  /** A body up to this length gets its buffer before it has arrived. */
  private static final int TRUSTED_LENGTH = 64 << 10;

  private RequestBody() {}

  /** A body that is not taken. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient WireError error;
    private final boolean isReadToTheEnd;

    private RefusedException(WireError error, boolean isReadToTheEnd) {
      super(error.message(), null, false, false);
      this.error = error;
      this.isReadToTheEnd = isReadToTheEnd;
    }

    WireError error() {
      return error;
    }

    /** Whether another request can follow on the connection. */
    boolean isReadToTheEnd() {
      return isReadToTheEnd;
    }
  }

  /**
   * Reads it.
   *
   * @throws RefusedException it is too long, or breaks the rules of HTTP
   * @throws CloseConnectionException the client went away
   */
  static byte[] read(ServerRequest request) throws RefusedException, IOException {
    if (!request.content().hasEntity()) {
      return NONE;
    }
    try {
      return read(
          request.content().inputStream(),
          request.headers().contentLength().orElse(Long.MAX_VALUE));
    } catch (DataReader.InsufficientDataAvailableException e) {
      throw new CloseConnectionException("the client went away", e);
    } catch (RequestException e) {
      throw new RefusedException(WireError.http(e.status().code(), e.getMessage()), false);
    } catch (IllegalArgumentException e) {
      throw new RefusedException(WireError.http(400, "A chunk of the body has no length."), false);
    }
  }

  private static byte[] read(InputStream in, long length) throws RefusedException, IOException {
    if (length <= TRUSTED_LENGTH) {
      return exactly(in, (int) length);
    }
    byte[] body = in.readNBytes(HttpLimits.MAX_BODY_BYTES + 1);
    if (body.length > HttpLimits.MAX_BODY_BYTES) {
      in.transferTo(OutputStream.nullOutputStream());
      throw new RefusedException(WireError.tooLarge(HttpLimits.MAX_BODY_BYTES), true);
    }
    return body;
  }

  /** Reads on to the end of the stream, which tells the server that the request was consumed. */
  private static byte[] exactly(InputStream in, int length) throws IOException {
    byte[] body = new byte[length];
    int read = in.readNBytes(body, 0, length);
    return in.read() < 0 && read == length ? body : Arrays.copyOf(body, read);
  }
}
