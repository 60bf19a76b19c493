package io.sluice.server;

/** A setting that is unknown or illegal. The message is for the person who started the process. */
final class ConfigurationException extends RuntimeException {

  ConfigurationException(String message) {
    super(message);
  }
}
