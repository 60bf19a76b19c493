package io.sluice.kafka;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import org.apache.kafka.common.network.TransferableChannel;

/**
 * A socket that takes bytes straight from a file. Owned by the connection's writing thread.
 *
 * <p>On a virtual thread the socket is non-blocking underneath, so a transfer to a client that does
 * not read moves nothing and returns at once. One small ordinary write then parks the thread until
 * the client reads again, without holding a carrier and without spinning.
 */
final class SocketTransfer implements TransferableChannel {

  private static final int PARKING_BYTES = 16 * 1024;

  private final SocketChannel socket;
  private final Activity activity;

  SocketTransfer(SocketChannel socket, Activity activity) {
    this.socket = socket;
    this.activity = activity;
  }

  @Override
  public long transferFrom(FileChannel file, long position, long count) throws IOException {
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
    long written = socket.write(sources, offset, length);
    activity.moved();
    return written;
  }

  @Override
  public long write(ByteBuffer[] sources) throws IOException {
    long written = socket.write(sources);
    activity.moved();
    return written;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    int written = socket.write(source);
    activity.moved();
    return written;
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
