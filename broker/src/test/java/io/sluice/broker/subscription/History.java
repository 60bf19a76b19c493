package io.sluice.broker.subscription;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.broker.QueueDepth;
import io.sluice.broker.Receipt;
import io.sluice.broker.RecordPosition;
import io.sluice.broker.StartingPoint;
import io.sluice.broker.TooManyInFlightException;
import io.sluice.broker.subscription.Model.Logged;
import io.sluice.broker.subscription.Model.Message;
import io.sluice.broker.subscription.Model.Place;
import io.sluice.broker.subscription.Settlement.Verdict;
import io.sluice.log.ReadIsolation;
import io.sluice.log.clock.Clocks;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidRecordStateException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** A subscription and its model, to which the same things happen. One thread owns it. */
final class History {

  static final int MAX_IN_FLIGHT = 25;

  private static final long MOST_SECONDS_AHEAD = Duration.ofDays(100).toSeconds();

  /** From how many messages in flight on a group is noisy. */
  private static final int NOISY = 3;

  /** What queue the subscription is. */
  enum Kind {
    /** Standard, and no message has a group. */
    PLAIN,

    /** Standard, and most messages have groups, some of which are noisy. */
    FAIR,

    /** Messages of a group come in order and wait for each other. */
    FIFO,

    /** Standard, with a dead-letter queue, and without share consumers. */
    MORTAL,

    /** A FIFO queue with a dead-letter queue. */
    MORTAL_FIFO;

    boolean isShared() {
      return this == PLAIN || this == FAIR || this == FIFO;
    }
  }

  /** A source of the subscription under test. */
  private record TestSource(Uuid id, int topic) {}

  /** What a crash right now would leave, and what must come of it. */
  record Moment(Map<TopicPartition, Long> ends, Instant now, Model model, int sources) {}

  private final RandomGenerator random;
  private final Path folder;
  private final Uuid id = Uuid.randomUuid();
  private final ManualClock clock;

  /** Nothing may depend on it. */
  private Duration wallAhead = Duration.ZERO;

  private final List<TestTopic> topics = new ArrayList<>();
  private final List<List<Logged>> logged = new ArrayList<>();
  private final List<TestSource> sources = new ArrayList<>();

  /** Of each source: how many partitions it has, which are no more after its end. */
  private final List<Integer> partitionsRead = new ArrayList<>();

  private final Map<RecordPosition, Set<Long>> attempts = new HashMap<>();
  private final List<Receipt> receipts = new ArrayList<>();
  private final Set<Uuid> drained = ConcurrentHashMap.newKeySet();
  private final Map<List<Object>, Long> lastFirstDelivery = new HashMap<>();
  private Model model = new Model();
  private FakeLogStore store = new FakeLogStore();
  private int incarnation;
  private int refusals;
  private Subscriptions subscriptions;
  private Subscription subscription;

  /** Gaps make a depth approximate until the cursor has passed them. */
  private boolean exactDepth = true;

  private boolean gaps;

  private final Kind kind;
  private final boolean byGroups;

  private final Map<RecordPosition, String> groups = new HashMap<>();

  /** What died in the last receive and could not be moved: its successors were taken with it. */
  private final Set<Place> overtaken = new HashSet<>();

  /** Null where messages are received for ever. */
  private final @Nullable Graveyard graveyard;

  History(RandomGenerator random, Path folder, Kind kind) {
    this.random = random;
    this.kind = kind;
    this.byGroups = kind == Kind.FIFO || kind == Kind.MORTAL_FIFO;
    this.graveyard =
        kind == Kind.MORTAL || kind == Kind.MORTAL_FIFO
            ? new Graveyard(random, () -> subscription, !byGroups)
            : null;
    this.folder = folder;
    this.clock = new ManualClock(Instant.parse("2026-01-01T00:00:00Z"));
    this.subscriptions = Subscriptions.open(store, directory(), clocks());
    this.subscription = subscriptions.create(id);
    prepare();
    for (int t = 0; t < 2; t++) {
      topics.add(TestTopic.create(store, "topic" + t, 1 + random.nextInt(2)));
      logged.add(new ArrayList<>());
    }
  }

  private Path directory() {
    return folder.resolve("incarnation" + incarnation);
  }

  private void prepare() {
    subscription.maxInFlight(MAX_IN_FLIGHT);
    subscription.onDrained(drained::add);
    subscription.taker.loads().noisyFrom(NOISY);
    if (byGroups) {
      subscription.byGroups();
    }
    subscription.deadLetters(Optional.ofNullable(graveyard));
  }

  Instant now() {
    return clock.instant();
  }

  private Clocks clocks() {
    return Clocks.of(() -> now().plus(wallAhead), clock);
  }

  // What happens.

  /** Something else happens while the disk is, or becomes, full. */
  String withoutRoom(Happening happening) throws InterruptedException {
    int accepted = Math.max(0, random.nextInt(4) - 1);
    store.refuseAfter(accepted);
    try {
      return "with room for " + accepted + " writes: " + happening.happen();
    } catch (KafkaStorageException e) {
      refusals++;
      store.acceptAgain();
      return "refused with room for " + accepted + " writes" + settleRefused();
    } finally {
      store.acceptAgain();
      // What has drained meanwhile may be told only now.
      subscription.acknowledge(List.of()).join();
    }
  }

  /** What may happen, and how it is written down. */
  interface Happening {
    String happen() throws InterruptedException;
  }

  /** Of a call that was refused, what it had done before and nobody sees. */
  private String settleRefused() {
    if (kind.isShared()) {
      for (int t = 0; t < topics.size(); t++) {
        for (int p = 0; p < topics.get(t).partitions().size(); p++) {
          giveUp(new Shared(t, p));
        }
      }
    }
    return bury(List.of());
  }

  private void giveUp(Shared shared) {
    List<Integer> readers = sourcesOf(shared);
    if (!readers.isEmpty()) {
      readers.forEach(source -> giveUp(source, shared));
      subscription
          .shared()
          .progress(topics.get(shared.topic()).id(), shared.partition(), maxDeliveries());
    }
  }

  /** How often something was refused. */
  int refusals() {
    return refusals;
  }

  String append() {
    int topic = random.nextInt(topics.size());
    int partition = random.nextInt(topics.get(topic).partitions().size());
    exactDepth &= !gaps;
    if (!byGroups && random.nextInt(4) == 0) {
      Instant at = now().plusSeconds(1 + random.nextInt(30));
      long offset = topics.get(topic).appendDelayed(partition, now(), at, "delayed");
      arrived(topic, new Logged(partition, offset, now(), at));
      return "append delayed " + topic + "/" + partition + "@" + offset + " until " + at;
    }
    String[] values = new String[1 + random.nextInt(6)];
    for (int i = 0; i < values.length; i++) {
      values[i] = "v" + i;
    }
    long base =
        kind == Kind.PLAIN || (kind == Kind.FAIR && random.nextInt(6) == 0)
            ? append(topic, partition, values)
            : appendInGroups(topic, partition, values);
    for (int i = 0; i < values.length; i++) {
      arrived(topic, new Logged(partition, base + i, now(), null));
    }
    return "append " + topic + "/" + partition + "@" + base + "+" + values.length;
  }

  private long append(int topic, int partition, String[] values) {
    return topics.get(topic).append(partition, now(), values);
  }

  private long appendInGroups(int topic, int partition, String[] values) {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      // The first is of a group that has the most.
      keys.add("group" + random.nextInt(1 + random.nextInt(kind == Kind.FAIR ? 8 : 4)));
    }
    long base = topics.get(topic).appendKeyed(partition, now(), keys, values);
    for (int i = 0; i < values.length; i++) {
      groups.put(new RecordPosition(topics.get(topic).id(), partition, base + i), keys.get(i));
    }
    return base;
  }

  private String group(Place key) {
    Uuid topic = topics.get(sources.get(key.source()).topic()).id();
    return groups.get(new RecordPosition(topic, key.partition(), key.offset()));
  }

  /** The groups that have a message in flight. */
  private Set<String> blocked(Model of, Instant at) {
    Set<String> blocked = new HashSet<>();
    of.messages.forEach(
        (key, message) -> {
          if (message.hidden(at)) {
            blocked.add(group(key));
          }
        });
    return blocked;
  }

  private void arrived(int topic, Logged record) {
    logged.get(topic).add(record);
    for (int s = 0; s < sources.size(); s++) {
      if (sources.get(s).topic() == topic && !model.ended.contains(s)) {
        model.arrived(s, record);
      }
    }
  }

  String addSource() {
    int topic = random.nextInt(topics.size());
    for (int s = 0; s < sources.size(); s++) {
      if (sources.get(s).topic() == topic && !model.ended.contains(s)) {
        return "add source: topic " + topic + " has one";
      }
    }
    StartingPoint start = start();
    TestSource source = new TestSource(Uuid.randomUuid(), topic);
    subscription.addSource(
        source.id(), topics.get(topic).id(), topics.get(topic).partitions(), start);
    sources.add(source);
    partitionsRead.add(topics.get(topic).partitions().size());
    exactDepth &= !gaps;
    model.restart(sources.size() - 1, from(topic, start));
    return "add source " + (sources.size() - 1) + " on topic " + topic + " from " + start;
  }

  private StartingPoint start() {
    return switch (random.nextInt(4)) {
      case 0 -> new StartingPoint.Earliest();
      case 1 -> new StartingPoint.Latest();
      case 2 -> new StartingPoint.Offset(random.nextInt(20));
      default -> new StartingPoint.At(now().minusSeconds(random.nextInt(60)));
    };
  }

  /** Partition by partition, everything from the first record at that time on. */
  private List<Logged> from(int topic, StartingPoint start) {
    List<Logged> found = new ArrayList<>();
    Set<Integer> begun = new HashSet<>();
    for (Logged record : logged.get(topic)) {
      boolean begins =
          switch (start) {
            case StartingPoint.Earliest() -> true;
            case StartingPoint.Latest() -> false;
            case StartingPoint.At(Instant at) -> !record.timestamp().isBefore(at);
            case StartingPoint.Offset(long offset) -> record.offset() >= offset;
          };
      if (begun.contains(record.partition()) || begins) {
        begun.add(record.partition());
        found.add(record);
      }
    }
    return found;
  }

  String endSource() {
    if (sources.isEmpty()) {
      return "end source: none";
    }
    int source = random.nextInt(sources.size());
    if (model.ended.contains(source)) {
      return "end source: " + source + " has ended";
    }
    subscription.endSource(sources.get(source).id());
    model.ended.add(source);
    return "end source " + source;
  }

  String restart() {
    if (sources.isEmpty()) {
      return "restart: none";
    }
    int source = random.nextInt(sources.size());
    if (model.ended.contains(source)) {
      return "restart: " + source + " has ended";
    }
    StartingPoint start = start();
    subscription.restart(sources.get(source).id(), start);
    begin(source, start);
    return "restart " + source + " from " + start;
  }

  private void begin(int source, StartingPoint start) {
    exactDepth &= !gaps;
    model.restart(source, from(sources.get(source).topic(), start));
    lastFirstDelivery.keySet().removeIf(place -> place.getFirst().equals(source));
  }

  /** One partition of a source goes to an offset, which need not be there. */
  String move() {
    if (sources.isEmpty()) {
      return "move: none";
    }
    int source = random.nextInt(sources.size());
    if (model.ended.contains(source)) {
      return "move: " + source + " has ended";
    }
    int partition = random.nextInt(partitionsRead.get(source) + 1);
    long offset = random.nextInt(60) - 5L;
    boolean expected = partition < partitionsRead.get(source);
    boolean moved = subscription.move(sources.get(source).id(), partition, offset);
    assertEquals(expected, moved, "has partition " + partition);
    if (moved) {
      exactDepth &= !gaps;
      List<Logged> records =
          logged.get(sources.get(source).topic()).stream()
              .filter(record -> record.partition() == partition && record.offset() >= offset)
              .toList();
      model.move(source, partition, records);
      lastFirstDelivery.remove(List.of(source, partition));
    }
    return "move " + source + "/" + partition + " to " + offset + ": " + moved;
  }

  /** The dead-letter queue is deleted, or is made again. */
  String dig() {
    return graveyard == null ? "no dead letters" : graveyard.dig();
  }

  String rewind() {
    if (!model.ended.isEmpty()) {
      return "rewind: not with ended sources";
    }
    StartingPoint start = start();
    subscription.rewind(start);
    for (int s = 0; s < sources.size(); s++) {
      begin(s, start);
    }
    return "rewind to " + start;
  }

  String purge() {
    subscription.purge();
    model.messages.clear();
    return "purge";
  }

  String addPartition() {
    int topic = random.nextInt(topics.size());
    if (topics.get(topic).partitions().size() >= 4) {
      return "add partition: enough";
    }
    topics.get(topic).addPartition();
    for (int s = 0; s < sources.size(); s++) {
      if (sources.get(s).topic() == topic && !model.ended.contains(s)) {
        subscription.attach(sources.get(s).id(), topics.get(topic).partitions());
        partitionsRead.set(s, topics.get(topic).partitions().size());
      }
    }
    return "add partition to topic " + topic;
  }

  String leaveGap() {
    int topic = random.nextInt(topics.size());
    int partition = random.nextInt(topics.get(topic).partitions().size());
    ((FakePartition) topics.get(topic).partition(partition)).leaveGap(1 + random.nextInt(5));
    gaps = true;
    exactDepth = false;
    return "gap in " + topic + "/" + partition;
  }

  String deleteRecords() {
    int topic = random.nextInt(topics.size());
    int partition = random.nextInt(topics.get(topic).partitions().size());
    long end = topics.get(topic).partition(partition).highWatermark();
    long before = random.nextLong(end + 1);
    topics.get(topic).partition(partition).deleteRecordsBefore(before);
    logged.get(topic).removeIf(r -> r.partition() == partition && r.offset() < before);
    model
        .messages
        .keySet()
        .removeIf(
            key ->
                sources.get(key.source()).topic() == topic
                    && key.partition() == partition
                    && key.offset() < before);
    gaps = true;
    exactDepth = false;
    return "delete records of " + topic + "/" + partition + " before " + before;
  }

  String advance() {
    Duration by = Duration.ofMillis(random.nextInt(20_000));
    clock.advance(by);
    if (random.nextInt(8) == 0) {
      wallAhead = Duration.ofSeconds(random.nextLong(-MOST_SECONDS_AHEAD, MOST_SECONDS_AHEAD));
      return "advance " + by + ", and the clock on the wall is ahead by " + wallAhead;
    }
    return "advance " + by;
  }

  String receive() throws InterruptedException {
    int max = 1 + random.nextInt(10);
    Duration visibility = Duration.ofSeconds(random.nextInt(4) == 0 ? 0 : random.nextInt(40));
    if (!byGroups && model.count(message -> message.inFlight(now())) >= MAX_IN_FLIGHT) {
      if (exactDepth) {
        store.acceptAgain();
        assertThrows(
            TooManyInFlightException.class,
            () -> subscription.receive(max, visibility, Duration.ZERO));
      }
      return "receive: too many in flight";
    }
    Set<String> noisy = noisyGroups();
    List<Delivery> deliveries = subscription.receive(max, visibility, Duration.ZERO);
    checkFairness(deliveries.stream().map(this::key).toList(), noisy);
    String died = bury(deliveries);
    received(deliveries, max, visibility);
    return "receive " + max + " for " + visibility + ": " + shown(deliveries) + died;
  }

  /** What became of messages that were received as often as they may be. */
  private String bury(List<Delivery> deliveries) {
    if (graveyard == null) {
      return "";
    }
    List<Graveyard.Buried> buried = graveyard.buried();
    overtaken.clear();
    for (Graveyard.Buried each : buried) {
      Place key = key(each.delivery());
      Message message = model.messages.get(key);
      assertTrue(message != null, key + " died and is acknowledged, or never was");
      assertFalse(message.hidden(now()), key + " died and is hidden: " + message);
      assertTrue(message.receiveCount() >= Graveyard.MAX_RECEIVES, key + " died young: " + message);
      assertEquals(message.receiveCount() + 1, each.delivery().receiveCount(), "count of " + key);
      if (each.isAcknowledged()) {
        model.messages.remove(key);
      } else {
        overtaken.add(key);
        model.messages.put(
            key,
            new Message(
                each.delivery().receiveCount(),
                message.firstReceivedAt(),
                now().plus(SpentMessages.MOVE),
                each.delivery().receipt().attempt()));
      }
    }
    if (graveyard.exists()) {
      for (Delivery delivery : deliveries) {
        assertTrue(
            delivery.receiveCount() <= Graveyard.MAX_RECEIVES,
            () -> key(delivery) + " was received too often: " + delivery.receiveCount());
      }
    }
    return buried.isEmpty()
        ? ""
        : ", died: "
            + shown(buried.stream().map(Graveyard.Buried::delivery).toList())
            + buried.stream().map(Graveyard.Buried::isAcknowledged).toList();
  }

  private Set<String> noisyGroups() {
    Set<String> noisy = new HashSet<>();
    if (kind == Kind.FAIR) {
      GroupLoads loads = subscription.taker.loads();
      loads.advance(now().toEpochMilli());
      for (String group : new HashSet<>(groups.values())) {
        if (loads.isNoisy(MessageGroups.of(ByteBuffer.wrap(Utils.utf8(group))))) {
          noisy.add(group);
        }
      }
    }
    return noisy;
  }

  /** The model is still as it was before the receive. */
  private void checkFairness(List<Place> taken, Set<String> noisy) {
    for (Place key : taken) {
      if (isNew(model.messages.get(key)) && noisy.contains(group(key))) {
        model.messages.forEach(
            (other, message) ->
                assertTrue(
                    !isNew(message) || taken.contains(other) || noisy.contains(group(other)),
                    key + " of " + group(key) + " before " + other + " of " + group(other)));
      }
    }
  }

  private static boolean isNew(@Nullable Message message) {
    return message != null && message.receiveCount() == 0 && message.hiddenUntil() == null;
  }

  private List<String> shown(List<Delivery> deliveries) {
    return deliveries.stream()
        .map(
            delivery ->
                "%s a%d c%d"
                    .formatted(
                        key(delivery), delivery.receipt().attempt(), delivery.receiveCount()))
        .toList();
  }

  private Place key(Delivery delivery) {
    int source = 0;
    while (!sources.get(source).id().equals(delivery.sourceId())) {
      source++;
    }
    RecordPosition position = delivery.receipt().position();
    assertEquals(topics.get(sources.get(source).topic()).id(), position.topicId());
    assertEquals(position.offset(), delivery.record().offset());
    return new Place(source, position.partition(), position.offset());
  }

  private void received(List<Delivery> deliveries, int max, Duration visibility) {
    assertTrue(deliveries.size() <= max, "more than asked for");
    long inFlight = model.count(message -> message.inFlight(now()));
    assertTrue(inFlight + deliveries.size() <= MAX_IN_FLIGHT, "more than may be in flight");
    if (byGroups) {
      receivedByGroups(deliveries.stream().map(this::key).toList(), max);
    }
    Set<Place> taken = new HashSet<>();
    for (Delivery delivery : deliveries) {
      Place key = key(delivery);
      assertTrue(taken.add(key), key + " twice in one receive");
      deliver(key, delivery, visibility);
    }
    if (deliveries.isEmpty() && !byGroups) {
      assertEquals(
          List.of(),
          model.messages.entrySet().stream().filter(e -> !e.getValue().hidden(now())).toList(),
          "left behind by an empty receive");
      exactDepth = true;
    }
  }

  /** The model is still as it was before the receive. */
  private void receivedByGroups(List<Place> taken, int max) {
    Model before = model.copy();
    overtaken.forEach(before.messages::remove);
    checkGroups(taken, blocked(before, now()));
    Set<String> blocked = blocked(model, now());
    long inFlight =
        model.messages.entrySet().stream()
            .filter(e -> e.getValue().receiveCount() > 0 && blocked.contains(group(e.getKey())))
            .count();
    // What died stood in the way of its group until it was moved, and others were taken before.
    boolean mayLeaveSome = graveyard != null && graveyard.anyDied() && !taken.isEmpty();
    if (!mayLeaveSome && taken.size() < max && inFlight + taken.size() < MAX_IN_FLIGHT) {
      List<Place> left = new ArrayList<>(model.messages.keySet());
      left.removeAll(taken);
      left.removeIf(key -> blocked.contains(group(key)));
      assertEquals(List.of(), left, "left behind");
      exactDepth = true;
    }
  }

  /** The model is still as it was before these were taken. */
  private void checkGroups(List<Place> taken, Set<String> blocked) {
    Set<Place> before = new HashSet<>(overtaken);
    for (Place key : taken) {
      assertFalse(blocked.contains(group(key)), key + " of a blocked group");
      for (Place earlier :
          model.messages.subMap(new Place(key.source(), key.partition(), 0), key).keySet()) {
        assertTrue(
            !group(earlier).equals(group(key)) || before.contains(earlier),
            key + " before " + earlier + " of its group");
      }
      before.add(key);
    }
  }

  private void deliver(Place key, Delivery delivery, Duration visibility) {
    Message message = model.messages.get(key);
    assertTrue(message != null, key + " is acknowledged, or never was");
    assertFalse(message.hidden(now()), key + " is hidden: " + message);
    assertEquals(message.receiveCount() + 1, delivery.receiveCount(), "count of " + key);
    Instant first = message.receiveCount() == 0 ? now() : message.firstReceivedAt();
    assertEquals(first, delivery.firstReceivedAt(), "first receipt of " + key);
    assertTrue(
        attempts
            .computeIfAbsent(delivery.receipt().position(), position -> new HashSet<>())
            .add(delivery.receipt().attempt()),
        "attempt used before: " + delivery.receipt());
    if (kind == Kind.PLAIN && isNew(message)) {
      inOrder(key);
    }
    receipts.add(delivery.receipt());
    model.messages.put(
        key,
        new Message(
            delivery.receiveCount(), first, now().plus(visibility), delivery.receipt().attempt()));
  }

  private void inOrder(Place key) {
    Long last = lastFirstDelivery.put(List.of(key.source(), key.partition()), key.offset());
    assertTrue(last == null || last < key.offset(), key + " after " + last);
    for (Map.Entry<Place, Message> before :
        model.messages.subMap(new Place(key.source(), key.partition(), 0), key).entrySet()) {
      assertTrue(
          before.getValue().receiveCount() > 0 || before.getValue().hiddenUntil() != null,
          key + " before " + before);
    }
  }

  String acknowledge() {
    if (receipts.isEmpty()) {
      return "acknowledge: none";
    }
    List<Receipt> chosen = new ArrayList<>();
    for (int i = 1 + random.nextInt(10); i > 0; i--) {
      chosen.add(receipt());
    }
    subscription.acknowledge(chosen).join();
    chosen.forEach(receipt -> model.messages.keySet().removeIf(key -> latest(key, receipt)));
    return "acknowledge " + chosen.stream().map(History::shown).toList();
  }

  /** Mostly one of the newest. */
  private Receipt receipt() {
    int back = random.nextInt(random.nextInt(3) == 0 ? receipts.size() : 12);
    return receipts.get(Math.max(0, receipts.size() - 1 - back));
  }

  private static String shown(Receipt receipt) {
    return receipt.position().partition()
        + "@"
        + receipt.position().offset()
        + " a"
        + receipt.attempt();
  }

  private boolean latest(Place key, Receipt receipt) {
    Message message = model.messages.get(key);
    RecordPosition position = receipt.position();
    return message != null
        && topics.get(sources.get(key.source()).topic()).id().equals(position.topicId())
        && key.partition() == position.partition()
        && key.offset() == position.offset()
        && message.attempt() == receipt.attempt();
  }

  String changeVisibility() {
    if (receipts.isEmpty()) {
      return "change visibility: none";
    }
    Receipt receipt = receipt();
    Duration timeout = Duration.ofSeconds(random.nextInt(3) == 0 ? 0 : random.nextInt(60));
    List<Map.Entry<Place, Message>> found =
        model.messages.entrySet().stream()
            .filter(entry -> latest(entry.getKey(), receipt) && entry.getValue().inFlight(now()))
            .toList();
    boolean expected = !found.isEmpty();
    assertEquals(expected, subscription.changeVisibility(receipt, timeout), "in flight");
    for (Map.Entry<Place, Message> entry : found) {
      Message message = entry.getValue();
      entry.setValue(
          new Message(
              message.receiveCount(),
              message.firstReceivedAt(),
              now().plus(timeout),
              message.attempt()));
    }
    return "change visibility of " + shown(receipt) + " to " + timeout + ": " + expected;
  }

  // What share consumers do: the same messages, by offset.

  private static final List<Long> OWNERS = List.of(1L, 2L, 3L);

  /** How often a share consumer gets a record before it is given up; never in a FIFO queue. */
  private int maxDeliveries() {
    return byGroups ? 1000 : 4;
  }

  private static final Duration LOCK = Duration.ofSeconds(30);

  /** One partition as share consumers name it. */
  private record Shared(int topic, int partition) {}

  private Shared shared() {
    int topic = random.nextInt(topics.size());
    return new Shared(topic, random.nextInt(topics.get(topic).partitions().size()));
  }

  /** Those that have something left, the oldest first. */
  private List<Integer> sourcesOf(Shared shared) {
    List<Integer> found = new ArrayList<>();
    for (int s = 0; s < sources.size(); s++) {
      if (sources.get(s).topic() == shared.topic()
          && shared.partition() < partitionsRead.get(s)
          && subscription.sources().contains(sources.get(s).id())) {
        found.add(s);
      }
    }
    return found;
  }

  private Map<Place, Message> unsettled(int source, Shared shared) {
    return model.messages.subMap(
        new Place(source, shared.partition(), 0),
        new Place(source, shared.partition(), Long.MAX_VALUE));
  }

  String lease() {
    Shared shared = shared();
    List<Integer> readers = sourcesOf(shared);
    Uuid topicId = topics.get(shared.topic()).id();
    if (readers.isEmpty()) {
      store.acceptAgain();
      assertThrows(
          UnknownTopicOrPartitionException.class,
          () -> subscription.shared().acquire(topicId, shared.partition(), claim(1, 1)));
      return "lease: nobody reads " + shared;
    }
    long owner = OWNERS.get(random.nextInt(OWNERS.size()));
    int max = 1 + random.nextInt(8);
    List<List<Place>> expected = new ArrayList<>();
    for (int source : readers) {
      expected.add(leasable(source, shared, max));
    }
    boolean roomForAll = model.count(message -> message.receiveCount() > 0) + max <= MAX_IN_FLIGHT;
    Lease lease = subscription.shared().acquire(topicId, shared.partition(), claim(owner, max));
    if (roomForAll && !byGroups) {
      List<Place> first =
          expected.stream().filter(some -> !some.isEmpty()).findFirst().orElse(List.of());
      if (kind == Kind.FAIR) {
        // What was taken ahead of the cursor comes again with the cursor.
        assertEquals(first.isEmpty(), offsets(lease).isEmpty(), "leased");
      } else {
        assertEquals(first.stream().map(Place::offset).toList(), offsets(lease), "leased");
      }
    }
    leased(lease, owner, readers, shared);
    checkProgress(shared);
    return "lease " + shared + " for " + owner + ", " + max + ": " + lease.ranges();
  }

  private Claim claim(long owner, int max) {
    return new Claim(
        owner,
        max,
        3,
        1 << 20,
        true,
        false,
        LOCK,
        1000,
        maxDeliveries(),
        ReadIsolation.HIGH_WATERMARK);
  }

  private static List<Long> offsets(Lease lease) {
    List<Long> offsets = new ArrayList<>();
    for (Lease.Range range : lease.ranges()) {
      for (long offset = range.first(); offset <= range.last(); offset++) {
        offsets.add(offset);
      }
    }
    return offsets;
  }

  /** What is available by offset; what is delivered for the last time comes alone. */
  private List<Place> leasable(int source, Shared shared, int max) {
    List<Place> found = new ArrayList<>();
    for (Map.Entry<Place, Message> entry : unsettled(source, shared).entrySet()) {
      Message message = entry.getValue();
      if (message.hidden(now()) || message.receiveCount() >= maxDeliveries()) {
        continue;
      }
      boolean lastTime = message.receiveCount() == maxDeliveries() - 1;
      if (found.size() == max || (lastTime && !found.isEmpty())) {
        break;
      }
      found.add(entry.getKey());
      if (lastTime) {
        break;
      }
    }
    return found;
  }

  private void leased(Lease lease, long owner, List<Integer> readers, Shared shared) {
    List<Long> offsets = offsets(lease);
    Set<String> blocked = blocked(model, now());
    int from = readers.size();
    for (int i = readers.size() - 1; i >= 0 && !offsets.isEmpty(); i--) {
      if (couldGive(readers.get(i), shared, lease)) {
        from = i;
      }
    }
    assertTrue(offsets.isEmpty() || from < readers.size(), "nobody has " + lease.ranges());
    readers.subList(0, Math.min(from + 1, readers.size())).forEach(s -> giveUp(s, shared));
    int source = from < readers.size() ? readers.get(from) : -1;
    if (byGroups) {
      checkGroups(
          offsets.stream().map(at -> new Place(source, shared.partition(), at)).toList(), blocked);
    }
    for (long offset : offsets) {
      Place key = new Place(source, shared.partition(), offset);
      Message before = model.messages.get(key);
      if (kind == Kind.PLAIN && isNew(before)) {
        inOrder(key);
      }
      Instant first = before.receiveCount() == 0 ? now() : before.firstReceivedAt();
      model.messages.put(
          key, new Message(before.receiveCount() + 1, first, now().plus(LOCK), owner));
    }
    Set<Long> sent = new HashSet<>();
    lease.records().records().forEach(record -> sent.add(record.offset()));
    assertTrue(sent.containsAll(offsets), "leased and not sent");
  }

  private boolean couldGive(int source, Shared shared, Lease lease) {
    for (Lease.Range range : lease.ranges()) {
      for (long offset = range.first(); offset <= range.last(); offset++) {
        Message message = model.messages.get(new Place(source, shared.partition(), offset));
        if (message == null
            || message.hidden(now())
            || message.receiveCount() + 1 != range.deliveryCount()) {
          return false;
        }
      }
    }
    return true;
  }

  private void giveUp(int source, Shared shared) {
    unsettled(source, shared)
        .values()
        .removeIf(m -> !m.hidden(now()) && m.receiveCount() >= maxDeliveries());
  }

  private void checkProgress(Shared shared) {
    if (sourcesOf(shared).size() != 1) {
      return;
    }
    giveUp(sourcesOf(shared).getFirst(), shared);
    Progress progress =
        subscription
            .shared()
            .progress(topics.get(shared.topic()).id(), shared.partition(), maxDeliveries());
    Map<Place, Message> left = unsettled(sourcesOf(shared).getFirst(), shared);
    for (Map.Entry<Place, Message> entry : left.entrySet()) {
      assertTrue(progress.start() <= entry.getKey().offset(), "settled: " + entry);
    }
  }

  String settle() {
    Shared shared = shared();
    long owner = OWNERS.get(random.nextInt(OWNERS.size()));
    List<Long> held = new ArrayList<>();
    for (int source : sourcesOf(shared)) {
      unsettled(source, shared)
          .forEach(
              (key, message) -> {
                if (isHeld(message, owner)) {
                  held.add(key.offset());
                }
              });
    }
    if (held.isEmpty()) {
      return "settle: " + owner + " holds nothing of " + shared;
    }
    long first = held.get(random.nextInt(held.size()));
    long last = first;
    while (random.nextInt(4) != 0 && held.contains(last + 1)) {
      last++;
    }
    if (random.nextInt(5) == 0) {
      last += 1 + random.nextInt(3);
    }
    return settle(shared, owner, first, last);
  }

  private boolean isHeld(Message message, long owner) {
    return message.inFlight(now()) && message.attempt() == owner;
  }

  private String settle(Shared shared, long owner, long first, long last) {
    List<Verdict> verdicts = new ArrayList<>();
    for (long i = random.nextBoolean() ? first : last; i <= last; i++) {
      verdicts.add(verdict());
    }
    Settlement settlement = new Settlement(first, last, verdicts);
    Map<Long, Place> found = new HashMap<>();
    boolean notHeld = false;
    boolean allHeld = true;
    for (long offset = first; offset <= last; offset++) {
      boolean known = false;
      for (int source : sourcesOf(shared)) {
        Place key = new Place(source, shared.partition(), offset);
        Message message = model.messages.get(key);
        known |= message != null;
        if (message != null && isHeld(message, owner)) {
          found.putIfAbsent(offset, key);
        }
      }
      notHeld |= known && !found.containsKey(offset);
      allHeld &= found.containsKey(offset);
    }
    boolean settled = true;
    try {
      subscription
          .shared()
          .settle(
              topics.get(shared.topic()).id(),
              shared.partition(),
              owner,
              List.of(settlement),
              LOCK,
              maxDeliveries())
          .join();
    } catch (InvalidRecordStateException | InvalidRequestException e) {
      settled = false;
    }
    assertTrue(settled || !allHeld, "refused");
    assertTrue(!settled || !notHeld, "settled what was not held");
    if (settled) {
      found.forEach((offset, key) -> settled(key, settlement.verdict(offset)));
    }
    return "settle " + shared + " of " + owner + ": " + settlement + ": " + settled;
  }

  private Verdict verdict() {
    return switch (random.nextInt(3)) {
      case 0 -> Verdict.DONE;
      case 1 -> Verdict.RELEASE;
      default -> Verdict.RENEW;
    };
  }

  private void settled(Place key, Verdict verdict) {
    Message message = model.messages.get(key);
    boolean spent = message.receiveCount() >= maxDeliveries();
    if (verdict == Verdict.DONE || (verdict == Verdict.RELEASE && spent)) {
      model.messages.remove(key);
    } else {
      Instant until = verdict == Verdict.RENEW ? now().plus(LOCK) : now();
      model.messages.put(
          key,
          new Message(message.receiveCount(), message.firstReceivedAt(), until, message.attempt()));
    }
  }

  String releaseAll() {
    Shared shared = shared();
    List<Integer> readers = sourcesOf(shared);
    if (readers.isEmpty()) {
      return "release: nobody reads " + shared;
    }
    long owner = OWNERS.get(random.nextInt(OWNERS.size()));
    subscription
        .shared()
        .release(topics.get(shared.topic()).id(), shared.partition(), owner, maxDeliveries())
        .join();
    for (int source : readers) {
      List<Place> held = new ArrayList<>();
      unsettled(source, shared)
          .forEach(
              (key, message) -> {
                if (isHeld(message, owner)) {
                  held.add(key);
                }
              });
      held.forEach(key -> settled(key, Verdict.RELEASE));
    }
    return "release what " + owner + " holds of " + shared;
  }

  String reopen() {
    subscriptions.close();
    open();
    return "reopen";
  }

  String crash(Crash crash) {
    FakeLogStore left = store.crashed(store.ends());
    Path before = directory();
    incarnation++;
    crash.copy(before, directory());
    subscriptions.close();
    store = left;
    topics.replaceAll(topic -> topic.in(left));
    open();
    return "crash";
  }

  /** Copies a folder as it is. */
  interface Crash {
    void copy(Path from, Path to);
  }

  private void open() {
    subscriptions = Subscriptions.open(store, directory(), clocks());
    subscription = subscriptions.find(id).orElseThrow();
    prepare();
    attach(subscription, topics, sources.size());
  }

  private void attach(Subscription to, List<TestTopic> from, int known) {
    for (int s = 0; s < known; s++) {
      if (to.sources().contains(sources.get(s).id())) {
        to.attach(sources.get(s).id(), from.get(sources.get(s).topic()).partitions());
      }
    }
  }

  // What must hold.

  void check() {
    QueueDepth depth = subscription.depth();
    long inFlight = model.count(message -> message.inFlight(now()));
    long rest = model.messages.size() - inFlight;
    if (exactDepth) {
      assertEquals(inFlight, depth.inFlight(), "in flight");
      assertEquals(rest, depth.available() + depth.delayed(), "available and delayed");
    } else {
      assertTrue(depth.available() + depth.delayed() >= rest, "available and delayed: " + depth);
    }
    for (int s = 0; s < sources.size(); s++) {
      boolean listed = subscription.sources().contains(sources.get(s).id());
      if (!listed || exactDepth) {
        assertEquals(model.drained(s), !listed, "source " + s + " is drained");
      }
      if (!listed) {
        assertTrue(drained.contains(sources.get(s).id()), "nobody heard that " + s + " is drained");
      }
    }
  }

  Moment moment() {
    return new Moment(store.ends(), now(), model.copy(), sources.size());
  }

  /** Recovers from the journals alone, as they were then. */
  void checkRecovery(Moment moment, Path emptyFolder) throws InterruptedException {
    FakeLogStore left = store.crashed(moment.ends());
    ManualClock then = new ManualClock(moment.now());
    try (Subscriptions recovered = Subscriptions.open(left, emptyFolder, Clocks.of(then))) {
      Subscription found = recovered.find(id).orElseThrow();
      List<TestTopic> recoveredTopics = topics.stream().map(topic -> topic.in(left)).toList();
      attach(found, recoveredTopics, moment.sources());
      if (byGroups) {
        checkRecoveryByGroups(moment.model(), then, found);
        return;
      }
      Model expected = moment.model().copy();
      assertEquals(available(expected, then.instant()), drain(found), "available after the crash");
      assertEquals(
          expected.count(m -> m.hidden(then.instant())),
          found.depth().inFlight()
              + found.depth().delayed()
              - expected.count(m -> !m.hidden(then.instant())),
          "hidden after the crash");
      Map<Place, Integer> hidden = new HashMap<>();
      expected.messages.forEach(
          (key, message) -> {
            if (message.hidden(then.instant())) {
              hidden.put(key, message.receiveCount() + 1);
            }
          });
      then.advance(Duration.ofMinutes(5));
      assertEquals(hidden, drain(found), "timed out after the crash");
    }
  }

  private void checkRecoveryByGroups(Model expected, ManualClock then, Subscription found)
      throws InterruptedException {
    found.byGroups();
    Set<String> blocked = blocked(expected, then.instant());
    Map<Place, Integer> ready = new HashMap<>();
    Map<Place, Integer> others = new HashMap<>();
    expected.messages.forEach(
        (key, message) ->
            (blocked.contains(group(key)) ? others : ready).put(key, message.receiveCount() + 1));
    assertEquals(ready, drain(found), "available after the crash");
    then.advance(Duration.ofMinutes(5));
    assertEquals(others, drain(found), "timed out after the crash");
  }

  private static Map<Place, Integer> available(Model model, Instant now) {
    Map<Place, Integer> available = new HashMap<>();
    model.messages.forEach(
        (key, message) -> {
          if (!message.hidden(now)) {
            available.put(key, message.receiveCount() + 1);
          }
        });
    return available;
  }

  private Map<Place, Integer> drain(Subscription from) throws InterruptedException {
    Map<Place, Integer> received = new HashMap<>();
    while (true) {
      List<Delivery> some = from.receive(10, Duration.ofHours(1), Duration.ZERO);
      if (some.isEmpty()) {
        return received;
      }
      some.forEach(delivery -> received.put(key(delivery), delivery.receiveCount()));
      if (byGroups) {
        from.acknowledge(some.stream().map(Delivery::receipt).toList()).join();
      }
    }
  }

  /** Ends the incarnation that lives. */
  void close() {
    subscriptions.close();
  }

  static String value(Delivery delivery) {
    return Utils.utf8(delivery.record().value());
  }
}
