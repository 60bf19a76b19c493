package io.sluice.kafka;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import org.apache.kafka.common.errors.InvalidRequestException;

/**
 * Cuts a connection's bytes into frames: four bytes of length, then so many bytes. A large frame
 * gets its memory when its beginning has arrived and {@link RequestMemory} has room for it. Owned
 * by the connection's thread.
 */
final class FrameReader {

  /** Read at once: Java copies through a buffer outside the heap, which it keeps, of that size. */
  private static final int READ_BYTES = 256 * 1024;

  /** The first bytes of a TLS record: a handshake, version 3.1 (RFC 8446, 5.1). */
  private static final int TLS_HANDSHAKE = 0x16030100;

  private final SocketChannel channel;
  private final int maxFrameBytes;
  private final RequestMemory.Share memory;
  private final Activity activity;
  private final ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);

  FrameReader(SocketChannel channel, int maxFrameBytes, RequestMemory memory, Activity activity) {
    this.channel = channel;
    this.memory = memory.share();
    this.activity = activity;
    this.maxFrameBytes = maxFrameBytes;
  }

  /**
   * The next frame; empty when the client has closed the connection between two frames. What was
   * taken for it is kept until {@link #release}.
   *
   * @throws InvalidRequestException the length is negative or over the limit, or there was no
   *     memory
   * @throws EOFException the client has closed the connection inside a frame
   */
  Optional<ByteBuffer> next() throws IOException, InterruptedException {
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
    ByteBuffer frame = ByteBuffer.allocate(Math.min(size, RequestMemory.SMALL_BYTES));
    fill(frame);
    if (frame.capacity() < size) {
      activity.busy(true);
      memory.take(size);
      activity.busy(false);
      activity.large(true);
      frame = ByteBuffer.allocate(size).put(frame.flip());
      fill(frame);
    }
    return Optional.of(frame.flip());
  }

  /** Ends the use of the last frame, or of what there is of it. */
  void release() {
    memory.giveBack();
    activity.large(false);
  }

  /** What other protocols begin with, read as a length. */
  private static String guess(int size) {
    if ((size & 0xffffff00) == TLS_HANDSHAKE) {
      return "; it looks like TLS, and this port speaks plaintext";
    }
    return "";
  }

  private void fill(ByteBuffer buffer) throws IOException {
    int end = buffer.limit();
    while (buffer.position() < end) {
      buffer.limit(Math.min(end, buffer.position() + READ_BYTES));
      if (channel.read(buffer) < 0) {
        throw new EOFException("the connection ended inside a frame");
      }
      activity.moved();
    }
  }
}
