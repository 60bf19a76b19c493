package io.sluice.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Requests that are almost right, to a real server: it neither ends, nor hangs, nor leaks. {@code
 * -Dsluice.fuzz.requests} says how many, {@code -Dsluice.seed} which.
 */
class FuzzTest {

  private static final int REQUESTS = Integer.getInteger("sluice.fuzz.requests", 3_000);
  private static final int CLIENTS = 4;
  private static final int BETWEEN_LOOKS = 500;
  private static final int PATIENCE_MS = 100;
  private static final int MOST_PARTITIONS = 100;

  /** Hundredths of a second of processor time. */
  private static final long RESTING_TICKS = 30;

  /** A fetch may wait for so long, and only its answer shows that the client is gone. */
  private static final Duration LONGEST_FETCH = Duration.ofMinutes(5);

  @TempDir Path folder;

  private final long seed = Long.getLong("sluice.seed", System.nanoTime());
  private SluiceProcess sluice;

  @BeforeEach
  void start() {
    Assumptions.assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "there is no /proc");
    sluice = SluiceProcess.in(folder, "--group-heartbeat-interval-ms", "5000");
  }

  @AfterEach
  void stop() {
    sluice.close();
  }

  @Test
  void of_kafka() throws Exception {
    List<byte[]> corpus = new ArrayList<>();
    try (ProtocolClient client = new ProtocolClient(sluice.process().kafka())) {
      BrokerIds ids = new BrokerIds(client);
      Comparison.all()
          .forEach(
              each -> {
                var request = each.request().to(ids);
                corpus.add(ProtocolClient.frame(each.key(), each.version(), 1, request));
                try {
                  client.call(each.key(), each.version(), request);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
    fuzz(
        URI.create("kafka://" + sluice.process().kafka()),
        random -> {
          Mutations mutations = new Mutations(random, corpus);
          return () -> {
            byte[] request = framed(mutations.next(), random);
            return isLarge(request) ? corpus.getFirst() : request;
          };
        },
        FuzzTest::readFrame);
  }

  @Test
  void of_sqs_and_sns() throws Exception {
    List<byte[]> corpus = AwsRequests.record(sluice);
    fuzz(
        URI.create(sluice.process().aws()),
        random -> {
          Mutations mutations = new Mutations(random, corpus);
          return () -> measured(mutations.next(), random);
        },
        FuzzTest::readSome);
  }

  /** Requests from one source of randomness. */
  private interface Source {
    Supplier<byte[]> of(RandomGenerator random);
  }

  private interface Answer {
    void read(InputStream in) throws IOException;
  }

  private void fuzz(URI address, Source source, Answer answer) throws Exception {
    look();
    long sockets = sockets();
    try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      List<Future<?>> ends = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        Supplier<byte[]> requests = source.of(new Random(seed + i));
        ends.add(clients.submit(() -> send(address, requests, answer)));
      }
      for (Future<?> each : ends) {
        each.get();
      }
    }
    await(seed()).atMost(LONGEST_FETCH.plusMinutes(1)).until(() -> sockets() <= sockets);
    awaitRest();
    assertEquals(List.of(), unexpected(), seed());
  }

  private Void send(URI address, Supplier<byte[]> requests, Answer answer) throws Exception {
    try (Target target = new Target(address)) {
      for (int i = 0; i < REQUESTS / CLIENTS; i++) {
        target.send(requests.get(), answer);
        if (i % BETWEEN_LOOKS == BETWEEN_LOOKS - 1) {
          look();
        }
      }
    }
    return null;
  }

  /** Most lengths are right, as else only lengths would be tried. */
  private static byte[] framed(byte[] request, RandomGenerator random) {
    if (random.nextInt(5) > 0 && request.length > Integer.BYTES) {
      ByteBuffer.wrap(request).putInt(0, request.length - Integer.BYTES);
    }
    return request;
  }

  /** The same for a request of HTTP. */
  private static byte[] measured(byte[] request, RandomGenerator random) {
    String text = new String(request, ISO_8859_1);
    int end = text.indexOf("\r\n\r\n");
    if (end < 0 || random.nextInt(5) == 0) {
      return request;
    }
    String head = text.substring(0, end);
    String body = text.substring(end);
    String length = "Content-Length: " + (body.length() - 4);
    return (head.replaceFirst("Content-Length: \\d+", length) + body).getBytes(ISO_8859_1);
  }

  private String seed() {
    return "-Dsluice.seed=" + seed;
  }

  /** It must still serve both doors. */
  private void look() throws Exception {
    assertTrue(sluice.process().isAlive(), seed());
    try (SqsClient sqs = sluice.sqs();
        Admin admin = sluice.admin()) {
      String url = sqs.createQueue(request -> request.queueName("alive")).queueUrl();
      assertTrue(url.endsWith("/alive"), seed());
      assertEquals(1, admin.describeCluster().nodes().get().size(), seed());
    }
  }

  private long sockets() throws IOException {
    long sockets = 0;
    try (var files = Files.newDirectoryStream(Path.of("/proc/" + sluice.process().pid() + "/fd"))) {
      for (Path each : files) {
        sockets += isSocket(each) ? 1 : 0;
      }
    }
    return sockets;
  }

  private static boolean isSocket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
    } catch (IOException _) {
      // Closed since the folder was listed.
      return false;
    }
  }

  /** Until it works for less than a third of a second in one. */
  private void awaitRest() throws IOException {
    AtomicLong before = new AtomicLong(processorTicks());
    await(seed())
        .atMost(Duration.ofMinutes(2))
        .pollDelay(Duration.ofSeconds(1))
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () -> {
              long now = processorTicks();
              return now - before.getAndSet(now) < RESTING_TICKS;
            });
  }

  private long processorTicks() throws IOException {
    String[] fields =
        Files.readString(Path.of("/proc/" + sluice.process().pid() + "/stat"))
            .replaceAll("\\(.*\\)", "name")
            .split(" ");
    return Long.parseLong(fields[13]) + Long.parseLong(fields[14]);
  }

  /**
   * Lines that bad input must not cause. Apache Kafka's coordinator calls errors what it refuses,
   * and what it cannot write once a request has made messages of a byte the largest there may be.
   */
  private List<String> unexpected() throws IOException {
    return Files.readAllLines(sluice.log()).stream()
        .filter(
            line ->
                line.startsWith("\tat ")
                    || (line.contains(" SEVERE ") && !line.contains("[GroupCoordinator id=")))
        .distinct()
        .toList();
  }

  /** Whether it would make so many partitions that they alone take the time. */
  private static boolean isLarge(byte[] frame) {
    try {
      ByteBuffer buffer = ByteBuffer.wrap(frame).position(Integer.BYTES);
      RequestHeader header = RequestHeader.parse(buffer);
      ByteBufferAccessor body = new ByteBufferAccessor(buffer);
      return switch (header.apiKey()) {
        case CREATE_TOPICS ->
            new CreateTopicsRequestData(body, header.apiVersion())
                .topics().stream().anyMatch(topic -> topic.numPartitions() > MOST_PARTITIONS);
        case CREATE_PARTITIONS ->
            new CreatePartitionsRequestData(body, header.apiVersion())
                .topics().stream().anyMatch(topic -> topic.count() > MOST_PARTITIONS);
        default -> false;
      };
    } catch (RuntimeException _) {
      return false;
    }
  }

  private static void readFrame(InputStream in) throws IOException {
    DataInputStream data = new DataInputStream(in);
    data.skipNBytes(data.readInt());
  }

  private static void readSome(InputStream in) throws IOException {
    if (in.read(new byte[1 << 16]) < 0) {
      throw new IOException("closed");
    }
  }

  /** A connection, made again when the server has closed it or does not answer soon. */
  private static final class Target implements AutoCloseable {

    private final URI address;
    private Socket socket = new Socket();

    Target(URI address) {
      this.address = address;
    }

    void send(byte[] request, Answer answer) throws IOException {
      if (!socket.isConnected() || socket.isClosed()) {
        socket = new Socket(address.getHost(), address.getPort());
        socket.setSoTimeout(PATIENCE_MS);
      }
      try {
        socket.getOutputStream().write(request);
        answer.read(socket.getInputStream());
      } catch (IOException _) {
        // It may wait for the rest of a request, or have closed the connection.
        socket.close();
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
