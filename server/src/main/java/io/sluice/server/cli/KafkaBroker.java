package io.sluice.server.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.TimeoutException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where the Kafka port is, as an option of a command. */
final class KafkaBroker {

  private static final int CONNECT_MS = 3_000;

  @Option(
      names = "--bootstrap-server",
      paramLabel = "HOST:PORT",
      description = "The broker's Kafka port. Default: ${DEFAULT-VALUE}.")
  private String bootstrapServer = "127.0.0.1:9092";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  /**
   * Client configuration with the address and timeouts that suit a person who waits.
   *
   * @throws CommandFailedException nothing listens there
   */
  Map<String, Object> configs() {
    checkThatItListens();
    Map<String, Object> configs = new HashMap<>();
    configs.put("bootstrap.servers", bootstrapServer);
    configs.put("request.timeout.ms", 10_000);
    configs.put("default.api.timeout.ms", 20_000);
    return configs;
  }

  Admin admin() {
    return Admin.create(configs());
  }

  /** Kafka's clients try again and again, quietly; a person wants to know at once. */
  private void checkThatItListens() {
    List<InetSocketAddress> addresses;
    try {
      addresses =
          ClientUtils.parseAndValidateAddresses(
              List.of(bootstrapServer.split(",")), "use_all_dns_ips");
    } catch (ConfigException e) {
      throw new ParameterException(command.commandLine(), "--bootstrap-server: " + e.getMessage());
    }
    IOException last = new IOException("no address");
    for (InetSocketAddress address : addresses) {
      try (Socket socket = new Socket()) {
        socket.connect(address, CONNECT_MS);
        return;
      } catch (IOException e) {
        last = e;
      }
    }
    throw new CommandFailedException(
        "no broker answers at " + bootstrapServer + ": " + last.getMessage(), last);
  }

  /**
   * Waits for an answer of the broker.
   *
   * @throws CommandFailedException the broker refused, or did not answer in time
   */
  static <T> T await(Future<T> answer) throws InterruptedException {
    return await(answer, "", "");
  }

  /**
   * Does the same, and names what the question was about in an error that does not.
   *
   * @param kind such as topic
   */
  static <T> T await(Future<T> answer, String kind, String name) throws InterruptedException {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      String message = String.valueOf(cause.getMessage());
      if (cause instanceof TimeoutException) {
        message = "the broker did not answer in time: " + message;
      } else if (!message.contains(name)) {
        message = kind + " " + name + ": " + message;
      }
      throw new CommandFailedException(message, cause);
    }
  }
}
