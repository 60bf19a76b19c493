package io.sluice.bench.system;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * No server at all: a process with a thread for each connection that answers whatever arrives, a
 * request at a time, with the same bytes and without looking at it. What that takes is what sockets
 * and the waking of threads take on a machine, below which no server can get.
 */
public record CannedAnswers() implements SystemUnderTest {

  private static final String BODY =
      """
      {"MessageId":"00000000-0000-0000-0000-000000000000",\
      "MD5OfMessageBody":"00000000000000000000000000000000"}\
      """;
  static final int MOST_REQUEST_BYTES = 64 * 1024;

  @Override
  public String name() {
    return "no server";
  }

  @Override
  public RunningSystem start(Path folder) throws InterruptedException {
    return start(CannedAnswers.class, folder, List.of());
  }

  /** Starts {@code main} in a process of its own, with a port and these arguments. */
  static RunningSystem start(Class<?> main, Path folder, List<String> arguments)
      throws InterruptedException {
    int port = FreePort.find();
    List<String> command = new ArrayList<>();
    command.addAll(List.of(ServerProcess.JAVA, "-XX:+UseSerialGC", "-Xmx64m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.add(Integer.toString(port));
    command.addAll(arguments);
    ServerProcess process = ServerProcess.start(command, Map.of(), folder.resolve("output.log"));
    return RunningSystem.aws(process, port, folder);
  }

  /**
   * Serves a port of loopback until the process is ended.
   *
   * @param arguments the port
   */
  public static void main(String[] arguments) throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])));
      while (true) {
        SocketChannel connection = server.accept();
        Thread.ofPlatform().start(() -> answer(connection));
      }
    }
  }

  /** The bytes of an answer, ready to be written. */
  static ByteBuffer answer() {
    byte[] bytes =
        ("HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: "
                + BODY.length()
                + "\r\n\r\n"
                + BODY)
            .getBytes(US_ASCII);
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  private static void answer(SocketChannel connection) {
    ByteBuffer answer = answer();
    ByteBuffer request = ByteBuffer.allocateDirect(MOST_REQUEST_BYTES);
    try (connection) {
      while (connection.read(request.clear()) > 0) {
        answer.rewind();
        while (answer.hasRemaining()) {
          connection.write(answer);
        }
      }
    } catch (IOException e) {
      System.err.println("a connection ended: " + e.getMessage());
    }
  }
}
