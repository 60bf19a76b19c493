package io.sluice.client.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;

class PackedMessagesTest {

  private static final int LIMIT = 256 * 1024;

  private final Random random = new Random(5);

  @Test
  void records_come_back_in_their_order_however_many_messages_they_need() {
    for (Compression compression :
        List.of(Compression.NONE, Compression.gzip().build(), Compression.zstd().build())) {
      List<SimpleRecord> records = new ArrayList<>();
      for (int i = 0; i < 3000; i++) {
        records.add(
            new SimpleRecord(1000L + i, Utils.utf8("key " + i), value(random.nextInt(400))));
      }
      List<PlainMessage> messages = PackedMessages.write(3, records, compression, LIMIT);
      List<SimpleRecord> read = new ArrayList<>();
      for (PlainMessage message : messages) {
        assertTrue(message.body().length() < LIMIT);
        assertEquals("3", message.groupId());
        PackedMessages.read(message).forEach(record -> read.add(new SimpleRecord(record)));
      }
      assertTrue(messages.size() > 1);
      assertEquals(records, read);
    }
  }

  @Test
  void a_thousand_records_of_which_each_is_a_kilobyte_need_few_messages() {
    List<SimpleRecord> records = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      records.add(new SimpleRecord(i, null, value(1024)));
    }
    assertTrue(PackedMessages.write(0, records, Compression.NONE, LIMIT).size() <= 8);
  }

  @Test
  void a_record_that_no_message_holds_is_refused() {
    List<SimpleRecord> records =
        List.of(new SimpleRecord(1, null, value(10)), new SimpleRecord(2, null, value(LIMIT)));
    assertThrows(
        RecordTooLargeException.class,
        () -> PackedMessages.write(0, records, Compression.NONE, LIMIT));
  }

  @Test
  void what_is_no_batch_is_named_so() {
    PlainMessage good =
        PackedMessages.write(
                0, List.of(new SimpleRecord(1, null, value(99))), Compression.NONE, LIMIT)
            .get(0);
    PlainRecord plain = new PlainRecord(null, "hello".getBytes(UTF_8), List.of());
    assertThrows(
        UnreadableMessageException.class,
        () -> PackedMessages.read(PlainMessages.write(plain, "0")));
    for (String body : List.of("hello", "", "AAAA", good.body().substring(8))) {
      PlainMessage foreign = new PlainMessage(body, "0", good.attributes());
      assertThrows(UnreadableMessageException.class, () -> PackedMessages.read(foreign), body);
    }
    byte[] bytes = Base64.getDecoder().decode(good.body());
    for (int i = 0; i < 500; i++) {
      byte[] damaged = bytes.clone();
      int at = 12 + random.nextInt(damaged.length - 12);
      damaged[at] ^= (byte) (1 << random.nextInt(8));
      // What comes before the checksum it does not cover: the leader epoch.
      if (at < 16) {
        continue;
      }
      PlainMessage message =
          new PlainMessage(Base64.getEncoder().encodeToString(damaged), "0", good.attributes());
      assertThrows(
          UnreadableMessageException.class, () -> PackedMessages.read(message), "byte " + at);
    }
  }

  private byte[] value(int length) {
    byte[] value = new byte[length];
    random.nextBytes(value);
    return value;
  }
}
