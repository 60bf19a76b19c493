package io.sluice.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests come out as they went in, however they arrive and whatever buffers there are. */
class FrameReaderTest {

  private static final int MAX_FRAME_BYTES = 1024 * 1024;

  private SocketChannel client;
  private SocketChannel server;
  private final Activity activity = new Activity();

  @BeforeEach
  void connect() throws IOException {
    try (ServerSocketChannel listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      client = SocketChannel.open(listener.getLocalAddress());
      server = listener.accept();
    }
  }

  @AfterEach
  void disconnect() throws IOException {
    client.close();
    server.close();
  }

  private FrameReader reader(FrameBuffers buffers) throws IOException {
    RequestMemory memory = new RequestMemory(4 * MAX_FRAME_BYTES);
    return new FrameReader(server, MAX_FRAME_BYTES, buffers, memory, activity);
  }

  @RepeatedTest(20)
  void every_request_arrives_whole_and_in_order() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<byte[]> sent = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      sent.add(request(random));
    }
    Thread writer = Thread.ofVirtual().start(() -> write(sent, new Random(seed)));
    FrameReader reader = reader(new FrameBuffers(random.nextInt(2)));
    for (byte[] each : sent) {
      assertEquals(ByteBuffer.wrap(each), reader.next().orElseThrow(), () -> "seed " + seed);
      reader.release();
    }
    assertEquals(Optional.empty(), reader.next());
    writer.join();
  }

  private static byte[] request(Random random) {
    int bound = List.of(8, 300, 20_000, FrameBuffers.BUFFER_BYTES, 400_000).get(random.nextInt(5));
    byte[] request = new byte[random.nextInt(bound)];
    random.nextBytes(request);
    if (request.length >= Short.BYTES && random.nextBoolean()) {
      ByteBuffer.wrap(request).putShort(ApiKeys.PRODUCE.id);
    }
    return request;
  }

  /** Now a byte or two, now several requests at once. */
  private void write(List<byte[]> requests, Random random) {
    int bytes = requests.stream().mapToInt(each -> Integer.BYTES + each.length).sum();
    ByteBuffer all = ByteBuffer.allocate(bytes);
    requests.forEach(each -> all.putInt(each.length).put(each));
    all.flip();
    try {
      while (all.hasRemaining()) {
        int some = 1 + random.nextInt(random.nextBoolean() ? 6 : 200_000);
        ByteBuffer part = all.slice(all.position(), Math.min(some, all.remaining()));
        all.position(all.position() + part.remaining());
        while (part.hasRemaining()) {
          client.write(part);
        }
      }
      client.shutdownOutput();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void a_client_that_leaves_inside_a_request_is_told_from_one_that_leaves_after_it(int buffers)
      throws Exception {
    client.write(ByteBuffer.allocate(20).putInt(2).putShort((short) 3).putInt(100).flip());
    client.shutdownOutput();
    FrameReader reader = reader(new FrameBuffers(buffers));
    assertEquals(2, reader.next().orElseThrow().remaining());
    reader.release();
    assertThrows(EOFException.class, reader::next);
  }

  @Test
  void a_connection_between_two_requests_holds_no_buffer() throws Exception {
    FrameBuffers buffers = new FrameBuffers(1);
    FrameReader reader = reader(buffers);
    client.write(ByteBuffer.allocate(6).putInt(2).putShort(ApiKeys.PRODUCE.id).flip());
    reader.next();
    assertTrue(buffers.borrow().isEmpty(), "it lies there");
    assertTrue(activity.isLarge());
    reader.release();
    assertFalse(activity.isLarge());
    assertFalse(buffers.borrow().isEmpty());
  }

  @Test
  void a_connection_that_ends_inside_a_request_gives_its_buffer_back() throws Exception {
    FrameBuffers buffers = new FrameBuffers(1);
    FrameReader reader = reader(buffers);
    client.write(ByteBuffer.allocate(6).putInt(100).putShort(ApiKeys.PRODUCE.id).flip());
    client.shutdownOutput();
    assertThrows(EOFException.class, reader::next);
    reader.release();
    assertTrue(buffers.borrow().isEmpty());
    reader.close();
    assertFalse(buffers.borrow().isEmpty());
  }
}
