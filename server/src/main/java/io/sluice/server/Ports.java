package io.sluice.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.OptionalInt;

/**
 * Looks whether the three ports are free before anything else is opened: a start that cannot
 * succeed fails at once, in the same words for every port, and leaves the data folder alone.
 */
final class Ports {

  private Ports() {}

  /**
   * Binds each port for a moment. Another process can still take one before its door opens, so the
   * doors report the same failure themselves.
   *
   * @throws StartException one cannot be listened on; the message names address and flag
   */
  static void check(Configuration configuration) {
    String host = configuration.get(Settings.HOST);
    for (Setting<OptionalInt> door : List.of(Settings.KAFKA_PORT, Settings.AWS_PORT)) {
      configuration
          .get(door)
          .ifPresent(port -> check(door.flag(), new InetSocketAddress(host, port)));
    }
    check(
        Settings.ADMIN_PORT.flag(),
        new InetSocketAddress(host, configuration.get(Settings.ADMIN_PORT)));
  }

  private static void check(String flag, InetSocketAddress address) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      if (address.isUnresolved()) {
        throw new IOException("unknown host");
      }
      socket.bind(address);
    } catch (IOException e) {
      throw new StartException(
          "cannot listen on %s:%d (%s): %s"
              .formatted(address.getHostString(), address.getPort(), flag, e.getMessage()),
          e);
    }
  }
}
