package io.sluice.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.broker.NewTopic;
import io.sluice.log.ReadIsolation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Checksums;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A batch that is not as it should be is refused with Kafka's error, and nothing of it is kept. */
class BadBatchesTest {

  private static final int VERSION = 9;
  private static final int CRC = 17;
  private static final int MAGIC = 16;
  private static final int ATTRIBUTES = 21;
  private static final int COUNT = 57;
  private static final int OVERHEAD = 61;

  /** The header of snappy-java, and then the length -2. */
  private static final byte[] NEGATIVE_SNAPPY_BLOCK =
      ByteBuffer.allocate(24)
          .put(new byte[] {(byte) 0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0})
          .putInt(1)
          .putInt(1)
          .putInt(-2)
          .array();

  @TempDir static Path folder;
  private static RunningListener sluice;

  @BeforeAll
  static void start() throws IOException {
    sluice = RunningListener.in(folder);
    sluice.broker().topics().create(NewTopic.named("t"));
  }

  @AfterAll
  static void stop() {
    sluice.close();
  }

  @AfterEach
  void nothing_of_it_is_kept_and_good_batches_are_still_taken() throws IOException {
    long end = sluice.broker().topics().partition("t", 0).endOffset();
    assertEquals(0, end);
    try (RawClient client = connect()) {
      sluice.broker().topics().create(NewTopic.named("other"));
      assertEquals(Errors.NONE.code(), produce(client, "other", -1, good()).errorCode());
      sluice.broker().topics().delete("other");
    }
  }

  static Stream<Arguments> batches() {
    byte[] kilobyte = new byte[1024];
    return Stream.of(
        Arguments.of("a wrong checksum", wrongChecksum(good()), Errors.CORRUPT_MESSAGE),
        Arguments.of("a changed value", with(good(), OVERHEAD + 8, 99), Errors.CORRUPT_MESSAGE),
        Arguments.of("magic 9", with(good(), MAGIC, 9), Errors.CORRUPT_MESSAGE),
        Arguments.of("magic -1", with(good(), MAGIC, -1), Errors.CORRUPT_MESSAGE),
        Arguments.of("magic 1", with(good(), MAGIC, 1), Errors.INVALID_RECORD),
        Arguments.of("no batch", MemoryRecords.EMPTY, Errors.INVALID_RECORD),
        Arguments.of("no records", null, Errors.INVALID_RECORD),
        Arguments.of(
            "noise",
            MemoryRecords.readableRecords(ByteBuffer.wrap(kilobyte)),
            Errors.CORRUPT_MESSAGE),
        Arguments.of("half a batch", half(good()), Errors.INVALID_RECORD),
        Arguments.of("two batches", twice(good()), Errors.INVALID_RECORD),
        Arguments.of(
            "more records than it says", signed(with(good(), COUNT + 3, 0)), Errors.INVALID_RECORD),
        Arguments.of(
            "fewer records than it says",
            signed(with(good(), COUNT + 3, 9)),
            Errors.INVALID_RECORD),
        Arguments.of(
            "an unknown compression",
            signed(with(good(), ATTRIBUTES + 1, 7)),
            Errors.INVALID_RECORD),
        Arguments.of(
            "a control batch", signed(with(good(), ATTRIBUTES + 1, 32)), Errors.INVALID_RECORD),
        Arguments.of(
            "a transactional batch without a transactional id",
            signed(with(good(), ATTRIBUTES + 1, 16)),
            Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED),
        Arguments.of(
            "what is not gzip",
            signed(compressed(CompressionType.GZIP, kilobyte)),
            Errors.CORRUPT_MESSAGE),
        Arguments.of(
            "what is not snappy",
            signed(compressed(CompressionType.SNAPPY, kilobyte)),
            Errors.CORRUPT_MESSAGE),
        Arguments.of(
            "snappy with a block of negative length",
            signed(compressed(CompressionType.SNAPPY, NEGATIVE_SNAPPY_BLOCK)),
            Errors.CORRUPT_MESSAGE),
        Arguments.of(
            "what is not lz4",
            signed(compressed(CompressionType.LZ4, kilobyte)),
            Errors.CORRUPT_MESSAGE),
        Arguments.of(
            "what is not zstd",
            signed(compressed(CompressionType.ZSTD, kilobyte)),
            Errors.CORRUPT_MESSAGE),
        Arguments.of(
            "snappy that claims 2 GiB",
            signed(compressed(CompressionType.SNAPPY, new byte[] {-1, -1, -1, -1, 7, 0, 0, 0})),
            Errors.MESSAGE_TOO_LARGE),
        Arguments.of("a zstd bomb", bomb(CompressionType.ZSTD), Errors.MESSAGE_TOO_LARGE),
        Arguments.of("a gzip bomb", bomb(CompressionType.GZIP), Errors.MESSAGE_TOO_LARGE),
        Arguments.of("an lz4 bomb", bomb(CompressionType.LZ4), Errors.MESSAGE_TOO_LARGE),
        Arguments.of(
            "a zstd bomb with a wrong checksum",
            wrongChecksum(bomb(CompressionType.ZSTD)),
            Errors.CORRUPT_MESSAGE),
        Arguments.of(
            "a batch over max.message.bytes",
            records(Compression.NONE, 2_000_000),
            Errors.MESSAGE_TOO_LARGE));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("batches")
  void it_is_refused(String what, @Nullable MemoryRecords records, Errors expected)
      throws IOException {
    try (LogLines log = new LogLines();
        RawClient client = connect()) {
      PartitionProduceResponse answer = produce(client, "t", -1, records);
      assertEquals(expected, Errors.forCode(answer.errorCode()), what);
      assertEquals(-1, answer.baseOffset());
      assertEquals(0, log.seen().size(), () -> log.seen().toString());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("batches")
  void it_costs_the_connection_of_a_client_that_waits_for_no_answer(
      String what, @Nullable MemoryRecords records, Errors expected) throws IOException {
    try (LogLines log = new LogLines();
        RawClient client = connect()) {
      client.send(ApiKeys.PRODUCE, VERSION, request("t", 0, records));
      assertEquals(Optional.empty(), client.ends(), what);
      assertEquals(1, log.seen().size(), () -> log.seen().toString());
      assertTrue(log.seen().getFirst().endsWith(expected.toString()), log.seen().getFirst());
    }
  }

  @ParameterizedTest
  @org.junit.jupiter.params.provider.ValueSource(ints = {-2, 2, 3, 32767})
  void acknowledgements_are_none_one_or_all(int acks) throws IOException {
    try (RawClient client = connect()) {
      assertEquals(
          Errors.INVALID_REQUIRED_ACKS.code(), produce(client, "t", acks, good()).errorCode());
    }
  }

  @Test
  void a_missing_topic_or_partition_is_unknown() throws IOException {
    try (RawClient client = connect()) {
      short unknown = Errors.UNKNOWN_TOPIC_OR_PARTITION.code();
      assertEquals(unknown, produce(client, "no-such", -1, good()).errorCode());
      ProduceRequestData request = request("t", -1, good());
      request.topicData().iterator().next().partitionData().getFirst().setIndex(7);
      assertEquals(unknown, produce(client, request).errorCode());
      request.topicData().iterator().next().partitionData().getFirst().setIndex(-1);
      assertEquals(unknown, produce(client, request).errorCode());
    }
  }

  @Test
  void well_compressed_batches_are_taken_with_every_codec() throws IOException {
    sluice.broker().topics().create(NewTopic.named("well"));
    try (RawClient client = connect()) {
      for (CompressionType type : CompressionType.values()) {
        MemoryRecords records = records(Compression.of(type).build(), 900_000);
        assertEquals(
            Errors.NONE,
            Errors.forCode(produce(client, "well", -1, records).errorCode()),
            type.name);
      }
    }
    assertTrue(
        sluice
                .broker()
                .topics()
                .partition("well", 0)
                .read(0, 1 << 20, true, ReadIsolation.HIGH_WATERMARK)
                .records()
                .sizeInBytes()
            > 900_000);
  }

  private static RawClient connect() throws IOException {
    return new RawClient(sluice.connect());
  }

  private static PartitionProduceResponse produce(
      RawClient client, String topic, int acks, @Nullable MemoryRecords records)
      throws IOException {
    return produce(client, request(topic, acks, records));
  }

  private static PartitionProduceResponse produce(RawClient client, ProduceRequestData request)
      throws IOException {
    return client
        .call(ApiKeys.PRODUCE, VERSION, request, ProduceResponseData.class)
        .responses()
        .iterator()
        .next()
        .partitionResponses()
        .getFirst();
  }

  private static ProduceRequestData request(
      String topic, int acks, @Nullable MemoryRecords records) {
    ProduceRequestData request =
        new ProduceRequestData().setAcks((short) acks).setTimeoutMs(30_000);
    TopicProduceData data = new TopicProduceData().setName(topic);
    data.partitionData().add(new PartitionProduceData().setIndex(0).setRecords(records));
    request.topicData().add(data);
    return request;
  }

  private static MemoryRecords good() {
    return records(Compression.NONE, 100);
  }

  private static MemoryRecords records(Compression compression, int valueBytes) {
    return MemoryRecords.withRecords(
        compression, new SimpleRecord(System.nanoTime() / 1_000_000, new byte[valueBytes]));
  }

  private static MemoryRecords bomb(CompressionType type) {
    return records(Compression.of(type).build(), UnpackedSize.MAX_BYTES + 1);
  }

  private static MemoryRecords with(MemoryRecords records, int position, int value) {
    ByteBuffer changed = copy(records);
    changed.put(position, (byte) value);
    return MemoryRecords.readableRecords(changed);
  }

  private static MemoryRecords wrongChecksum(MemoryRecords records) {
    return with(records, CRC, ~records.buffer().get(CRC));
  }

  private static MemoryRecords half(MemoryRecords records) {
    ByteBuffer all = copy(records);
    return MemoryRecords.readableRecords(all.limit(all.limit() / 2));
  }

  private static MemoryRecords twice(MemoryRecords records) {
    ByteBuffer both = ByteBuffer.allocate(2 * records.sizeInBytes());
    both.put(copy(records)).put(copy(records));
    return MemoryRecords.readableRecords(both.flip());
  }

  /** One batch whose records are these bytes, compressed or not. */
  private static MemoryRecords compressed(CompressionType type, byte[] payload) {
    ByteBuffer head = copy(good()).limit(OVERHEAD);
    ByteBuffer batch = ByteBuffer.allocate(OVERHEAD + payload.length).put(head).put(payload).flip();
    batch.putInt(8, batch.limit() - 12).put(ATTRIBUTES + 1, type.id);
    return MemoryRecords.readableRecords(batch);
  }

  /** With the checksum that fits. */
  private static MemoryRecords signed(MemoryRecords records) {
    ByteBuffer batch = copy(records);
    java.util.zip.Checksum checksum = new java.util.zip.CRC32C();
    Checksums.update(checksum, batch, ATTRIBUTES, batch.limit() - ATTRIBUTES);
    return MemoryRecords.readableRecords(batch.putInt(CRC, (int) checksum.getValue()));
  }

  private static ByteBuffer copy(MemoryRecords records) {
    ByteBuffer from = records.buffer();
    return ByteBuffer.allocate(from.remaining()).put(from).flip();
  }
}
