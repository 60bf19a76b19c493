package io.sluice.kafka.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.broker.Broker;
import io.sluice.broker.BrokerOptions;
import io.sluice.broker.NewTopic;
import io.sluice.log.AppendSource;
import io.sluice.log.DiskLogStore;
import io.sluice.log.LogStoreOptions;
import io.sluice.log.PartitionLog;
import io.sluice.log.ReadIsolation;
import io.sluice.log.TransactionAppend;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.ConcurrentTransactionsException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.common.utils.ProducerIdAndEpoch;
import org.apache.kafka.coordinator.transaction.TransactionLog;
import org.apache.kafka.coordinator.transaction.TransactionState;
import org.apache.kafka.coordinator.transaction.TxnTransitMetadata;
import org.apache.kafka.server.common.TransactionVersion;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of transactions over time and over restarts. */
class TransactionCoordinatorTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final TopicPartition RECORDS = new TopicPartition("t", 0);
  private static final TopicPartition DELETED = new TopicPartition("gone", 0);
  private static final TopicPartition OFFSETS =
      new TopicPartition(Topic.GROUP_METADATA_TOPIC_NAME, 3);

  @TempDir Path folder;
  private final List<TransactionMarker> offsetMarkers = new CopyOnWriteArrayList<>();
  private volatile Instant now = Instant.now();
  private DiskLogStore log;
  private Broker broker;
  private Optional<TransactionCoordinator> running = Optional.empty();

  @BeforeEach
  void start() {
    log = DiskLogStore.open(folder, LogStoreOptions.defaults());
    InstantSource clock = () -> now;
    broker = Broker.open(log, folder, BrokerOptions.defaults().withClock(clock));
    broker.topics().create(NewTopic.named("t"));
  }

  @AfterEach
  void stop() {
    running.ifPresent(TransactionCoordinator::close);
    broker.close();
    log.close();
  }

  @Test
  void a_decision_that_was_not_carried_out_is_by_the_next_start() throws Exception {
    ProducerIdAndEpoch producer = begun();
    seed(producer, TransactionState.PREPARE_COMMIT, Set.of(RECORDS, DELETED, OFFSETS), 1);
    assertEquals(0, partition().lastStableOffset());
    TransactionCoordinator coordinator = started();
    await(() -> state(coordinator) == TransactionState.COMPLETE_COMMIT);
    assertEquals(2, partition().lastStableOffset(), "the record and its marker");
    assertEquals(
        List.of(), partition().read(0, 1000, true, ReadIsolation.COMMITTED).abortedTransactions());
    assertEquals(TransactionResult.COMMIT, offsetMarkers.getFirst().result());
    assertEquals(1, offsetMarkers.getFirst().producerEpoch());
  }

  @Test
  void an_abort_that_was_not_carried_out_hides_the_records() throws Exception {
    seed(begun(), TransactionState.PREPARE_ABORT, Set.of(RECORDS), 1);
    TransactionCoordinator coordinator = started();
    await(() -> state(coordinator) == TransactionState.COMPLETE_ABORT);
    assertEquals(
        1, partition().read(0, 1000, true, ReadIsolation.COMMITTED).abortedTransactions().size());
  }

  @Test
  void a_transaction_that_is_open_for_too_long_is_aborted_and_its_producer_fenced()
      throws Exception {
    TransactionCoordinator coordinator = started();
    ProducerIdAndEpoch producer = coordinator.initialize("p", 60_000, Optional.empty());
    coordinator.add("p", producer, Set.of(RECORDS), TransactionVersion.TV_0);
    now = now.plus(Duration.ofSeconds(61));
    await(() -> state(coordinator) == TransactionState.COMPLETE_ABORT);
    assertThrows(
        ProducerFencedException.class,
        () -> coordinator.end("p", producer, TransactionResult.COMMIT, TransactionVersion.TV_0));
  }

  @Test
  void a_clock_that_was_set_back_keeps_no_transaction_open_and_moves_nobody_elses_time()
      throws Exception {
    TransactionCoordinator before = started();
    ProducerIdAndEpoch producer = before.initialize("p", 60_000, Optional.empty());
    before.add("p", producer, Set.of(RECORDS), TransactionVersion.TV_0);
    now = now.minus(Duration.ofHours(1));
    Instant steady = broker.options().clocks().steady().instant();

    TransactionCoordinator after = restarted();
    assertEquals(steady, broker.options().clocks().steady().instant(), "queues go by it");
    now = now.plus(Duration.ofSeconds(61));
    await(() -> state(after) == TransactionState.COMPLETE_ABORT);
  }

  @Test
  void an_id_that_nobody_uses_is_forgotten_after_a_week() throws Exception {
    TransactionCoordinator coordinator = started();
    ProducerIdAndEpoch producer = coordinator.initialize("p", 60_000, Optional.empty());
    now = now.plus(Duration.ofDays(8));
    await(() -> coordinator.states().find("p").isEmpty());
    assertThrows(
        InvalidPidMappingException.class,
        () -> coordinator.end("p", producer, TransactionResult.COMMIT, TransactionVersion.TV_2));
    assertTrue(restarted().states().find("p").isEmpty(), "in the log too");
  }

  @Test
  void a_producer_whose_epochs_are_used_up_gets_another_id() throws Exception {
    ProducerIdAndEpoch producer = new ProducerIdAndEpoch(broker.nextProducerId(), (short) 32_766);
    seed(producer, TransactionState.ONGOING, Set.of(RECORDS), 0);
    TransactionCoordinator coordinator = started();
    ProducerIdAndEpoch next =
        coordinator.end("p", producer, TransactionResult.COMMIT, TransactionVersion.TV_2);
    assertFalse(next.producerId == producer.producerId);
    assertEquals(0, next.epoch);
    await(() -> state(coordinator) == TransactionState.COMPLETE_COMMIT);
    assertEquals(
        next,
        coordinator.end("p", producer, TransactionResult.COMMIT, TransactionVersion.TV_2),
        "an answer that was lost");
    coordinator.add("p", next, Set.of(RECORDS), TransactionVersion.TV_2);
    assertThrows(
        InvalidPidMappingException.class,
        () -> coordinator.add("p", producer, Set.of(RECORDS), TransactionVersion.TV_2));
  }

  @Test
  void whoever_initializes_amid_a_transaction_asks_again_until_it_is_aborted() throws Exception {
    TransactionCoordinator coordinator = started();
    ProducerIdAndEpoch first = coordinator.initialize("p", 60_000, Optional.empty());
    coordinator.add("p", first, Set.of(RECORDS), TransactionVersion.TV_2);
    assertThrows(
        ConcurrentTransactionsException.class,
        () -> coordinator.initialize("p", 60_000, Optional.empty()));
    await(() -> state(coordinator) == TransactionState.COMPLETE_ABORT);
    ProducerIdAndEpoch second = coordinator.initialize("p", 60_000, Optional.empty());
    assertEquals(first.producerId, second.producerId);
    assertTrue(second.epoch > first.epoch + 1, "the epoch of the abort is nobody's");
    assertThrows(
        ProducerFencedException.class,
        () -> coordinator.end("p", first, TransactionResult.COMMIT, TransactionVersion.TV_2));
    assertThrows(
        InvalidTxnStateException.class,
        () -> coordinator.end("p", second, TransactionResult.COMMIT, TransactionVersion.TV_2));
  }

  @Test
  void clients_cannot_make_us_keep_any_number_of_ids() throws Exception {
    TransactionCoordinator coordinator = started();
    String longId = "x".repeat(30_000);
    assertThrows(
        PolicyViolationException.class,
        () -> {
          for (int i = 0; i < 2_000; i++) {
            coordinator.initialize(longId + i, 60_000, Optional.empty());
          }
        });
  }

  private TransactionCoordinator started() {
    TransactionCoordinator coordinator =
        TransactionCoordinator.start(
            broker,
            (partition, marker) -> {
              offsetMarkers.add(marker);
              return CompletableFuture.completedFuture(null);
            });
    running = Optional.of(coordinator);
    return coordinator;
  }

  private TransactionCoordinator restarted() {
    running.ifPresent(TransactionCoordinator::close);
    return started();
  }

  private PartitionLog partition() {
    return broker.topics().partition("t", 0);
  }

  private static TransactionState state(TransactionCoordinator coordinator) {
    return coordinator.states().find("p").orElseThrow().inLock(metadata -> metadata.state());
  }

  /** A producer with one record in the partition that no marker has ended. */
  private ProducerIdAndEpoch begun() {
    ProducerIdAndEpoch producer = new ProducerIdAndEpoch(broker.nextProducerId(), (short) 0);
    TransactionAppend verified =
        partition().startVerification(producer.producerId, producer.epoch, 0, true).orElseThrow();
    partition()
        .append(
            MemoryRecords.withTransactionalRecords(
                Compression.NONE,
                producer.producerId,
                producer.epoch,
                0,
                new SimpleRecord(now.toEpochMilli(), new byte[] {1})),
            AppendSource.CLIENT,
            verified)
        .durable()
        .join();
    return producer;
  }

  /** What a process before this one has left in the log. */
  private void seed(
      ProducerIdAndEpoch producer,
      TransactionState state,
      Set<TopicPartition> partitions,
      int bump) {
    TxnTransitMetadata left =
        new TxnTransitMetadata(
            producer.producerId,
            producer.producerId,
            -1,
            (short) (producer.epoch + bump),
            producer.epoch,
            60_000,
            state,
            new HashSet<>(partitions),
            now.toEpochMilli(),
            now.toEpochMilli(),
            TransactionVersion.TV_2);
    List<SimpleRecord> records = new ArrayList<>();
    records.add(
        new SimpleRecord(
            now.toEpochMilli(),
            TransactionLog.keyToBytes("p"),
            TransactionLog.valueToBytes(left, TransactionVersion.TV_2)));
    TransactionTopic.open(broker.topics()).partitionOf("p").append(records).join();
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "it does not come true");
      Thread.onSpinWait();
    }
  }
}
