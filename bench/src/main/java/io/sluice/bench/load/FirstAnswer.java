package io.sluice.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;

/** The cheapest request of a protocol, over a raw socket: whoever answers it is up. */
public final class FirstAnswer {

  private static final Duration PAUSE = Duration.ofMillis(2);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Key 18, version 0, correlation 1, no client id; then no body. */
  private static final byte[] API_VERSIONS = {0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, -1, -1};

  private FirstAnswer() {}

  private interface Request {
    boolean isAnswered(Socket socket) throws IOException;
  }

  /**
   * Asks for Kafka's ApiVersions until there is an answer.
   *
   * @throws LoadFailedException there was none in a minute
   */
  public static void kafka(String bootstrap) throws InterruptedException {
    ask(
        Integer.parseInt(bootstrap.substring(bootstrap.lastIndexOf(':') + 1)),
        socket -> {
          socket.getOutputStream().write(API_VERSIONS);
          DataInputStream in = new DataInputStream(socket.getInputStream());
          return in.readInt() > 0 && in.readInt() == 1;
        });
  }

  /**
   * Asks for the list of queues until there is an answer.
   *
   * @throws LoadFailedException there was none in a minute
   */
  public static void sqs(int port) throws InterruptedException {
    String request =
        """
        POST / HTTP/1.1\r
        Host: 127.0.0.1:%d\r
        X-Amz-Target: AmazonSQS.ListQueues\r
        Content-Type: application/x-amz-json-1.0\r
        Content-Length: 2\r
        \r
        {}\
        """
            .formatted(port);
    ask(
        port,
        socket -> {
          new DataOutputStream(socket.getOutputStream()).write(request.getBytes(US_ASCII));
          byte[] status = new byte["HTTP/1.1 200".length()];
          new DataInputStream(socket.getInputStream()).readFully(status);
          return new String(status, US_ASCII).endsWith(" 200");
        });
  }

  private static void ask(int port, Request request) throws InterruptedException {
    long start = System.nanoTime();
    while (!isAnswered(port, request)) {
      if (System.nanoTime() - start > PATIENCE.toNanos()) {
        throw new LoadFailedException("nobody answered on port " + port);
      }
      Thread.sleep(PAUSE);
    }
  }

  private static boolean isAnswered(int port, Request request) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      return request.isAnswered(socket);
    } catch (IOException e) {
      return false;
    }
  }
}
