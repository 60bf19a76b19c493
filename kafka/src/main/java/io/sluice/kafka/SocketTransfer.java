package io.sluice.kafka;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import org.apache.kafka.common.network.TransferableChannel;

/**
 * A socket that takes bytes straight from a file. Small answers can be gathered before they are
 * sent. Owned by the thread whose turn it is to answer.
 *
 * <p>On a virtual thread the socket is non-blocking underneath, so a transfer to a client that does
 * not read moves nothing and returns at once. One small ordinary write then parks the thread until
 * the client reads again, without holding a carrier and without spinning.
 */
final class SocketTransfer implements TransferableChannel {

  private static final int PARKING_BYTES = 16 * 1024;

  /** Several answers to produce requests. */
  private static final int GATHERED_BYTES = 2 * 1024;

  private final SocketChannel socket;
  private final Activity activity;
  private boolean gathering;

  /** Made when it is first needed. */
  private ByteBuffer gathered = ByteBuffer.allocate(0);

  SocketTransfer(SocketChannel socket, Activity activity) {
    this.socket = socket;
    this.activity = activity;
  }

  /** Whether what is written next may wait for {@link #flush()}, as more follows at once. */
  void gather(boolean more) {
    gathering = more;
  }

  /** Sends what has been gathered. */
  void flush() throws IOException {
    gathered.flip();
    while (gathered.hasRemaining()) {
      socket.write(gathered);
      activity.moved();
    }
    gathered.clear();
  }

  /** What fits beside what was gathered joins it; the last one of several too. */
  private boolean gathers(long bytes) {
    if (!gathering && gathered.position() == 0) {
      return false;
    }
    if (gathered.capacity() == 0) {
      gathered = ByteBuffer.allocate(GATHERED_BYTES);
    }
    return bytes <= gathered.remaining();
  }

  @Override
  public long transferFrom(FileChannel file, long position, long count) throws IOException {
    flush();
    long transferred = file.transferTo(position, count, socket);
    if (transferred > 0 || count == 0) {
      activity.moved();
      return transferred;
    }
    ByteBuffer few = ByteBuffer.allocate((int) Math.min(count, PARKING_BYTES));
    int read = file.read(few, position);
    if (read <= 0) {
      throw new IOException("the records to send are gone from their file");
    }
    few.flip();
    while (few.hasRemaining()) {
      socket.write(few);
      activity.moved();
    }
    return read;
  }

  @Override
  public boolean hasPendingWrites() {
    return false;
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    long bytes = 0;
    for (int each = offset; each < offset + length; each++) {
      bytes += sources[each].remaining();
    }
    if (gathers(bytes)) {
      for (int each = offset; each < offset + length; each++) {
        gathered.put(sources[each]);
      }
      return bytes;
    }
    flush();
    long written = socket.write(sources, offset, length);
    activity.moved();
    return written;
  }

  @Override
  public long write(ByteBuffer[] sources) throws IOException {
    return write(sources, 0, sources.length);
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    return (int) write(new ByteBuffer[] {source}, 0, 1);
  }

  @Override
  public boolean isOpen() {
    return socket.isOpen();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
