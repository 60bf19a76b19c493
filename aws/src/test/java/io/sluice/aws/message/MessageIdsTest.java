package io.sluice.aws.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.broker.RecordPosition;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class MessageIdsTest {

  @Test
  void an_id_finds_its_record() {
    Random random = new Random(7);
    for (int i = 0; i < 1_000; i++) {
      Uuid topic = Uuid.randomUuid();
      int partition = random.nextInt(MessageIds.PARTITIONS);
      long offset = random.nextLong(MessageIds.OFFSETS);
      String id = MessageIds.of(new RecordPosition(topic, partition, offset));

      UUID uuid = UUID.fromString(id);
      assertEquals(8, uuid.version());
      assertEquals(2, uuid.variant());
      MessageIds.Place place = MessageIds.parse(id).orElseThrow();
      assertEquals(partition, place.partition());
      assertEquals(offset, place.offset());
      assertTrue(place.isIn(topic));
      assertFalse(place.isIn(Uuid.randomUuid()));
    }
  }

  @Test
  void neighbours_have_different_ids() {
    Uuid topic = Uuid.randomUuid();

    assertFalse(
        MessageIds.of(new RecordPosition(topic, 0, 1))
            .equals(MessageIds.of(new RecordPosition(topic, 1, 0))));
  }

  @Test
  void other_ids_are_none_of_ours() {
    assertEquals(Optional.empty(), MessageIds.parse("no id"));
    assertEquals(Optional.empty(), MessageIds.parse(UUID.randomUUID().toString()));
  }

  @Test
  void a_position_beyond_the_layout_is_refused() {
    Uuid topic = Uuid.randomUuid();

    assertThrows(
        IllegalArgumentException.class,
        () -> MessageIds.of(new RecordPosition(topic, MessageIds.PARTITIONS, 0)));
    assertThrows(
        IllegalArgumentException.class,
        () -> MessageIds.of(new RecordPosition(topic, 0, MessageIds.OFFSETS)));
  }
}
