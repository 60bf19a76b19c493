package io.sluice.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.client.consume.ReceivedRecord;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.Test;

class DeserializingTest {

  /** Takes the header away that says what it is, as Spring's of JSON. */
  private static final class Typed implements Deserializer<String> {

    @Override
    public String deserialize(String topic, byte[] data) {
      throw new AssertionError("without headers");
    }

    @Override
    public String deserialize(String topic, Headers headers, byte[] data) {
      String type = new String(headers.lastHeader("type").value(), StandardCharsets.UTF_8);
      headers.remove("type");
      return type;
    }
  }

  @Test
  void a_record_that_comes_again_has_its_headers() {
    RecordHeaders headers = new RecordHeaders();
    headers.add("type", "order".getBytes(StandardCharsets.UTF_8));
    ReceivedRecord record =
        new ReceivedRecord(
            1, 0, TimestampType.CREATE_TIME, null, new byte[1], headers, (short) 1, null);
    Deserializing<String, String> deserializing = new Deserializing<>(new Typed(), new Typed());
    for (int times = 0; times < 2; times++) {
      ConsumerRecord<String, String> read =
          deserializing.read(new TopicPartition("orders", 0), record);
      assertEquals("order", read.value());
      read.headers().add("application", new byte[0]);
    }
  }
}
