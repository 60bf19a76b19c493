package io.sluice.kafka;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** The lines that the Kafka door logs at WARN and above. Any thread. */
final class LogLines implements AutoCloseable {

  // Held here, as java.util.logging holds its loggers weakly.
  private static final Logger LOGGER = Logger.getLogger("io.sluice.kafka");

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
            lines.add(record.getMessage());
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  LogLines() {
    LOGGER.addHandler(handler);
  }

  List<String> seen() {
    return List.copyOf(lines);
  }

  @Override
  public void close() {
    LOGGER.removeHandler(handler);
  }
}
