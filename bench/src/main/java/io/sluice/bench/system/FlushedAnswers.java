package io.sluice.bench.system;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * No server, but a disk: a process with one thread that gathers a request of each connection,
 * appends some bytes for each to a file, over zeros, flushes them once and then answers all with
 * the same bytes. What that takes is what sockets and durability take on a machine.
 */
public record FlushedAnswers() implements SystemUnderTest {

  private static final int MEGABYTE = 1 << 20;
  private static final int FILE_MEGABYTES = 64;
  private static final int BYTES_PER_REQUEST = 200;

  @Override
  public String name() {
    return "no server, flushed";
  }

  @Override
  public RunningSystem start(Path folder) throws InterruptedException {
    return CannedAnswers.start(
        FlushedAnswers.class, folder, List.of(folder.resolve("file").toString()));
  }

  /**
   * Serves a port of loopback until the process is ended.
   *
   * @param arguments the port, and the file that is written
   */
  public static void main(String[] arguments) throws IOException {
    try (Selector selector = Selector.open();
        ServerSocketChannel server = ServerSocketChannel.open();
        FileChannel file =
            FileChannel.open(
                Path.of(arguments[1]), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (int i = 0; i < FILE_MEGABYTES; i++) {
        file.write(ByteBuffer.allocate(MEGABYTE), (long) i * MEGABYTE);
      }
      file.force(true);
      server.bind(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])));
      server.configureBlocking(false);
      server.register(selector, SelectionKey.OP_ACCEPT);
      new FlushedAnswers().serve(selector, server, file);
    }
  }

  private void serve(Selector selector, ServerSocketChannel server, FileChannel file)
      throws IOException {
    ByteBuffer request = ByteBuffer.allocateDirect(CannedAnswers.MOST_REQUEST_BYTES);
    ByteBuffer answer = CannedAnswers.answer();
    List<SocketChannel> waiting = new ArrayList<>();
    long position = 0;
    while (true) {
      selector.select();
      for (SelectionKey key : selector.selectedKeys()) {
        if (key.isAcceptable()) {
          accept(selector, server);
        } else if (read(key, request)) {
          waiting.add((SocketChannel) key.channel());
        }
      }
      selector.selectedKeys().clear();
      // Those that have just ended are among the keys until the next selection.
      long connections = selector.keys().stream().filter(SelectionKey::isValid).count() - 1;
      if (!waiting.isEmpty() && waiting.size() >= connections) {
        int bytes = waiting.size() * BYTES_PER_REQUEST;
        position = position + bytes > FILE_MEGABYTES * MEGABYTE ? 0 : position;
        file.write(ByteBuffer.allocate(bytes), position);
        file.force(false);
        position += bytes;
        waiting.forEach(connection -> write(connection, answer.rewind()));
        waiting.clear();
      }
    }
  }

  private static void accept(Selector selector, ServerSocketChannel server) throws IOException {
    SocketChannel connection = server.accept();
    connection.configureBlocking(false);
    connection.register(selector, SelectionKey.OP_READ);
  }

  /** Whether a request came; a connection that has ended is forgotten. */
  private static boolean read(SelectionKey key, ByteBuffer request) {
    try {
      if (((SocketChannel) key.channel()).read(request.clear()) > 0) {
        return true;
      }
      key.channel().close();
    } catch (IOException e) {
      key.cancel();
    }
    return false;
  }

  private static void write(SocketChannel connection, ByteBuffer answer) {
    try {
      connection.write(answer);
    } catch (IOException e) {
      System.err.println("a connection ended: " + e.getMessage());
    }
  }
}
