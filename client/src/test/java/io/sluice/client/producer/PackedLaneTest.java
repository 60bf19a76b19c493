package io.sluice.client.producer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.client.message.PackedMessages;
import io.sluice.client.message.PlainMessage;
import io.sluice.client.publish.MeasuredMessage;
import io.sluice.client.publish.Outgoing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PackedLaneTest {

  private static final int BATCH = 1000;
  private static final int LARGEST = 4000;

  private final List<String> heard = new ArrayList<>();
  private final PackedLane lane = lane(Compression.NONE);

  private static PackedLane lane(Compression compression) {
    return new PackedLane(
        0,
        true,
        new Messages(Duration.ofMinutes(1)),
        compression,
        BATCH,
        LARGEST,
        Duration.ofMillis(Long.MAX_VALUE),
        new Flushing(() -> false));
  }

  private Waiting record(String name, int bytes) {
    return record(name, bytes, System.nanoTime());
  }

  private Waiting record(String name, int bytes, long since) {
    byte[] value = new byte[bytes];
    new Random(3).nextBytes(value);
    return new Waiting(
        new SimpleRecord(0, name.getBytes(StandardCharsets.UTF_8), value),
        since,
        new Outgoing.Listener() {
          @Override
          public void published(@Nullable String sequenceNumber) {
            heard.add(name);
            if (name.equals("fails")) {
              throw new NoClassDefFoundError("somebody's");
            }
          }

          @Override
          public void failed(RuntimeException reason) {
            heard.add(name + ": " + reason.getClass().getSimpleName());
          }
        });
  }

  @Test
  void what_has_expired_takes_nothing_with_it() {
    long now = System.nanoTime();
    lane.add(record("old", 10, now - TimeUnit.SECONDS.toNanos(61)));
    lane.add(record("new", 10, now));
    Outgoing.Refused old = assertInstanceOf(Outgoing.Refused.class, lane.next());
    old.listener().failed(old.reason());
    assertEquals(List.of("old: TimeoutException"), heard);
    Outgoing.Message message = assertInstanceOf(Outgoing.Message.class, lane.next());
    assertTrue(message.expiresAt() - now >= TimeUnit.SECONDS.toNanos(60));
  }

  /** What becomes of everything when the service takes all: of each message its records' count. */
  private List<Integer> publish(PackedLane from) {
    List<Integer> counts = new ArrayList<>();
    while (!from.isEmpty()) {
      Outgoing next = from.next();
      if (next instanceof Outgoing.Message message) {
        assertTrue(message.bytes() <= LARGEST, message.bytes() + " bytes");
        counts.add(PackedMessages.read(message.content()).size());
        next.listener().published("7");
      } else if (next instanceof Outgoing.Refused refused) {
        refused.listener().failed(refused.reason());
      }
    }
    return counts;
  }

  @Test
  void a_record_may_be_larger_than_a_batch() {
    lane.add(record("small", 100));
    assertTrue(lane.add(record("large", 2 * BATCH)));
    lane.add(record("last", 100));
    assertEquals(3, publish(lane).stream().mapToInt(Integer::intValue).sum());
    assertEquals(List.of("small", "large", "last"), heard);
  }

  @Test
  void a_record_that_no_message_holds_fails_alone_and_in_its_turn() {
    // With a ratio that has learnt of nothing else they would be one message.
    for (int i = 0; i < 20; i++) {
      lane.add(record("r" + i, 10));
    }
    lane.add(record("huge", 2 * LARGEST));
    lane.add(record("last", 10));
    publish(lane);
    assertEquals("huge: RecordTooLargeException", heard.get(20));
    assertEquals("last", heard.get(21));
    assertEquals(22, heard.size());
  }

  @Test
  void what_waits_before_a_message_of_its_own_hears_of_itself() {
    lane.add(record("huge", 2 * LARGEST));
    lane.add(
        MeasuredMessage.of(new PlainMessage("a pointer", "0", new TreeMap<>())), record("own", 1));
    Outgoing first = lane.next();
    assertInstanceOf(
        RecordTooLargeException.class, assertInstanceOf(Outgoing.Refused.class, first).reason());
    Outgoing second = lane.next();
    assertEquals("a pointer", assertInstanceOf(Outgoing.Message.class, second).content().body());
    second.listener().published("7");
    assertEquals(List.of("own"), heard);
  }

  @Test
  void a_compression_that_cannot_be_loaded_fails_what_it_should_have_packed() {
    PackedLane unloadable = lane(new Unloadable());
    unloadable.add(record("a", 1));
    unloadable.add(record("b", 1));
    assertEquals(List.of(), publish(unloadable));
    assertEquals(List.of("a: KafkaException", "b: KafkaException"), heard);
  }

  /** As zstd where its library is not. */
  private static final class Unloadable implements Compression {
    @Override
    public org.apache.kafka.common.record.internal.CompressionType type() {
      throw new NoClassDefFoundError("com/github/luben/zstd");
    }

    @Override
    public java.io.OutputStream wrapForOutput(
        org.apache.kafka.common.utils.ByteBufferOutputStream buffer, byte version) {
      throw new NoClassDefFoundError("com/github/luben/zstd");
    }

    @Override
    public java.io.InputStream wrapForInput(
        java.nio.ByteBuffer buffer,
        byte version,
        org.apache.kafka.common.utils.BufferSupplier supplier) {
      throw new NoClassDefFoundError("com/github/luben/zstd");
    }
  }

  @Test
  void a_callback_that_fails_keeps_no_other_from_hearing() {
    lane.add(record("first", 1));
    lane.add(record("fails", 1));
    lane.add(record("last", 1));
    assertEquals(List.of(3), publish(lane));
    assertEquals(List.of("first", "fails", "last"), heard);
  }

  @Test
  void a_linger_of_for_ever_is_later_than_now() {
    lane.add(record("waits", 1));
    assertTrue(lane.readyAt() - System.nanoTime() > 0);
  }

  @Test
  void names_of_headers_count_as_bytes() {
    String name = "\u00fc".repeat(100);
    SimpleRecord record =
        new SimpleRecord(0, new byte[0], null, new Header[] {new RecordHeader(name, new byte[0])});
    assertEquals(220, new Waiting(record, 0, record("", 0).listener()).bytes());
  }
}
