package io.sluice.server.cli;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How {@code consume} and {@code topics peek} print a record. */
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
      RecordDocument document =
          new RecordDocument(
              record.topic(), record.partition(), record.offset(), record.timestamp());
      document.content(record.key(), record.value(), record.headers());
      lines.writeBytes(document.line().getBytes(StandardCharsets.UTF_8));
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
}
