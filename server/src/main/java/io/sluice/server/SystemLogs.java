package io.sluice.server;

import java.text.MessageFormat;
import java.util.ResourceBundle;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Where log lines of the JDK and of Helidon go: to {@code java.util.logging}, as they would by
 * themselves. It is here because the JDK looks for one in every jar until it has found one, at the
 * first line that anybody might log, and this one is in the first jar.
 */
public final class SystemLogs extends System.LoggerFinder {

  /** For {@link java.util.ServiceLoader}. */
  public SystemLogs() {}

  @Override
  public System.Logger getLogger(String name, Module module) {
    return new Forwarding(Logger.getLogger(name));
  }

  private record Forwarding(Logger logger) implements System.Logger {

    @Override
    public String getName() {
      return logger.getName();
    }

    @Override
    public boolean isLoggable(Level level) {
      return logger.isLoggable(levelOf(level));
    }

    @Override
    public void log(
        Level level,
        @Nullable ResourceBundle bundle,
        @Nullable String message,
        @Nullable Throwable thrown) {
      write(levelOf(level), bundle, message, thrown);
    }

    @Override
    public void log(
        Level level,
        @Nullable ResourceBundle bundle,
        @Nullable String format,
        @Nullable Object @Nullable ... parameters) {
      if (isLoggable(level)) {
        String message = format == null ? null : translated(bundle, format);
        if (message != null && parameters != null && parameters.length > 0) {
          message = MessageFormat.format(message, parameters);
        }
        write(levelOf(level), null, message, null);
      }
    }

    private void write(
        java.util.logging.Level level,
        @Nullable ResourceBundle bundle,
        @Nullable String message,
        @Nullable Throwable thrown) {
      LogRecord line = new LogRecord(level, message == null ? null : translated(bundle, message));
      line.setLoggerName(logger.getName());
      line.setThrown(thrown);
      logger.log(line);
    }

    private static String translated(@Nullable ResourceBundle bundle, String key) {
      return bundle != null && bundle.containsKey(key) ? bundle.getString(key) : key;
    }

    private static java.util.logging.Level levelOf(Level level) {
      return switch (level) {
        case ALL -> java.util.logging.Level.ALL;
        case TRACE -> java.util.logging.Level.FINER;
        case DEBUG -> java.util.logging.Level.FINE;
        case INFO -> java.util.logging.Level.INFO;
        case WARNING -> java.util.logging.Level.WARNING;
        case ERROR -> java.util.logging.Level.SEVERE;
        case OFF -> java.util.logging.Level.OFF;
      };
    }
  }
}
