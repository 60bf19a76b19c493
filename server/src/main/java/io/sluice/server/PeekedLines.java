package io.sluice.server;

import io.sluice.broker.MessageState;
import io.sluice.broker.PeekedMessage;
import io.sluice.server.cli.RecordDocument;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.Utils;

/** Messages of a queue as lines of JSON: a record, and where it stands as a message. */
final class PeekedLines {

  private PeekedLines() {}

  static String of(List<PeekedMessage> messages) {
    StringBuilder lines = new StringBuilder();
    messages.forEach(message -> lines.append(line(message)).append('\n'));
    return lines.toString();
  }

  private static String line(PeekedMessage message) {
    Record record = message.record();
    RecordDocument document =
        new RecordDocument(
                message.topic(),
                message.position().partition(),
                record.offset(),
                record.timestamp())
            .content(
                Utils.toNullableArray(record.key()),
                Utils.toNullableArray(record.value()),
                List.of(record.headers()));
    switch (message.state()) {
      case MessageState.Available() -> document.with("state", "available");
      case MessageState.InFlight(Instant until) -> hidden(document, "in flight", until);
      case MessageState.Delayed(Instant until) -> hidden(document, "delayed", until);
    }
    return document.with("receiveCount", message.receiveCount()).line();
  }

  private static void hidden(RecordDocument document, String state, Instant until) {
    document.with("state", state).with("until", until.toString());
  }
}
