package io.sluice.kafka;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a connection's bytes into frames: four bytes of length, then so many bytes. Between requests
 * a connection holds no buffer. When one begins it borrows one of {@link FrameBuffers}, and reads
 * as many requests at once as have arrived; when all are lent, or for a frame that is larger, it
 * takes memory of the heap, a large frame when its beginning has arrived and {@link RequestMemory}
 * has room for it. Owned by the connection's thread.
 */
final class FrameReader {

  /** Read at once: Java copies through a buffer outside the heap, which it keeps, of that size. */
  private static final int READ_BYTES = 256 * 1024;

  /** The first bytes of a TLS record: a handshake, version 3.1 (RFC 8446, 5.1). */
  private static final int TLS_HANDSHAKE = 0x16030100;

  private final SocketChannel channel;
  private final int maxFrameBytes;
  private final FrameBuffers buffers;
  private final RequestMemory.Share memory;
  private final Activity activity;

  /** Tells how much the system has for the channel. */
  private final InputStream arriving;

  private final ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);

  /** Ends at its position; null when nothing is borrowed. */
  private @Nullable ByteBuffer borrowed;

  /** Where in {@link #borrowed} the bytes begin that are no part of a frame that was cut. */
  private int start;

  FrameReader(
      SocketChannel channel,
      int maxFrameBytes,
      FrameBuffers buffers,
      RequestMemory memory,
      Activity activity)
      throws IOException {
    this.channel = channel;
    this.arriving = channel.socket().getInputStream();
    this.buffers = buffers;
    this.memory = memory.share();
    this.activity = activity;
    this.maxFrameBytes = maxFrameBytes;
  }

  /**
   * What {@link #next} will find; after {@link #release}. Reads what has arrived, waits for
   * nothing.
   */
  Answers.Follows follows() throws IOException {
    if (borrowed != null && holdsProduce(borrowed)) {
      return Answers.Follows.REQUEST;
    }
    if (arriving.available() == 0) {
      return borrowed == null ? Answers.Follows.NOTHING : Answers.Follows.MORE;
    }
    if (borrowed == null) {
      borrowed = buffers.borrow().orElse(null);
    }
    ByteBuffer buffer = borrowed;
    if (buffer == null) {
      return Answers.Follows.MORE;
    }
    activity.large(true);
    moveToFront(buffer);
    if (channel.read(buffer) > 0) {
      activity.moved();
    }
    return holdsProduce(buffer) ? Answers.Follows.REQUEST : Answers.Follows.MORE;
  }

  private boolean holdsProduce(ByteBuffer buffer) {
    int bytes = buffer.position() - start;
    return bytes >= Integer.BYTES + Short.BYTES
        && buffer.getInt(start) <= bytes - Integer.BYTES
        && isProduce(buffer, start + Integer.BYTES);
  }

  private static boolean isProduce(ByteBuffer bytes, int frameStart) {
    return bytes.getShort(frameStart) == ApiKeys.PRODUCE.id;
  }

  /**
   * The next frame; empty when the client has closed the connection between two frames. A produce
   * request may lie in a borrowed buffer, and what was taken for it is kept until {@link #release}:
   * nothing of it may be used afterwards. Other requests are copied and may be kept.
   *
   * @throws InvalidRequestException the length is negative or over the limit, or there was no
   *     memory
   * @throws EOFException the client has closed the connection inside a frame
   */
  Optional<ByteBuffer> next() throws IOException, InterruptedException {
    if (borrowed == null) {
      if (!readLength()) {
        return Optional.empty();
      }
      borrowed = buffers.borrow().orElse(null);
      if (borrowed == null) {
        return Optional.of(readOnHeap(checked(length.getInt())));
      }
      borrowed.put(length);
      activity.large(true);
    }
    ByteBuffer buffer = borrowed;
    if (!arrive(buffer, Integer.BYTES)) {
      return Optional.empty();
    }
    int size = checked(buffer.getInt(start));
    if (size > buffer.capacity() - Integer.BYTES) {
      return Optional.of(moveToHeap(buffer, size));
    }
    arrive(buffer, Integer.BYTES + size);
    return Optional.of(cut(buffer, size));
  }

  private boolean readLength() throws IOException {
    length.clear();
    if (channel.read(length) < 0) {
      return false;
    }
    fill(length);
    length.flip();
    return true;
  }

  private int checked(int size) {
    if (size < 0 || size > maxFrameBytes) {
      throw new InvalidRequestException(
          "a frame of " + size + " bytes; the limit is " + maxFrameBytes + guess(size));
    }
    return size;
  }

  /** What other protocols begin with, read as a length. */
  private static String guess(int size) {
    if ((size & 0xffffff00) == TLS_HANDSHAKE) {
      return "; it looks like TLS, and this port speaks plaintext";
    }
    return "";
  }

  /** Waits until so many bytes are there; false when there are none and the client has left. */
  private boolean arrive(ByteBuffer buffer, int bytes) throws IOException {
    if (buffer.capacity() - start < bytes) {
      moveToFront(buffer);
    }
    while (buffer.position() - start < bytes) {
      if (channel.read(buffer) < 0) {
        if (buffer.position() == start) {
          return false;
        }
        throw new EOFException("the connection ended inside a frame");
      }
      activity.moved();
    }
    return true;
  }

  private void moveToFront(ByteBuffer buffer) {
    buffer.flip().position(start).compact();
    start = 0;
  }

  private ByteBuffer cut(ByteBuffer buffer, int size) throws InterruptedException {
    ByteBuffer frame = buffer.slice(start + Integer.BYTES, size);
    start += Integer.BYTES + size;
    if (size >= Short.BYTES && isProduce(frame, 0)) {
      return frame;
    }
    // Its answer may take long: the buffer serves others meanwhile.
    takeMemory(size);
    ByteBuffer kept = ByteBuffer.allocate(size).put(frame).flip();
    giveBufferIfCut();
    return kept;
  }

  /** Goes on with a frame that is larger than the buffer in which it began. */
  private ByteBuffer moveToHeap(ByteBuffer buffer, int size)
      throws IOException, InterruptedException {
    takeMemory(size);
    ByteBuffer frame = ByteBuffer.allocate(size);
    frame.put(buffer.flip().position(start + Integer.BYTES));
    giveBuffer(buffer);
    fill(frame);
    return frame.flip();
  }

  private ByteBuffer readOnHeap(int size) throws IOException, InterruptedException {
    ByteBuffer begun = ByteBuffer.allocate(Math.min(size, RequestMemory.SMALL_BYTES));
    fill(begun);
    if (size == begun.capacity()) {
      return begun.flip();
    }
    takeMemory(size);
    ByteBuffer frame = ByteBuffer.allocate(size).put(begun.flip());
    fill(frame);
    return frame.flip();
  }

  private void takeMemory(int size) throws InterruptedException {
    if (size > RequestMemory.SMALL_BYTES) {
      activity.busy(true);
      memory.take(size);
      activity.busy(false);
      activity.large(true);
    }
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

  /** Ends the use of the last frame, or of what there is of it. */
  void release() {
    memory.giveBack();
    giveBufferIfCut();
    activity.large(borrowed != null);
  }

  /** Ends the use of everything: the connection reads no more. */
  void close() {
    memory.giveBack();
    if (borrowed != null) {
      giveBuffer(borrowed);
    }
  }

  private void giveBufferIfCut() {
    ByteBuffer buffer = borrowed;
    if (buffer != null && buffer.position() == start) {
      giveBuffer(buffer);
    }
  }

  private void giveBuffer(ByteBuffer buffer) {
    borrowed = null;
    start = 0;
    buffers.giveBack(buffer);
  }
}
