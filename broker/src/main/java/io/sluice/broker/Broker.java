package io.sluice.broker;

import io.sluice.broker.deduplication.DeduplicationMemory;
import io.sluice.broker.subscription.Subscriptions;
import io.sluice.log.LogStore;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.apache.kafka.common.Uuid;

/**
 * The broker behind every door: its topics, its queues and the way to publish. Safe for use by many
 * threads. Closing it stops waiting readers; the log store stays open and belongs to the caller.
 */
public final class Broker implements AutoCloseable {

  private static final int SECRET_BYTES = 32;

  private final BrokerOptions options;
  private final Path directory;
  private final Metadata metadata;
  private final MetadataRecord.Identity identity;
  private final ProducerIdBlocks producerIds;
  private final TopicRegistry topics;
  private final LogPublisher publisher;
  private final ConfigRegistry configs;
  private final QueueRegistry queues;
  private final SourceRegistry sources;
  private final ShareGroupRegistry shareGroups;
  private final MoveTaskRegistry moveTasks;
  private final Subscriptions subscriptions;

  private Broker(
      LogStore log,
      Path directory,
      Metadata metadata,
      TopicLayers layers,
      Subscriptions subscriptions,
      BrokerOptions options) {
    this.options = options;
    this.directory = directory.toAbsolutePath().normalize();
    this.metadata = metadata;
    this.subscriptions = subscriptions;
    this.identity = metadata.alone(() -> identity(metadata));
    this.producerIds = new ProducerIdBlocks(metadata);
    this.topics = new TopicRegistry(metadata, log, layers, options);
    this.configs = new ConfigRegistry(metadata, options.nodeId());
    configs.addListener(ConfigKind.BROKER, broker -> topics.followDefaults());
    PublishedBatches batches = new PublishedBatches(options.clocks().wall());
    DeduplicationMemory memory = DeduplicationMemory.ofHeap();
    this.publisher = new LogPublisher(topics, batches, memory, options.clocks());
    this.sources = new SourceRegistry(metadata, topics, subscriptions, options);
    this.queues =
        new QueueRegistry(metadata, topics, sources, subscriptions, batches, memory, options);
    this.moveTasks = new MoveTaskRegistry(metadata, queues::findDurable, options);
    this.shareGroups = new ShareGroupRegistry(metadata, topics, sources, subscriptions, options);
  }

  /**
   * Recovers the broker's state from its journals, which live in {@code log}, and from the
   * snapshots in {@code directory}.
   *
   * @throws IllegalStateException the journals are missing, or of a newer version
   */
  public static Broker open(LogStore log, Path directory, BrokerOptions options) {
    Metadata metadata = new Metadata(log);
    // A first start that was cut short leaves journals of which none has an entry.
    boolean isUsed = log.partitions().stream().anyMatch(partition -> partition.endOffset() > 0);
    if (metadata.state().identity().isEmpty() && isUsed) {
      throw new IllegalStateException(
          "the data folder holds partitions but no metadata journal; it is not touched");
    }
    TopicLayers layers = new TopicLayers(metadata.state(), options.nodeId());
    TopicRecovery.reconcile(metadata.state(), layers, log);
    Subscriptions subscriptions = Subscriptions.open(log, directory, options.clocks());
    try {
      Broker broker = new Broker(log, directory, metadata, layers, subscriptions, options);
      broker.queues.recover();
      broker.shareGroups.recover();
      broker.sources.recover();
      broker.shareGroups.dropThoseThatReadNothing();
      broker.moveTasks.recover();
      return broker;
    } catch (RuntimeException e) {
      subscriptions.close();
      throw e;
    }
  }

  private static MetadataRecord.Identity identity(Metadata metadata) {
    return metadata
        .state()
        .identity()
        .orElseGet(
            () -> {
              byte[] secret = new byte[SECRET_BYTES];
              new SecureRandom().nextBytes(secret);
              MetadataRecord.Identity created =
                  new MetadataRecord.Identity(Uuid.randomUuid().toString(), secret);
              metadata.commit(created);
              return created;
            });
  }

  /** How this broker was configured. */
  public BrokerOptions options() {
    return options;
  }

  /** The absolute path of the folder that everything is kept in. */
  public Path directory() {
    return directory;
  }

  /** One past the last entry of the metadata journal; grows with every change to metadata. */
  public long metadataEndOffset() {
    return metadata.endOffset();
  }

  /** A random id that the data folder keeps for life: Kafka's cluster id. */
  public String clusterId() {
    return identity.clusterId();
  }

  /**
   * 32 random bytes that the data folder keeps for life, to authenticate what clients hand back.
   */
  public byte[] secret() {
    return identity.secret().clone();
  }

  /** A producer id that was never given out before and never will be again (KIP-98). */
  public long nextProducerId() {
    return producerIds.next();
  }

  /**
   * The clock of {@link BrokerOptions} was moved: who waits for a message looks again. For clocks
   * that do not run by themselves; returns at once.
   */
  public void clockMoved() {
    subscriptions.clockMoved();
  }

  /** The topics. */
  public Topics topics() {
    return topics;
  }

  /** The configuration of everything but topics. */
  public Configs configs() {
    return configs;
  }

  /** Appends records to topics, whichever door they came through. */
  public Publisher publisher() {
    return publisher;
  }

  /** The queues. */
  public Queues queues() {
    return queues;
  }

  /**
   * Queues that a door keeps for what it delivers by itself, one per endpoint that no client takes
   * from. They are apart from {@link #queues()}, and no client can name one; {@link #sources()}
   * knows both. Their names are the door's choice with a prefix, see {@link Queue#name()}.
   */
  public Queues deliveryQueues() {
    return queues.forDeliveries();
  }

  /** Which queue reads which topic. */
  public Sources sources() {
    return sources;
  }

  /** What Kafka's share groups take from. */
  public ShareGroups shareGroups() {
    return shareGroups;
  }

  /** Moves messages out of dead-letter queues. */
  public MoveTasks moveTasks() {
    return moveTasks;
  }

  @Override
  public void close() {
    moveTasks.close();
    subscriptions.close();
  }
}
