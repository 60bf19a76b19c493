package io.sluice.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.ResponseHeader;

/** Speaks Kafka's protocol request by request. Owned by one thread. */
final class ProtocolClient implements AutoCloseable {

  private static final int PATIENCE_MS = 30_000;

  private final Socket socket;
  private final DataInputStream in;
  private int correlationId;

  /** Connects to a host and port. */
  ProtocolClient(String address) throws IOException {
    int colon = address.lastIndexOf(':');
    this.socket =
        new Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    socket.setSoTimeout(PATIENCE_MS);
    this.in = new DataInputStream(socket.getInputStream());
  }

  /** A request and its response. */
  ApiMessage call(ApiKeys key, int version, ApiMessage request) throws IOException {
    socket.getOutputStream().write(frame(key, version, ++correlationId, request));
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    ByteBuffer frame = ByteBuffer.wrap(bytes);
    ResponseHeader.parse(frame, key.responseHeaderVersion((short) version));
    ApiMessage response = key.messageType.newResponse();
    response.read(new ByteBufferAccessor(frame), (short) version);
    return response;
  }

  /** A request as it is written, with its length before it. */
  static byte[] frame(ApiKeys key, int version, int correlationId, ApiMessage request) {
    RequestHeader header = new RequestHeader(key, (short) version, "compare", correlationId);
    ByteBuffer head =
        MessageUtil.toByteBufferAccessor(header.data(), header.headerVersion()).buffer();
    ByteBuffer body = MessageUtil.toByteBufferAccessor(request, (short) version).buffer();
    int size = head.remaining() + body.remaining();
    return ByteBuffer.allocate(Integer.BYTES + size).putInt(size).put(head).put(body).array();
  }

  /** A message with all its fields, as Kafka itself writes it for people. */
  static JsonNode json(ApiMessage message, int version) {
    try {
      Class<?> type = message.getClass();
      return (JsonNode)
          Class.forName(type.getName() + "JsonConverter")
              .getMethod("write", type, short.class)
              .invoke(null, message, (short) version);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(String.valueOf(message), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no JSON for " + message.getClass(), e);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
