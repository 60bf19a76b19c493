package io.sluice.broker;

import io.sluice.broker.deduplication.DeduplicationMemory;
import io.sluice.broker.deduplication.Deduplicator;
import io.sluice.broker.subscription.Delivery;
import io.sluice.broker.subscription.Subscription;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * A queue of the metadata journal over its subscription. Safe for use by many threads: its
 * definition and its inbox are replaced under the metadata lock, the subscription has a lock of its
 * own.
 */
final class DurableQueue implements Queue {

  private final Metadata metadata;
  private final TopicRegistry topics;
  private final SourceRegistry sources;
  private final Subscription subscription;
  private final PublishedBatches batches;
  private final DeduplicationMemory deduplicationMemory;
  private final BrokerOptions options;

  /** The others, by name. */
  private final Function<String, Optional<DurableQueue>> queues;

  private volatile QueueDefinition definition;
  private final Inbox inbox;

  /** Null until something is sent to a FIFO queue. */
  private volatile @Nullable Deduplicator deduplicator;

  DurableQueue(
      QueueDefinition definition,
      Metadata metadata,
      TopicRegistry topics,
      SourceRegistry sources,
      Subscription subscription,
      PublishedBatches batches,
      DeduplicationMemory deduplicationMemory,
      BrokerOptions options,
      Function<String, Optional<DurableQueue>> queues) {
    this.definition = definition;
    this.metadata = metadata;
    this.topics = topics;
    this.sources = sources;
    this.subscription = subscription;
    this.batches = batches;
    this.deduplicationMemory = deduplicationMemory;
    this.options = options;
    this.queues = queues;
    this.inbox = new Inbox(definition, metadata, topics, subscription);
    if (definition.settings().fifo().isPresent()) {
      subscription.byGroups();
    }
    apply(definition.settings());
    subscription.onDrained(sources::drained);
  }

  @Override
  public String name() {
    return definition.name();
  }

  @Override
  public Uuid id() {
    return definition.id();
  }

  @Override
  public SortedMap<String, String> attributes() {
    return definition.attributes();
  }

  @Override
  public QueueSettings settings() {
    return definition.settings();
  }

  @Override
  public Instant createdAt() {
    return definition.createdAt();
  }

  @Override
  public Instant modifiedAt() {
    return definition.modifiedAt();
  }

  @Override
  public void alter(Map<String, String> attributes, QueueSettings settings) {
    metadata.alone(
        () -> {
          checkNotDeleted();
          QueueDefinition altered =
              new QueueDefinition(
                  name(),
                  id(),
                  new TreeMap<>(attributes),
                  settings,
                  createdAt(),
                  options.clocks().wall().instant());
          inbox.alter(settings, List.of(new MetadataRecord.QueueIs(altered)));
          definition = altered;
          apply(settings);
          return altered;
        });
  }

  private void apply(QueueSettings settings) {
    subscription.maxInFlight(settings.maxInFlight());
    subscription.delay(settings.delay());
    subscription.deadLetters(
        settings.redrive().map(redrive -> new DeadLetters(this, redrive, queues)));
  }

  @Override
  public List<CompletableFuture<RecordPosition>> send(List<NewMessage> messages) {
    Optional<QueueSettings.Fifo> fifo = settings().fifo();
    if (fifo.isPresent()) {
      return deduplicator(inbox())
          .append(
              messages.stream().map(NewMessage::record).toList(),
              messages.stream().map(message -> message.deduplicationId().orElseThrow()).toList(),
              fifo.get().deduplicationByGroup(),
              this::append);
    }
    Instant now = options.clocks().steady().instant();
    return append(messages.stream().map(message -> delayed(message, now)).toList());
  }

  /** Appends records to the inbox as they are; each position comes once it is durable. */
  List<CompletableFuture<RecordPosition>> append(List<NewRecord> records) {
    Topic topic = inbox();
    return batches.append(topic.id(), topics.partition(topic.name(), 0), records);
  }

  /** The inbox may have been created just now, by whoever sent the first message. */
  private Deduplicator deduplicator(Topic topic) {
    Deduplicator known = deduplicator;
    if (known != null) {
      return known;
    }
    return metadata.alone(
        () -> {
          Deduplicator present = deduplicator;
          if (present == null) {
            present =
                new Deduplicator(
                    topic.id(),
                    () -> topics.partitions(topic.id()),
                    deduplicationMemory,
                    options.clocks());
            deduplicator = present;
          }
          return present;
        });
  }

  private NewRecord delayed(NewMessage message, Instant now) {
    if (message.delay().isZero()) {
      return message.record();
    }
    subscription.expectDelayed();
    long availableAt = now.plus(message.delay()).toEpochMilli();
    List<Header> headers = new ArrayList<>(message.record().headers());
    headers.add(
        new RecordHeader(
            Subscription.AVAILABLE_AT_HEADER,
            ByteBuffer.allocate(Long.BYTES).putLong(availableAt).array()));
    return new NewRecord(message.record().key(), message.record().value(), headers);
  }

  private Topic inbox() {
    return inbox.topic().orElseGet(this::createInbox);
  }

  private Topic createInbox() {
    return metadata.alone(
        () -> {
          checkNotDeleted();
          return inbox.create(settings());
        });
  }

  private void checkNotDeleted() {
    if (!metadata.state().queues().contains(definition)) {
      throw new QueueDoesNotExistException("no queue " + name());
    }
  }

  /** Finishes what a crash left half done. */
  void recoverInbox() {
    inbox.recover(settings());
  }

  boolean ownsInbox(Topic topic) {
    return inbox.is(topic);
  }

  /** Deletes it with its inbox, in one decision. */
  void delete(TopicReaders.Farewell farewell) {
    inbox.delete(farewell);
    Deduplicator known = deduplicator;
    if (known != null) {
      known.forget();
    }
  }

  @Override
  public List<ReceivedMessage> receive(int max, Duration visibilityTimeout, Duration wait)
      throws InterruptedException {
    return subscription.receive(max, visibilityTimeout, wait).stream().map(this::message).toList();
  }

  @Override
  public List<ReceivedMessage> receive(
      int max, Duration visibilityTimeout, Duration wait, CompletableFuture<?> abandoned)
      throws InterruptedException {
    return subscription.receive(max, visibilityTimeout, wait, abandoned).stream()
        .map(this::message)
        .toList();
  }

  @Override
  public Optional<List<ReceivedMessage>> receiveAgain(
      List<Receipt> receipts, Duration visibilityTimeout) {
    return subscription
        .receiveAgain(receipts, visibilityTimeout)
        .map(deliveries -> deliveries.stream().map(this::message).toList());
  }

  @Override
  public ReceiptStanding standing(Receipt receipt) {
    return subscription.standing(receipt);
  }

  /** Only what the broker itself wrote into the inbox may say that it was something else before. */
  ReceivedMessage message(Delivery delivery) {
    Optional<Source> source = sources.findEvenEnded(delivery.sourceId());
    Optional<MessageOrigin> origin =
        source.isPresent() ? Optional.empty() : MessageOrigin.of(delivery.record().headers());
    Optional<MessageOrigin.DeadLetter> before = origin.flatMap(MessageOrigin::deadLetter);
    return new ReceivedMessage(
        delivery.receipt(),
        topic(source),
        source.or(() -> origin.flatMap(MessageOrigin::source)),
        delivery.record(),
        delivery.receiveCount() + before.map(MessageOrigin.DeadLetter::receiveCount).orElse(0),
        before
            .map(MessageOrigin.DeadLetter::firstReceivedAt)
            .orElse(options.clocks().wallTime(delivery.firstReceivedAt())),
        origin);
  }

  private String topic(Optional<Source> source) {
    return source.map(Source::topic).orElse(TopicRegistry.INBOX_PREFIX + name());
  }

  @Override
  public List<PeekedMessage> peek(int max) {
    return subscription.peek(max).stream()
        .map(
            seen ->
                new PeekedMessage(
                    topic(sources.findEvenEnded(seen.sourceId())),
                    seen.position(),
                    seen.record(),
                    atWallTime(seen.state()),
                    seen.receiveCount()))
        .toList();
  }

  private MessageState atWallTime(MessageState state) {
    return switch (state) {
      case MessageState.Available available -> available;
      case MessageState.InFlight(Instant until) ->
          new MessageState.InFlight(options.clocks().wallTime(until));
      case MessageState.Delayed(Instant until) ->
          new MessageState.Delayed(options.clocks().wallTime(until));
    };
  }

  @Override
  public CompletableFuture<Void> acknowledge(List<Receipt> receipts) {
    return subscription.acknowledge(receipts);
  }

  @Override
  public boolean changeVisibility(Receipt receipt, Duration visibilityTimeout) {
    return subscription.changeVisibility(receipt, visibilityTimeout);
  }

  @Override
  public void purge() {
    subscription.purge();
  }

  @Override
  public void rewind(StartingPoint start) {
    sources.rewind(id(), subscription, start);
  }

  @Override
  public void rewind(String topic, int partition, long offset) {
    Optional<Uuid> source =
        inbox
            .topic()
            .filter(found -> found.name().equals(topic))
            .map(Topic::id)
            .or(
                () ->
                    sources.ofQueue(name()).stream()
                        .filter(read -> read.topic().equals(topic))
                        .map(Source::id)
                        .findFirst());
    if (source.isEmpty() || !subscription.move(source.get(), partition, offset)) {
      throw new UnknownTopicOrPartitionException(
          "queue " + name() + " does not read " + topic + "-" + partition);
    }
  }

  @Override
  public QueueDepth depth() {
    return subscription.depth();
  }
}
