package io.sluice.broker.subscription;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.roaringbitmap.RoaringBitmap;

/**
 * Prints, and does not judge, what a queue's state takes on the heap and in a snapshot: {@code
 * ./mvnw -pl broker -am test -Dsluice.measure=true -Dtest=AcknowledgementMeasurement
 * -Dsurefire.failIfNoSpecifiedTests=false}. See docs/adr/001-acknowledged-as-complement.md.
 */
@EnabledIfSystemProperty(named = "sluice.measure", matches = "true")
class AcknowledgementMeasurement {

  private static final Uuid QUEUE = new Uuid(7, 7);
  private static final Uuid SOURCE = new Uuid(8, 8);
  private static final int LIMIT = 120_000;
  private static final long HOUR = 3_600_000;

  private final Random random = new Random(1);

  /** One queue's history, through the same events as live. */
  private final class Scenario {

    private final SubscriptionState state = new SubscriptionState();
    private final List<Long> inFlight = new ArrayList<>();
    private long next;
    private long attempt;
    private int peak;

    Scenario() {
      state.apply(new CursorEvent.SourceAdded(SOURCE, SOURCE, List.of(0L)));
    }

    /** Receives 10, as one ReceiveMessage does at most. */
    void receive() {
      List<Long> offsets = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        offsets.add(next++);
      }
      state.apply(
          new CursorEvent.Acquired(
              SOURCE, 0, next, next, next + HOUR, attempt += 10, offsets, List.of()));
      inFlight.addAll(offsets);
      peak = Math.max(peak, state.received());
    }

    void acknowledgeAtRandom() {
      int index = random.nextInt(inFlight.size());
      Collections.swap(inFlight, index, inFlight.size() - 1);
      state.apply(new CursorEvent.Acknowledged(SOURCE, 0, List.of(inFlight.removeLast())));
    }

    void acknowledgeDownTo(int left) {
      while (inFlight.size() > left) {
        acknowledgeAtRandom();
      }
    }

    void churn(int changes) {
      for (int i = 0; i < changes; i++) {
        long offset = inFlight.get(random.nextInt(inFlight.size()));
        state.apply(new CursorEvent.VisibilityChanged(SOURCE, 0, offset, next + i));
      }
    }
  }

  /** What is done to a new queue. */
  private interface History {
    void play(Scenario scenario);
  }

  @Test
  void heap_and_snapshot() {
    report("nothing yet", scenario -> {});
    report("1 M at random, 120 k in flight", scenario -> atRandom(scenario, 1_000_000, LIMIT));
    report(
        "the same, all acknowledged",
        scenario -> {
          atRandom(scenario, 1_000_000, LIMIT);
          scenario.acknowledgeDownTo(0);
        });
    report("one stuck, 10 M acknowledged", scenario -> stuck(scenario, 10_000_000));
    report("one stuck, 50 M acknowledged", scenario -> stuck(scenario, 50_000_000));
    report("120 k in flight, neighbours", scenario -> atRandom(scenario, LIMIT, LIMIT));
    report("120 k in flight in 50 M", scenario -> atRandom(scenario, 50_000_000, LIMIT));
    report(
        "120 k in flight, 5 M visibilities",
        scenario -> {
          atRandom(scenario, LIMIT, LIMIT);
          scenario.churn(5_000_000);
        });
    report("no limit: 1 M in flight", scenario -> atRandom(scenario, 1_000_000, 1_000_000));
  }

  private static void atRandom(Scenario scenario, int messages, int limit) {
    for (int i = 0; i < messages; i += 10) {
      scenario.acknowledgeDownTo(limit - 10);
      scenario.receive();
    }
  }

  /** The first message is never acknowledged, everything after it soon. */
  private static void stuck(Scenario scenario, int messages) {
    scenario.receive();
    scenario.inFlight.removeFirst();
    atRandom(scenario, messages, 1_000);
    scenario.acknowledgeDownTo(0);
  }

  private void report(String what, History history) {
    long before = usedHeap();
    Scenario scenario = new Scenario();
    long start = System.nanoTime();
    history.play(scenario);
    double seconds = (System.nanoTime() - start) / 1e9;
    int outstanding = scenario.state.byDeadline().size();
    scenario.inFlight.clear();
    ((ArrayList<Long>) scenario.inFlight).trimToSize();
    long heap = usedHeap() - before;
    start = System.nanoTime();
    byte[] snapshot = SnapshotFile.encode(1, Map.of(QUEUE, scenario.state));
    double encoded = (System.nanoTime() - start) / 1e6;
    start = System.nanoTime();
    ByteBuffer in = ByteBuffer.wrap(snapshot, 36, snapshot.length - 36);
    int restored = StateCodec.read(in, 2).byDeadline().size();
    double decoded = (System.nanoTime() - start) / 1e6;
    if (restored != outstanding) {
      throw new IllegalStateException(restored + " of " + outstanding);
    }
    long bitmap = bitmapBytes(scenario.state.cursors(SOURCE).getFirst());
    System.out.printf(
        "%-34s bitmap %,9d B outstanding %,9d (peak %,9d) heap %,11d B (%3d each) snapshot %,10d B"
            + " (%5.1f ms out, %5.1f ms in) played in %5.1f s%n",
        what,
        bitmap,
        outstanding,
        scenario.peak,
        heap,
        outstanding == 0 ? 0 : heap / outstanding,
        snapshot.length,
        encoded,
        decoded,
        seconds);
  }

  /**
   * What the acknowledged offsets would take as a compressed bitmap, beside what is outstanding.
   */
  private static long bitmapBytes(PartitionCursor cursor) {
    RoaringBitmap acknowledged = new RoaringBitmap();
    acknowledged.add(0L, cursor.next());
    cursor.outstanding().forEach(one -> acknowledged.remove((int) one.offset()));
    acknowledged.runOptimize();
    return acknowledged.getLongSizeInBytes();
  }

  /**
   * The serial collector compacts fully, and leaves no fillers, at every fourth collection only.
   */
  private static long usedHeap() {
    for (int i = 0; i < 4; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
