package io.sluice.broker;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import org.apache.kafka.common.Uuid;

/**
 * Metadata records as JSON, so that a person can read the journal with Kafka's dump tool. Safe for
 * use by many threads.
 */
final class MetadataCodec {

  /** The key of every record in the journal: the version of this format. */
  static final byte[] FORMAT = "sluice-metadata-1".getBytes(StandardCharsets.UTF_8);

  private static final ObjectMapper JSON = new ObjectMapper().registerModule(types());

  private MetadataCodec() {}

  static byte[] encode(MetadataRecord record) {
    try {
      return JSON.writerFor(MetadataRecord.class).writeValueAsBytes(record);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a metadata record that cannot be written: " + record, e);
    }
  }

  static MetadataRecord decode(byte[] bytes) {
    try {
      return JSON.readValue(bytes, MetadataRecord.class);
    } catch (IOException e) {
      throw new IllegalStateException(
          "the metadata journal holds a record that this version cannot read: "
              + new String(bytes, StandardCharsets.UTF_8),
          e);
    }
  }

  private static SimpleModule types() {
    SimpleModule module = new SimpleModule();
    text(module, Uuid.class, Uuid::toString, Uuid::fromString);
    text(module, Instant.class, Instant::toString, Instant::parse);
    text(module, Duration.class, Duration::toString, Duration::parse);
    return module;
  }

  private static <T> void text(
      SimpleModule module, Class<T> type, Function<T, String> write, Function<String, T> read) {
    module.addSerializer(
        type,
        new JsonSerializer<T>() {
          @Override
          public void serialize(T value, JsonGenerator json, SerializerProvider provider)
              throws IOException {
            json.writeString(write.apply(value));
          }
        });
    module.addDeserializer(
        type,
        new JsonDeserializer<T>() {
          @Override
          public T deserialize(JsonParser json, DeserializationContext context) throws IOException {
            return read.apply(json.getText());
          }
        });
  }
}
