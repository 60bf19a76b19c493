package io.sluice.broker.subscription;

import io.sluice.log.AppendSource;
import io.sluice.log.LogStore;
import io.sluice.log.PartitionLog;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Utils;

/** A topic to read from. Not safe for use by many threads when partitions are added. */
final class TestTopic {

  private final LogStore store;
  private final String name;
  private final Uuid id;
  private final List<PartitionLog> partitions = new ArrayList<>();

  private TestTopic(LogStore store, String name, Uuid id) {
    this.store = store;
    this.name = name;
    this.id = id;
  }

  static TestTopic create(LogStore store, String name, int partitions) {
    TestTopic topic = new TestTopic(store, name, Uuid.randomUuid());
    for (int i = 0; i < partitions; i++) {
      topic.addPartition();
    }
    return topic;
  }

  /** The same topic in a store that was opened anew. */
  TestTopic in(LogStore other) {
    TestTopic topic = new TestTopic(other, name, id);
    for (PartitionLog partition : partitions) {
      other.partition(partition.topicPartition()).ifPresent(topic.partitions::add);
    }
    return topic;
  }

  void addPartition() {
    TopicPartition next = new TopicPartition(name, partitions.size());
    partitions.add(store.create(next, id, Map.of()));
  }

  Uuid id() {
    return id;
  }

  List<PartitionLog> partitions() {
    return List.copyOf(partitions);
  }

  PartitionLog partition(int index) {
    return partitions.get(index);
  }

  /** Appends one batch, durably; returns the offset of its first record. */
  long append(int partition, Instant timestamp, String... values) {
    List<SimpleRecord> records = new ArrayList<>();
    for (String value : values) {
      records.add(new SimpleRecord(timestamp.toEpochMilli(), Utils.utf8(value)));
    }
    return append(partition, records);
  }

  /** Appends one batch whose n-th record has the n-th key; returns the offset of its first. */
  long appendKeyed(int partition, Instant timestamp, List<String> keys, String... values) {
    List<SimpleRecord> records = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      byte[] key = Utils.utf8(keys.get(i));
      records.add(new SimpleRecord(timestamp.toEpochMilli(), key, Utils.utf8(values[i])));
    }
    return append(partition, records);
  }

  /** Appends one record that nobody may receive before {@code availableAt}. */
  long appendDelayed(int partition, Instant timestamp, Instant availableAt, String value) {
    ByteBuffer at = ByteBuffer.allocate(Long.BYTES).putLong(availableAt.toEpochMilli());
    Header[] headers = {new RecordHeader(Subscription.AVAILABLE_AT_HEADER, at.array())};
    return append(
        partition,
        List.of(new SimpleRecord(timestamp.toEpochMilli(), null, Utils.utf8(value), headers)));
  }

  private long append(int partition, List<SimpleRecord> records) {
    MemoryRecords batch =
        MemoryRecords.withRecords(Compression.NONE, records.toArray(SimpleRecord[]::new));
    var appended = partition(partition).append(batch, AppendSource.CLIENT);
    appended.durable().join();
    return appended.baseOffset();
  }
}
