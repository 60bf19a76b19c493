package io.sluice.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Stands between clients and a broker on the same port of another loopback address, and cuts
 * connections in the middle of answers: the broker has done what the client never hears of.
 */
final class LossyProxy implements AutoCloseable {

  /** Where clients find it: the broker must advertise this host. */
  static final String HOST = "127.0.0.2";

  private final ServerSocket server;
  private final int port;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile double loss;

  private LossyProxy(ServerSocket server, double loss) {
    this.server = server;
    this.port = server.getLocalPort();
    this.loss = loss;
    Thread.ofVirtual().name("proxy").start(this::accept);
  }

  /**
   * Starts it.
   *
   * @param loss how many of the pieces that the broker sends are cut off, 0–1
   */
  static LossyProxy before(int port, double loss) throws IOException {
    return new LossyProxy(new ServerSocket(port, 50, InetAddress.getByName(HOST)), loss);
  }

  /** From now on nothing is lost. */
  void calm() {
    loss = 0;
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        open.add(client);
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException e) {
        // Closed by the test.
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket broker = new Socket()) {
      broker.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      broker.setTcpNoDelay(true);
      client.setTcpNoDelay(true);
      open.add(broker);
      Thread up = Thread.ofVirtual().start(() -> copy(client, broker, false));
      copy(broker, client, true);
      broker.close();
      client.close();
      up.join();
      open.remove(broker);
    } catch (IOException e) {
      // The broker is being restarted: so the client hears.
      Thread.onSpinWait();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(client);
    }
  }

  private void copy(Socket from, Socket to, boolean mayBeLost) {
    byte[] bytes = new byte[64 * 1024];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(bytes); read > 0; read = in.read(bytes)) {
        if (mayBeLost && ThreadLocalRandom.current().nextDouble() < loss) {
          return;
        }
        out.write(bytes, 0, read);
      }
      to.shutdownOutput();
    } catch (IOException e) {
      // Either side has gone, which the other hears of next.
      Thread.onSpinWait();
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
