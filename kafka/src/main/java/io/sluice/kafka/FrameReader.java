package io.sluice.kafka;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import org.apache.kafka.common.errors.InvalidRequestException;

/**
 * Cuts a connection's bytes into frames: four bytes of length, then so many bytes. Memory grows
 * with what has arrived, not with what a length claims. Owned by the connection's thread.
 */
final class FrameReader {

  /** Allocated at once on the word of a length; more only as bytes arrive. */
  private static final int TRUSTED_BYTES = 1 << 20;

  /** The first bytes of a TLS record: a handshake, version 3.1 (RFC 8446, 5.1). */
  private static final int TLS_HANDSHAKE = 0x16030100;

  private final SocketChannel channel;
  private final int maxFrameBytes;
  private final Activity activity;
  private final ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);

  FrameReader(SocketChannel channel, int maxFrameBytes, Activity activity) {
    this.channel = channel;
    this.activity = activity;
    this.maxFrameBytes = maxFrameBytes;
  }

  /**
   * The next frame; empty when the client has closed the connection between two frames.
   *
   * @throws InvalidRequestException the length is negative or over the limit
   * @throws EOFException the client has closed the connection inside a frame
   */
  Optional<ByteBuffer> next() throws IOException {
    length.clear();
    if (channel.read(length) < 0) {
      return Optional.empty();
    }
    fill(length);
    int size = length.flip().getInt();
    if (size < 0 || size > maxFrameBytes) {
      throw new InvalidRequestException(
          "a frame of " + size + " bytes; the limit is " + maxFrameBytes + guess(size));
    }
    ByteBuffer frame = ByteBuffer.allocate(Math.min(size, TRUSTED_BYTES));
    fill(frame);
    while (frame.capacity() < size) {
      int larger = (int) Math.min(size, 2L * frame.capacity());
      frame = ByteBuffer.allocate(larger).put(frame.flip());
      fill(frame);
    }
    return Optional.of(frame.flip());
  }

  /** What other protocols begin with, read as a length. */
  private static String guess(int size) {
    if ((size & 0xffffff00) == TLS_HANDSHAKE) {
      return "; it looks like TLS, and this port speaks plaintext";
    }
    return "";
  }

  private void fill(ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException("the connection ended inside a frame");
      }
      activity.moved();
    }
  }
}
