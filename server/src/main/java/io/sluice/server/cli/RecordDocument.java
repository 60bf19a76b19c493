package io.sluice.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A record as JSON: its position, timestamp, key, value and headers; bytes that are no UTF-8 text
 * as base64 in a member named so. Owned by whoever makes it.
 */
public final class RecordDocument {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, Object> members = new LinkedHashMap<>();

  /** A record of that topic, with its timestamp in ms since the epoch. */
  public RecordDocument(String topic, int partition, long offset, long timestamp) {
    members.put("topic", topic);
    members.put("partition", partition);
    members.put("offset", offset);
    members.put("timestamp", timestamp);
  }

  /** Adds what the record holds. */
  public RecordDocument content(
      byte @Nullable [] key, byte @Nullable [] value, Iterable<Header> headers) {
    put(members, "key", key);
    put(members, "value", value);
    List<Map<String, Object>> shown = new ArrayList<>();
    for (Header header : headers) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("name", header.key());
      put(one, "value", header.value());
      shown.add(one);
    }
    members.put("headers", shown);
    return this;
  }

  /** Adds what is known of it besides. */
  public RecordDocument with(String name, Object value) {
    members.put(name, value);
    return this;
  }

  /** One line of JSON. */
  public String line() {
    try {
      return JSON.writeValueAsString(members);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a document that cannot be written", e);
    }
  }

  private static void put(Map<String, Object> to, String name, byte @Nullable [] bytes) {
    if (bytes == null) {
      to.put(name, null);
      return;
    }
    try {
      to.put(name, StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      to.put(name + "Base64", Base64.getEncoder().encodeToString(bytes));
    }
  }
}
