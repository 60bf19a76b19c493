package io.sluice.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.ResponseHeader;

/** A client that writes whatever it likes. Owned by one thread. */
final class RawClient implements AutoCloseable {

  private final Socket socket;
  private final DataInputStream in;
  private int correlationId;

  RawClient(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
  }

  Socket socket() {
    return socket;
  }

  /** Writes these bytes as they are. */
  void write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** Writes a request and returns at once. */
  void send(ApiKeys key, int version, ApiMessage body) throws IOException {
    write(frame(key, version, ++correlationId, body));
  }

  /** The bytes of a request. */
  static byte[] frame(ApiKeys key, int version, int correlationId, ApiMessage body) {
    RequestHeader header = new RequestHeader(key, (short) version, "raw", correlationId);
    ByteBuffer head =
        MessageUtil.toByteBufferAccessor(header.data(), header.headerVersion()).buffer();
    ByteBuffer tail = MessageUtil.toByteBufferAccessor(body, (short) version).buffer();
    int size = head.remaining() + tail.remaining();
    return ByteBuffer.allocate(Integer.BYTES + size).putInt(size).put(head).put(tail).array();
  }

  /** The next response, which must be one of that version to the last request, to its last byte. */
  <T extends ApiMessage> T receive(ApiKeys key, int version, Class<T> type) throws IOException {
    ByteBuffer frame = ByteBuffer.wrap(readFrame());
    ResponseHeader header = ResponseHeader.parse(frame, key.responseHeaderVersion((short) version));
    assertEquals(correlationId, header.correlationId());
    ApiMessage response = key.messageType.newResponse();
    response.read(new ByteBufferAccessor(frame), (short) version);
    assertEquals(0, frame.remaining(), "bytes after the response of " + key + " " + version);
    return type.cast(response);
  }

  /** The next response, undecoded. */
  byte[] readFrame() throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return bytes;
  }

  /** A request and its response. */
  <T extends ApiMessage> T call(ApiKeys key, int version, ApiMessage body, Class<T> type)
      throws IOException {
    send(key, version, body);
    return receive(key, version, type);
  }

  /** Waits for the server to close the connection; what it says before that, if it does. */
  Optional<String> ends() throws IOException {
    try {
      int next = in.read();
      return next < 0 ? Optional.empty() : Optional.of("it answers with a byte " + next);
    } catch (SocketException e) {
      // What the server had not read when it closed is seen as a reset.
      return Optional.empty();
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
