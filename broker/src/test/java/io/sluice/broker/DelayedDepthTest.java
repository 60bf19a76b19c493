package io.sluice.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * How many messages a queue says that it has, of which kind, in random histories against a list. A
 * failure names its seed; {@code -Dsluice.seed=N} runs that one again.
 */
class DelayedDepthTest {

  /** The log takes no messages from more than an hour ahead. */
  private static final int STEPS = 150;

  private static final Duration DELAY = Duration.ofSeconds(20);
  private static final Duration VISIBILITY = Duration.ofSeconds(6);

  /** Who says how long messages are hidden. */
  private enum Delays {
    MESSAGE,
    TOPICS_QUEUE,
    FIFO_QUEUE
  }

  /** What became of a message. */
  private static final class Sent {
    private final String value;
    private final Instant availableAt;
    private @Nullable Instant hiddenUntil;
    private boolean deleted;

    Sent(String value, Instant availableAt) {
      this.value = value;
      this.availableAt = availableAt;
    }

    boolean delayed(Instant now) {
      return !deleted && hiddenUntil == null && availableAt.isAfter(now);
    }

    boolean inFlight(Instant now) {
      return !deleted && hiddenUntil != null && hiddenUntil.isAfter(now);
    }
  }

  @RegisterExtension final BrokerOnDisk disk = new BrokerOnDisk();
  private final List<Sent> all = new ArrayList<>();

  @ParameterizedTest
  @EnumSource
  void depths_are_right_at_any_time(Delays delays) throws Exception {
    long seed = Long.getLong("sluice.seed", System.nanoTime());
    RandomGenerator random =
        RandomGeneratorFactory.<RandomGenerator>of("L64X128MixRandom").create(seed);
    create(delays);
    List<String> trace = new ArrayList<>(List.of("-Dsluice.seed=" + seed));
    for (int i = 0; i < STEPS; i++) {
      switch (random.nextInt(10)) {
        case 0, 1, 2 -> send(delays, random);
        case 3, 4, 5 -> receive(random);
        case 6, 7, 8 -> disk.clock().advance(Duration.ofSeconds(random.nextInt(15)));
        default -> reopenOrRewind(random);
      }
      trace.add("sent " + all.size() + ": " + queue().depth());
      assertEquals(expected(), queue().depth(), () -> String.join("\n", trace));
    }
  }

  private void create(Delays delays) {
    QueueSettings settings =
        switch (delays) {
          case MESSAGE -> QueueSettings.defaults();
          case TOPICS_QUEUE -> QueueSettings.defaults().withDelay(DELAY);
          case FIFO_QUEUE ->
              QueueSettings.defaults().withDelay(DELAY).withFifo(new QueueSettings.Fifo(false));
        };
    disk.broker().queues().create(new NewQueue("work", Map.of(), settings));
    disk.broker().topics().create(NewTopic.named("orders").withPartitions(1));
    if (delays == Delays.TOPICS_QUEUE) {
      disk.broker().sources().add("orders", "work", Map.of(), new StartingPoint.Earliest());
    }
  }

  private Queue queue() {
    return disk.broker().queues().find("work").orElseThrow();
  }

  private void send(Delays delays, RandomGenerator random) {
    for (int i = random.nextInt(8); i >= 0; i--) {
      String value = "m" + all.size();
      boolean own = delays == Delays.MESSAGE;
      Duration delay = own ? Duration.ofSeconds(10L * random.nextInt(8)) : DELAY;
      NewRecord record = new NewRecord(value.getBytes(UTF_8), value.getBytes(UTF_8), List.of());
      if (delays == Delays.TOPICS_QUEUE) {
        disk.broker().publisher().publish("orders", List.of(record)).getFirst().join();
      } else {
        NewMessage message =
            new NewMessage(record, own ? delay : Duration.ZERO, Optional.of(value));
        queue().send(List.of(message)).getFirst().join();
      }
      all.add(new Sent(value, disk.clock().instant().plus(delay)));
      // The index of times tells apart what was sent in different milliseconds.
      disk.clock().advance(Duration.ofMillis(1));
    }
  }

  private void receive(RandomGenerator random) throws InterruptedException {
    List<ReceivedMessage> received =
        queue().receive(1 + random.nextInt(10), VISIBILITY, Duration.ZERO);
    for (ReceivedMessage message : received) {
      String value = Utils.utf8(message.record().value());
      Sent sent = all.stream().filter(each -> each.value.equals(value)).findFirst().orElseThrow();
      sent.hiddenUntil = disk.clock().instant().plus(VISIBILITY);
      if (random.nextBoolean()) {
        queue().acknowledge(List.of(message.receipt())).join();
        sent.deleted = true;
      }
    }
  }

  private void reopenOrRewind(RandomGenerator random) {
    if (random.nextInt(3) > 0) {
      disk.reopen();
    } else {
      queue().rewind(new StartingPoint.Earliest());
      all.replaceAll(each -> new Sent(each.value, each.availableAt));
    }
  }

  private QueueDepth expected() {
    Instant now = disk.clock().instant();
    long delayed = all.stream().filter(each -> each.delayed(now)).count();
    long inFlight = all.stream().filter(each -> each.inFlight(now)).count();
    long left = all.stream().filter(each -> !each.deleted).count();
    return new QueueDepth(left - delayed - inFlight, inFlight, delayed);
  }
}
