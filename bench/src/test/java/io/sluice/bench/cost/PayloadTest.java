package io.sluice.bench.cost;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PayloadTest {

  @ParameterizedTest
  @EnumSource
  void a_record_has_its_size_and_its_number_and_is_the_same_each_time(Payload payload) {
    for (int number : new int[] {0, 7, 999_999}) {
      byte[] record = payload.of(number);
      assertEquals(Payload.BYTES, record.length);
      assertEquals(number, payload.number(record));
      assertArrayEquals(record, payload.of(number));
    }
  }

  @Test
  void an_event_is_JSON() throws Exception {
    for (int number = 0; number < 100; number++) {
      JsonNode event = JsonMapper.builder().build().readTree(Payload.EVENT.of(number));
      assertEquals(Payload.customer(number), event.get("customer").asText());
    }
  }
}
