package io.sluice.bench.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** One connection and its dialogue. Owned by the thread that drives the load. */
final class Connection implements AutoCloseable {

  private static final int OK = 200;

  private final SocketChannel channel;
  private final SelectionKey key;
  private final Dialogue dialogue;
  private final HttpAnswer answer = new HttpAnswer();
  private ByteBuffer request = ByteBuffer.allocate(0);
  private long sentNanos;

  Connection(int port, Dialogue dialogue, Selector selector) throws IOException {
    this.dialogue = dialogue;
    channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    key = channel.register(selector, SelectionKey.OP_READ, this);
  }

  /** Begins the next request. */
  void send() throws IOException {
    request = dialogue.request();
    answer.clear();
    sentNanos = System.nanoTime();
    write();
  }

  /** Goes on with a request that the connection did not take at once. */
  void write() throws IOException {
    channel.write(request);
    boolean rest = request.hasRemaining();
    if (rest || key.interestOps() != SelectionKey.OP_READ) {
      key.interestOps(rest ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }
  }

  /**
   * Reads what has come.
   *
   * @return whether the answer is complete
   */
  boolean read() throws IOException {
    int count = channel.read(answer.space());
    if (count < 0) {
      throw new LoadFailedException("the server closed a connection that awaited an answer");
    }
    return answer.received(count);
  }

  /** What the answer that is complete finished, in units. */
  int finished() {
    if (answer.status() != OK) {
      throw new LoadFailedException("status " + answer.status() + ": " + answer.body());
    }
    return dialogue.answered(answer);
  }

  /** When the request was sent. */
  long sentNanos() {
    return sentNanos;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
