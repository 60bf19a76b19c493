package io.sluice.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Receivers of a queue that cost their test a socket each, and that nobody has to read from. */
final class RawReceive {

  private RawReceive() {}

  /**
   * A connection on which messages have been asked for.
   *
   * @param parameters of {@code ReceiveMessage} beside the queue, as in JSON
   */
  static SocketChannel of(URI aws, String queueUrl, String parameters) throws IOException {
    String body = "{\"QueueUrl\":\"%s\",%s}".formatted(queueUrl, parameters);
    String request =
        """
        POST / HTTP/1.1
        Host: localhost
        Content-Type: application/x-amz-json-1.0
        X-Amz-Target: AmazonSQS.ReceiveMessage
        Content-Length: %d

        %s\
        """
            .formatted(body.length(), body)
            .replace("\n", "\r\n");
    SocketChannel channel = connect(aws);
    channel.write(ByteBuffer.wrap(request.getBytes(US_ASCII)));
    return channel;
  }

  static SocketChannel connect(URI address) throws IOException {
    return SocketChannel.open(new InetSocketAddress(address.getHost(), address.getPort()));
  }
}
