package io.sluice.bench.micro;

import io.sluice.log.AppendSource;
import io.sluice.log.Appended;
import io.sluice.log.DiskLogStore;
import io.sluice.log.Durability;
import io.sluice.log.LogStoreOptions;
import io.sluice.log.PartitionLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One batch into a partition, to the page cache or to the disk. */
@SuppressWarnings("NullAway.Init") // set up by JMH
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class AppendBenchmark {

  /** A full batch of a default producer with records of 1 KiB, and a single small record. */
  @Param({"15x1024", "1x100"})
  public String batch = "";

  /** The name of a {@link Durability}. */
  @Param({"OS", "FSYNC"})
  public String durability = "";

  private Path folder = Path.of("");
  private DiskLogStore store;
  private PartitionLog partition;
  private byte[] bytes = {};

  /** Opens a store of its own. */
  @Setup
  public void open() throws IOException {
    folder = Folder.make("append");
    LogStoreOptions options =
        LogStoreOptions.defaults().withDurability(Durability.valueOf(durability));
    store = DiskLogStore.open(folder, options);
    partition =
        store.create(
            new TopicPartition("t", 0), Uuid.randomUuid(), Map.of("retention.bytes", "1000000000"));
    int split = batch.indexOf('x');
    SimpleRecord[] records = new SimpleRecord[Integer.parseInt(batch.substring(0, split))];
    for (int i = 0; i < records.length; i++) {
      records[i] = new SimpleRecord(i, new byte[Integer.parseInt(batch.substring(split + 1))]);
    }
    ByteBuffer made = MemoryRecords.withRecords(Compression.NONE, records).buffer();
    bytes = new byte[made.remaining()];
    made.get(bytes);
  }

  /** Deletes everything. */
  @TearDown
  public void close() throws IOException {
    store.close();
    Folder.delete(folder);
  }

  /** An append and its flush. The bytes are a client's: offsets are written into them. */
  @Benchmark
  public long append() {
    Appended appended =
        partition.append(
            MemoryRecords.readableRecords(ByteBuffer.wrap(bytes.clone())), AppendSource.CLIENT);
    appended.durable().join();
    return appended.lastOffset();
  }
}
