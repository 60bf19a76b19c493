package io.sluice.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.broker.NewTopic;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A byte of what the coordinators keep is not what was written: one batch of it is lost, and no
 * group and no transactional id beside it.
 */
class DamagedCoordinatorsTest {

  private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
  private static final List<String> NAMES =
      IntStream.range(0, 12).mapToObj(i -> "client-" + i).toList();

  @TempDir Path folder;

  private static void commit(Admin admin, String group, long offset) throws Exception {
    admin
        .alterConsumerGroupOffsets(group, Map.of(ORDERS, new OffsetAndMetadata(offset)))
        .all()
        .get();
  }

  private static long committed(Admin admin, String group) throws Exception {
    OffsetAndMetadata offset =
        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().get(ORDERS);
    return offset == null ? 0 : offset.offset();
  }

  @Test
  void a_group_without_its_last_commit_has_the_one_before_and_the_others_have_theirs()
      throws Exception {
    try (RunningListener sluice = RunningListener.in(folder);
        Admin admin = sluice.admin()) {
      sluice.broker().topics().create(NewTopic.named("orders"));
      for (long offset = 1; offset <= 2; offset++) {
        for (String group : NAMES) {
          commit(admin, group, offset);
        }
      }
    }
    spoil("__consumer_offsets", 0.75);

    try (RunningListener sluice = RunningListener.in(folder);
        Admin admin = sluice.admin()) {
      long whole = 0;
      for (String group : NAMES) {
        long offset = committed(admin, group);
        assertTrue(offset >= 1, group);
        whole += offset - 1;
      }
      assertEquals(NAMES.size() - 1, whole, "groups that have their last commit");
      for (String group : NAMES) {
        commit(admin, group, 3);
        assertEquals(3, committed(admin, group));
      }
    }
  }

  @Test
  void every_transactional_id_goes_on() throws Exception {
    try (RunningListener sluice = RunningListener.in(folder)) {
      for (String id : NAMES) {
        transact(sluice, id);
      }
    }
    spoil("__transaction_state", 0.5);

    try (RunningListener sluice = RunningListener.in(folder);
        Admin admin = sluice.admin()) {
      for (String id : NAMES) {
        transact(sluice, id);
      }
      assertEquals(NAMES.size(), admin.listTransactions().all().get().size());
    }
  }

  private static void transact(RunningListener sluice, String id) throws Exception {
    try (KafkaProducer<String, String> producer =
        sluice.producer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id))) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("orders", id)).get();
      producer.commitTransaction();
    }
  }

  /**
   * Changes a byte of the longest segment of a topic.
   *
   * @param at where, from 0 to 1
   */
  private void spoil(String topic, double at) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      Path segment =
          all.filter(file -> file.toString().contains(topic) && file.toString().endsWith(".log"))
              .max((a, b) -> Long.compare(a.toFile().length(), b.toFile().length()))
              .orElseThrow();
      try (RandomAccessFile bytes = new RandomAccessFile(segment.toFile(), "rw")) {
        long position = (long) (bytes.length() * at);
        bytes.seek(position);
        int was = bytes.read();
        bytes.seek(position);
        bytes.write(was ^ 1);
      }
    }
  }
}
