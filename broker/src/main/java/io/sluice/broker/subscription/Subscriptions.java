package io.sluice.broker.subscription;

import io.sluice.log.LogStore;
import io.sluice.log.PartitionLog;
import io.sluice.log.ReadIsolation;
import io.sluice.log.clock.Clocks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All durable cursors of a broker. Safe for use by many threads. */
public final class Subscriptions implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(Subscriptions.class);
  static final String SNAPSHOTS = "snapshots";
  private static final String TOPIC = "__sluice_subscriptions";
  private static final Uuid TOPIC_ID = new Uuid(0x736c75696365L, 2);
  private static final Map<String, String> CONFIGS =
      Map.of(
          "retention.ms",
          "-1",
          "segment.bytes",
          Integer.toString(64 << 20),
          // One batch moves all sources of a queue, or passes over all messages it may delay.
          "max.message.bytes",
          Integer.toString(64 << 20));

  /** Journals flush in parallel; more of them mean smaller groups to commit. */
  private static final int JOURNALS = 4;

  private final List<SubscriptionJournal> journals;
  private final Clocks clocks;
  private final ChunkCache cache = new ChunkCache(ReadIsolation.COMMITTED, 32L << 20);

  /** For share groups that may see what is not committed. */
  private final ChunkCache uncommitted = new ChunkCache(ReadIsolation.HIGH_WATERMARK, 16L << 20);

  private final Map<Uuid, Subscription> subscriptions = new ConcurrentHashMap<>();

  private Subscriptions(List<SubscriptionJournal> journals, Clocks clocks) {
    this.journals = journals;
    this.clocks = clocks;
    for (SubscriptionJournal journal : journals) {
      journal.states().values().forEach(state -> clocks.steady().notBefore(state.latestReceive()));
      journal
          .states()
          .forEach(
              (id, state) ->
                  subscriptions.put(id, new Subscription(id, state, journal, this::cache, clocks)));
    }
  }

  private ChunkCache cache(ReadIsolation isolation) {
    return isolation == ReadIsolation.COMMITTED ? cache : uncommitted;
  }

  /**
   * Recovers every subscription from its journals in {@code log} and its snapshots in {@code
   * directory}. Their sources come back without partitions: see {@link Subscription#attach}.
   *
   * @throws IllegalStateException a journal or snapshot of a newer version, or one that lacks
   *     entries
   */
  public static Subscriptions open(LogStore log, Path directory, Clocks clocks) {
    Path snapshots = directory.resolve(SNAPSHOTS);
    try {
      Files.createDirectories(snapshots);
    } catch (IOException e) {
      throw new IllegalStateException("cannot create " + snapshots, e);
    }
    List<SubscriptionJournal> journals = new ArrayList<>();
    for (int i = 0; i < JOURNALS; i++) {
      TopicPartition name = new TopicPartition(TOPIC, i);
      PartitionLog journal =
          log.partition(name).orElseGet(() -> log.create(name, TOPIC_ID, CONFIGS));
      journals.add(
          new SubscriptionJournal(
              journal, new SnapshotFile(snapshots.resolve("subscriptions-" + i))));
    }
    log.alterConfigs(TOPIC, CONFIGS);
    return new Subscriptions(journals, clocks);
  }

  /** A new subscription that reads nothing yet. Durable on return. */
  public Subscription create(Uuid id) {
    SubscriptionJournal journal = journals.get(Math.floorMod(id.hashCode(), journals.size()));
    Subscription created =
        new Subscription(id, new SubscriptionState(), journal, this::cache, clocks);
    created.journalCreation();
    subscriptions.put(id, created);
    return created;
  }

  /** The subscription of that id. */
  public Optional<Subscription> find(Uuid id) {
    return Optional.ofNullable(subscriptions.get(id));
  }

  /** Every subscription, in no particular order. */
  public Collection<Subscription> all() {
    return subscriptions.values();
  }

  /**
   * Deletes a subscription; its waiting receivers end. It may be there again after a crash, for
   * whoever knows that it should not to delete it once more.
   *
   * @return whether there was such a subscription
   */
  public boolean delete(Uuid id) {
    Subscription deleted = subscriptions.remove(id);
    if (deleted == null) {
      return false;
    }
    deleted.delete();
    return true;
  }

  /** Whoever waits for a deadline looks at the clock again. */
  public void clockMoved() {
    subscriptions.values().forEach(Subscription::lookAgain);
  }

  /**
   * Wakes everyone who waits, empty-handed, and takes snapshots so that the next start is quick.
   */
  @Override
  public void close() {
    subscriptions.values().forEach(Subscription::close);
    for (SubscriptionJournal journal : journals) {
      try {
        journal.snapshot();
      } catch (IOException | KafkaException e) {
        LOGGER.error("a subscription snapshot failed; the journal is replayed instead", e);
      }
    }
  }
}
