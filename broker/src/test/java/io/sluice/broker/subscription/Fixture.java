package io.sluice.broker.subscription;

import io.sluice.broker.Receipt;
import io.sluice.broker.StartingPoint;
import io.sluice.log.DiskLogStore;
import io.sluice.log.LogStore;
import io.sluice.log.LogStoreOptions;
import io.sluice.log.clock.Clocks;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Utils;

/** Subscriptions over a log store, memory or disk, that can be closed and opened again. */
final class Fixture implements AutoCloseable {

  /** Where the logs are. */
  enum Kind {
    MEMORY,
    DISK
  }

  static final Duration HOUR = Duration.ofHours(1);
  static final Duration LONG = Duration.ofSeconds(60);
  static final Uuid QUEUE = new Uuid(7, 7);

  private final Kind kind;
  private final Path folder;
  private final InstantSource clock;
  private LogStore store;
  private Subscriptions subscriptions;

  Fixture(Kind kind, Path folder, InstantSource clock) {
    this.kind = kind;
    this.folder = folder;
    this.clock = clock;
    this.store = openStore();
    this.subscriptions = Subscriptions.open(store, folder.resolve("snapshots"), Clocks.of(clock));
  }

  private LogStore openStore() {
    return switch (kind) {
      case MEMORY -> new FakeLogStore();
      case DISK -> DiskLogStore.open(folder.resolve("log"), LogStoreOptions.defaults());
    };
  }

  LogStore store() {
    return store;
  }

  FakeLogStore fakeStore() {
    return (FakeLogStore) store;
  }

  Subscriptions subscriptions() {
    return subscriptions;
  }

  /** A new topic. */
  TestTopic topic(String name, int partitions) {
    return TestTopic.create(store, name, partitions);
  }

  /**
   * A new subscription that reads these topics from their beginnings; a topic's id is its source.
   */
  Subscription subscribe(Uuid id, TestTopic... topics) {
    Subscription subscription = subscriptions.create(id);
    for (TestTopic topic : topics) {
      subscription.addSource(
          topic.id(), topic.id(), topic.partitions(), new StartingPoint.Earliest());
    }
    return subscription;
  }

  /** After {@link #reopen}: the subscription with its sources attached. */
  Subscription found(Uuid id, TestTopic... topics) {
    Subscription subscription = subscriptions.find(id).orElseThrow();
    for (TestTopic topic : topics) {
      subscription.attach(topic.id(), topic.in(store).partitions());
    }
    return subscription;
  }

  void reopen() {
    subscriptions.close();
    if (kind == Kind.DISK) {
      store.close();
      store = openStore();
    }
    subscriptions = Subscriptions.open(store, folder.resolve("snapshots"), Clocks.of(clock));
  }

  @Override
  public void close() {
    subscriptions.close();
    store.close();
  }

  static List<String> values(List<Delivery> deliveries) {
    return deliveries.stream().map(delivery -> Utils.utf8(delivery.record().value())).toList();
  }

  static List<Receipt> receipts(List<Delivery> deliveries) {
    return deliveries.stream().map(Delivery::receipt).toList();
  }

  /** Receives, without waiting, until nothing comes. */
  static List<Delivery> drain(Subscription subscription, Duration visibilityTimeout)
      throws InterruptedException {
    List<Delivery> all = new ArrayList<>();
    while (true) {
      List<Delivery> some = subscription.receive(10, visibilityTimeout, Duration.ZERO);
      if (some.isEmpty()) {
        return all;
      }
      all.addAll(some);
    }
  }

  static String[] numbered(String prefix, int count) {
    String[] values = new String[count];
    Arrays.setAll(values, i -> prefix + i);
    return values;
  }
}
