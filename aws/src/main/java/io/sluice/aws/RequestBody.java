package io.sluice.aws;

import io.helidon.common.buffers.DataReader;
import io.helidon.http.RequestException;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;

/** Reads the body of a request whole, within {@link HttpLimits}. */
final class RequestBody {

  static final byte[] NONE = new byte[0];

  /** Of a body that comes in chunks. */
  private static final long UNKNOWN_LENGTH = Long.MAX_VALUE;

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
   * @param memory gets what the body takes
   * @param wait for how long there may be no memory for it
   * @throws RefusedException it is too long, or breaks the rules of HTTP
   * @throws CloseConnectionException the client went away
   */
  static byte[] read(ServerRequest request, MemoryBudget.Share memory, Duration wait)
      throws RefusedException, IOException {
    if (!request.content().hasEntity()) {
      return NONE;
    }
    try {
      long length = request.headers().contentLength().orElse(UNKNOWN_LENGTH);
      boolean fits = memory.take(Math.min(length, HttpLimits.MAX_BODY_BYTES), wait);
      // Only now, since this tells a client that waits for it to go on.
      InputStream in = request.content().inputStream();
      if (!fits) {
        throw discarded(in, WireError.BUSY);
      }
      byte[] body = read(in, length);
      // What comes in chunks took as much as it might have had, and a call may wait for long.
      memory.keep(body.length);
      return body;
    } catch (InterruptedException e) {
      throw new CloseConnectionException("the connection is closed", e);
    } catch (DataReader.InsufficientDataAvailableException e) {
      throw new CloseConnectionException("the client went away", e);
    } catch (RequestException e) {
      throw new RefusedException(WireError.http(e.status().code(), e.getMessage()), false);
    } catch (IllegalArgumentException e) {
      throw new RefusedException(WireError.http(400, "A chunk of the body has no length."), false);
    }
  }

  private static byte[] read(InputStream in, long length) throws RefusedException, IOException {
    if (length <= HttpLimits.MAX_BODY_BYTES) {
      return exactly(in, (int) length);
    }
    byte[] body = in.readNBytes(HttpLimits.MAX_BODY_BYTES + 1);
    if (body.length > HttpLimits.MAX_BODY_BYTES) {
      throw discarded(in, WireError.tooLarge(HttpLimits.MAX_BODY_BYTES));
    }
    return body;
  }

  /** A sender who has not sent everything would not read the refusal. */
  private static RefusedException discarded(InputStream in, WireError error) throws IOException {
    in.transferTo(OutputStream.nullOutputStream());
    return new RefusedException(error, true);
  }

  /** Reads on to the end of the stream, which tells the server that the request was consumed. */
  private static byte[] exactly(InputStream in, int length) throws IOException {
    byte[] body = new byte[length];
    int read = in.readNBytes(body, 0, length);
    return in.read() < 0 && read == length ? body : Arrays.copyOf(body, read);
  }
}
