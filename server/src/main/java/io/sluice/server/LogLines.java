package io.sluice.server;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Log lines on standard error: time, level, class, message; libraries only when they warn. */
final class LogLines extends Formatter {

  /** These throw at what clients send and what disks hold: where in them is of no interest. */
  private static final List<String> BRIEF =
      List.of("io.helidon.webserver.", "org.apache.kafka.storage.");

  private LogLines() {}

  /** Configures the process's logging. */
  static void configure() {
    LogManager.getLogManager().reset();
    ConsoleHandler handler = new ConsoleHandler();
    handler.setLevel(Level.ALL);
    handler.setFormatter(new LogLines());
    Logger root = Logger.getLogger("");
    root.addHandler(handler);
    root.setLevel(Level.WARNING);
    SLUICE.setLevel(Level.INFO);
    RECOVERY.forEach(logger -> logger.setLevel(Level.SEVERE));
  }

  /** For a command: what goes wrong reaches its user as one line of its own. */
  static void quiet() {
    LogManager.getLogManager().reset();
  }

  /** Held, so that its level is not collected with it. */
  private static final Logger SLUICE = Logger.getLogger("io.sluice");

  /** Kafka warns of the zeros after the last record too; our log says what was cut. */
  private static final List<Logger> RECOVERY =
      List.of(
          Logger.getLogger("org.apache.kafka.storage.internals.log.LogSegment"),
          Logger.getLogger("org.apache.kafka.storage.internals.log.LogLoader"));

  @Override
  public String format(LogRecord record) {
    StringBuilder line = new StringBuilder();
    line.append(record.getInstant().truncatedTo(ChronoUnit.MILLIS)).append(' ');
    line.append(record.getLevel().getName()).append(' ');
    String logger = String.valueOf(record.getLoggerName());
    line.append(logger.substring(logger.lastIndexOf('.') + 1)).append(": ");
    line.append(oneLine(formatMessage(record)));
    if (record.getThrown() == null) {
      return line.append(System.lineSeparator()).toString();
    }
    if (BRIEF.stream().anyMatch(logger::startsWith)) {
      return line.append(": ")
          .append(oneLine(cause(record.getThrown()).toString()))
          .append(System.lineSeparator())
          .toString();
    }
    StringWriter trace = new StringWriter();
    record.getThrown().printStackTrace(new PrintWriter(trace));
    return line.append(System.lineSeparator()).append(trace).toString();
  }

  private static Throwable cause(Throwable thrown) {
    return thrown.getCause() == null ? thrown : cause(thrown.getCause());
  }

  private static String oneLine(String text) {
    return text.replace("\n", "\\n").replace("\r", "\\r");
  }
}
