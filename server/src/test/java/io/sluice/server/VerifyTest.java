package io.sluice.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.broker.Broker;
import io.sluice.broker.BrokerOptions;
import io.sluice.broker.NewMessage;
import io.sluice.broker.NewQueue;
import io.sluice.broker.NewRecord;
import io.sluice.broker.Queue;
import io.sluice.log.DiskLogStore;
import io.sluice.log.LogStoreOptions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice verify} says what of a data folder is damaged, and changes nothing. */
class VerifyTest {

  @TempDir Path folder;

  @BeforeEach
  void write() {
    try (DiskLogStore log = DiskLogStore.open(folder, LogStoreOptions.defaults());
        Broker broker = Broker.open(log, folder, BrokerOptions.defaults())) {
      Queue queue = broker.queues().create(NewQueue.named("dispatch"));
      for (int i = 0; i < 10; i++) {
        send(queue, "message " + i);
      }
    }
  }

  private static void send(Queue queue, String body) {
    NewRecord record = new NewRecord(null, body.getBytes(StandardCharsets.UTF_8), List.of());
    queue.send(List.of(new NewMessage(record, Duration.ZERO))).getFirst().join();
  }

  private static void spoil(Path file, long position) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(position);
      int was = bytes.read();
      bytes.seek(position);
      bytes.write(was ^ 1);
    }
  }

  private Path inbox() {
    return folder.resolve("queue.dispatch-0/00000000000000000000.log");
  }

  @Test
  void a_whole_folder_is_whole() {
    String said = CommandLineRun.of("verify", "--data", folder.toString()).succeeded();
    assertTrue(said.contains("queue.dispatch-0: whole, records 0 to 9\n"), said);
    assertTrue(said.endsWith("6 partitions, 0 of them damaged; 0 snapshots damaged\n"), said);
  }

  @Test
  void damage_is_named_by_its_records() throws IOException {
    byte[] before = Files.readAllBytes(inbox());
    long batch = before.length / 10;
    spoil(inbox(), 4 * batch + 65);
    List<byte[]> spoiled = contents();
    CommandLineRun run = CommandLineRun.of("verify", "--data", folder.toString());
    assertEquals(1, run.exitCode(), run.output());
    assertTrue(run.output().contains("queue.dispatch-0: damaged, records 0 to 9\n"), run.output());
    assertTrue(run.output().contains("records 4 to 4 are damaged, in bytes "), run.output());
    List<byte[]> after = contents();
    for (int i = 0; i < spoiled.size(); i++) {
      assertEquals(0, java.util.Arrays.compare(spoiled.get(i), after.get(i)), "it only reads");
    }

    Path snapshot = folder.resolve("snapshots/subscriptions-0");
    spoil(snapshot, 20);
    run = CommandLineRun.of("verify", "--data", folder.toString());
    assertTrue(run.output().contains("snapshot " + snapshot + ": damaged"), run.output());
  }

  private List<byte[]> contents() throws IOException {
    List<byte[]> contents = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        contents.add(Files.readAllBytes(file));
      }
    }
    return contents;
  }

  @Test
  void a_folder_in_use_or_none_at_all_is_refused() {
    try (DiskLogStore log = DiskLogStore.open(folder, LogStoreOptions.defaults())) {
      String refused = CommandLineRun.of("verify", "--data", folder.toString()).failed();
      assertTrue(refused.contains("in use"), refused);
      assertEquals(List.of(), log.faults());
    }
    String none = CommandLineRun.of("verify", "--data", folder + "/none").failed();
    assertTrue(none.contains("there is no data folder"), none);
  }
}
