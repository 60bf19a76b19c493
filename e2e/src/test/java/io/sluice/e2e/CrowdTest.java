package io.sluice.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Ten thousand clients of a real server at once that do nothing, or wait. */
class CrowdTest {

  /** A fresh server takes 100 MB, and its heap may have 512. */
  private static final long MOST_RESIDENT_BYTES = 900_000_000;

  private static final int MESSAGES = 200;
  private static final Pattern BODY = Pattern.compile("\"Body\":\"(m\\d+)\"");

  @TempDir Path folder;

  @BeforeAll
  static void lookForProc() {
    Assumptions.assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "there is no /proc");
  }

  /** As many as this process may have open, up to ten thousand. */
  private static int crowd() {
    long files =
        ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class)
            .getMaxFileDescriptorCount();
    return (int) Math.min(10_000, files - 1_000);
  }

  @Test
  void idle_connections_leave_room_for_those_who_work() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.in(folder, "--max-connections", "11000")) {
      long before = openFiles(sluice);
      List<SocketChannel> crowd = new ArrayList<>();
      for (int i = 0; i < crowd(); i++) {
        crowd.add(greeted(URI.create("kafka://" + sluice.process().kafka())));
      }
      try (KafkaProducer<String, String> producer = sluice.producer();
          KafkaConsumer<String, String> consumer = sluice.consumer("workers", "consumer")) {
        producer.send(new ProducerRecord<>("orders", "made")).get();
        consumer.subscribe(List.of("orders"));
        await().until(() -> consumer.poll(Duration.ofMillis(100)).count() == 1);
      }
      assertIsSmall(sluice);
      for (SocketChannel each : crowd) {
        each.close();
      }
      await().until(() -> openFiles(sluice) < before + 50);
    }
  }

  @Test
  void of_long_polls_each_message_ends_one_and_all_end_in_time() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.in(folder);
        SqsClient sqs = sluice.sqs()) {
      String url = sqs.createQueue(request -> request.queueName("work")).queueUrl();
      long before = openFiles(sluice);
      URI aws = URI.create(sluice.process().aws());
      List<SocketChannel> crowd = new ArrayList<>();
      for (int i = 0; i < crowd(); i++) {
        crowd.add(RawReceive.of(aws, url, "\"WaitTimeSeconds\":20,\"VisibilityTimeout\":600"));
      }
      Set<String> sent = new TreeSet<>();
      for (int i = 0; i < MESSAGES; i++) {
        String body = "m" + i;
        sqs.sendMessage(request -> request.queueUrl(url).messageBody(body));
        sent.add(body);
      }
      assertIsSmall(sluice);

      List<String> received = new ArrayList<>();
      for (SocketChannel each : crowd) {
        String answer = answer(each);
        assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
        Matcher body = BODY.matcher(answer);
        if (body.find()) {
          received.add(body.group(1));
        }
        each.close();
      }
      assertEquals(MESSAGES, received.size());
      assertEquals(sent, new TreeSet<>(received));
      await().until(() -> openFiles(sluice) < before + 50);
    }
  }

  /** A connection that has asked what versions there are. */
  private static SocketChannel greeted(URI kafka) throws IOException {
    SocketChannel channel = RawReceive.connect(kafka);
    byte[] apiVersions = {0, 0, 0, 11, 0, 18, 0, 0, 0, 0, 0, 7, 0, 1, 'x'};
    channel.write(ByteBuffer.wrap(apiVersions));
    ByteBuffer length = read(channel, ByteBuffer.allocate(Integer.BYTES));
    read(channel, ByteBuffer.allocate(length.getInt(0)));
    return channel;
  }

  private static ByteBuffer read(SocketChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException("the server closed a connection");
      }
    }
    return buffer;
  }

  /** Up to the end of its JSON. */
  private static String answer(SocketChannel channel) throws IOException {
    StringBuilder answer = new StringBuilder();
    ByteBuffer some = ByteBuffer.allocate(8192);
    while (!answer.toString().endsWith("}")) {
      if (channel.read(some.clear()) < 0) {
        throw new EOFException("the server closed a connection after: " + answer);
      }
      answer.append(UTF_8.decode(some.flip()));
    }
    return answer.toString();
  }

  private static void assertIsSmall(SluiceProcess sluice) {
    long resident = sluice.process().residentBytes().orElse(0);
    assertTrue(resident < MOST_RESIDENT_BYTES, () -> resident + " bytes are resident");
  }

  private static long openFiles(SluiceProcess sluice) {
    try (Stream<Path> files = Files.list(Path.of("/proc/" + sluice.process().pid() + "/fd"))) {
      return files.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
