package io.sluice.server.cli;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How {@code consume} prints a record. */
final class RecordFormat {

  @Option(names = "--print-key", description = "Print the key before the value.")
  private boolean printKey;

  @Option(
      names = "--key-separator",
      paramLabel = "TEXT",
      description = "What stands between key and value. Default: a tab.")
  private String keySeparator = "\t";

  @Option(
      names = "--json",
      description =
          "Print each record as one line of JSON, with its position, timestamp, key and headers;"
              + " bytes that are no UTF-8 text as base64 in a field named so.")
  private boolean json;

  /** Adds a record's line: key and value byte for byte, the rest in UTF-8. */
  void print(ConsumerRecord<byte[], byte[]> record, ByteArrayOutputStream lines) {
    if (json) {
      lines.writeBytes(Output.text(document(record)).getBytes(StandardCharsets.UTF_8));
    } else {
      if (printKey) {
        lines.writeBytes(shown(record.key()));
        lines.writeBytes(keySeparator.getBytes(StandardCharsets.UTF_8));
      }
      lines.writeBytes(shown(record.value()));
    }
    lines.write('\n');
  }

  private static byte[] shown(byte @Nullable [] bytes) {
    return bytes == null ? "null".getBytes(StandardCharsets.UTF_8) : bytes;
  }

  private static Map<String, Object> document(ConsumerRecord<byte[], byte[]> record) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("topic", record.topic());
    document.put("partition", record.partition());
    document.put("offset", record.offset());
    document.put("timestamp", record.timestamp());
    put(document, "key", record.key());
    put(document, "value", record.value());
    List<Map<String, Object>> headers = new ArrayList<>();
    for (Header header : record.headers()) {
      Map<String, Object> shown = new LinkedHashMap<>();
      shown.put("name", header.key());
      put(shown, "value", header.value());
      headers.add(shown);
    }
    document.put("headers", headers);
    return document;
  }

  private static void put(Map<String, Object> document, String name, byte @Nullable [] bytes) {
    if (bytes == null) {
      document.put(name, null);
      return;
    }
    try {
      document.put(
          name, StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      document.put(name + "Base64", Base64.getEncoder().encodeToString(bytes));
    }
  }
}
