package io.sluice.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.errors.InvalidGroupIdException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.junit.jupiter.api.Test;

class ResourceNamesTest {

  @Test
  void ordinary_names_stay_as_they_are() {
    assertEquals("orders.fifo", ResourceNames.topic("orders", true));
    assertEquals("orders-2026_eu", ResourceNames.topic("orders-2026_eu", false));
    assertEquals("dispatch--orders.fifo", ResourceNames.queue("dispatch", "orders", true));
    assertEquals("dispatch--orders", ResourceNames.queue("dispatch", "orders", false));
  }

  @Test
  void what_amazon_does_not_take_is_written_otherwise() {
    assertEquals("orders_2eeu.fifo", ResourceNames.topic("orders.eu", true));
    assertEquals("a_5f2eb", ResourceNames.topic("a_2eb", false));
    assertEquals("a_2d--_2db", ResourceNames.queue("a-", "-b", false));
    assertEquals("a_2d_2db--c", ResourceNames.queue("a--b", "c", false));
  }

  @Test
  void every_topic_is_found_again_and_no_two_groups_share_a_queue() {
    Random random = new Random(7);
    Map<String, String> groups = new HashMap<>();
    for (int i = 0; i < 100_000; i++) {
      String topic = name(random);
      String group = name(random);
      String other = group + "\n" + topic;
      assertEquals(topic, ResourceNames.kafkaTopic(ResourceNames.topic(topic, i % 2 == 0)));
      String queue = ResourceNames.queue(group, topic, true);
      assertTrue(queue.matches("[A-Za-z0-9_-]{1,75}\\.fifo"), queue);
      assertEquals(other, groups.computeIfAbsent(queue, unknown -> other), queue);
    }
  }

  /** Of the characters that mean something. */
  private static String name(Random random) {
    StringBuilder name = new StringBuilder();
    int length = random.nextInt(50) == 0 ? 60 : 1 + random.nextInt(7);
    while (name.length() < length) {
      name.append("a.-_25ed".charAt(random.nextInt(8)));
    }
    String found = name.toString();
    return found.equals(".") || found.equals("..") ? "a" : found;
  }

  @Test
  void names_that_kafka_does_not_take_are_refused() {
    assertThrows(InvalidTopicException.class, () -> ResourceNames.topic("a b", true));
    assertThrows(InvalidTopicException.class, () -> ResourceNames.topic(".".repeat(200), true));
    assertThrows(InvalidGroupIdException.class, () -> ResourceNames.queue("", "a", true));
    assertThrows(InvalidGroupIdException.class, () -> ResourceNames.queue("ä", "a", true));
  }
}
