package io.sluice.server;

import io.sluice.aws.sns.HttpDeliveryMode;
import io.sluice.log.Durability;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * Every setting of {@code serve}: the help, the documentation and the parsing are made from this.
 */
final class Settings {

  static final String ENVIRONMENT_PREFIX = "SLUICE_";

  /** Instead of a port: nothing of that protocol is started. */
  static final String OFF = "off";

  private static final int MAX_PORT = 65_535;

  static final Setting<Path> DATA =
      new Setting<>(
          "data",
          "DIR",
          "sluice-data",
          "The data folder; created when it is missing.",
          Setting.path());
  static final Setting<String> HOST =
      new Setting<>(
          "host",
          "ADDRESS",
          "127.0.0.1",
          "The address that every port listens on. There is no authentication: think before it is"
              + " not loopback.",
          Setting.matching("\\S+", "an address or a host name"));
  static final Setting<OptionalInt> KAFKA_PORT = door("kafka-port", "9092", "Kafka clients");
  static final Setting<OptionalInt> AWS_PORT = door("aws-port", "4566", "AWS SDKs");
  static final Setting<Integer> ADMIN_PORT =
      new Setting<>(
          "admin-port",
          "PORT",
          "9644",
          "The port for health and administration; 0 for a free one.",
          Setting.number(0, MAX_PORT));
  static final Setting<Durability> DURABILITY =
      new Setting<>(
          "durability",
          "fsync|os",
          "fsync",
          "When a write is acknowledged: after fdatasync, or once the operating system has it.",
          text ->
              switch (text) {
                case "fsync" -> Durability.FSYNC;
                case "os" -> Durability.OS;
                default -> throw new IllegalArgumentException("fsync or os");
              });
  static final Setting<Integer> DISK_RESERVE_BYTES =
      new Setting<>(
          "disk-reserve-bytes",
          "BYTES",
          "16777216",
          "How much of the disk is kept in a file of the data folder, to be given up when the disk"
              + " is full: writes are refused then, and acknowledgements and deletions go on; 0"
              + " for none.",
          Setting.number(0, Integer.MAX_VALUE));
  static final Setting<String> ADVERTISED_HOST =
      new Setting<>(
          "advertised-host",
          "HOST",
          "",
          "The host that Kafka clients are told to connect to; empty for the one that is listened"
              + " on.",
          Setting.matching("\\S*", "a host name or an address"));
  static final Setting<Integer> DEFAULT_PARTITIONS =
      new Setting<>(
          "default-partitions",
          "N",
          "1",
          "Partitions of a topic whose creator does not say (Kafka's num.partitions).",
          Setting.number(1, 10_000));
  static final Setting<Boolean> AUTO_CREATE_TOPICS =
      new Setting<>(
          "auto-create-topics",
          "true|false",
          "true",
          "Whether a Kafka client's first use creates a topic (Kafka's auto.create.topics.enable).",
          Setting.trueOrFalse());
  static final Setting<Integer> GROUP_INITIAL_REBALANCE_DELAY_MS =
      new Setting<>(
          "group-initial-rebalance-delay-ms",
          "MS",
          "3000",
          "How long a new classic or streams group waits for more members (Kafka's"
              + " group.initial.rebalance.delay.ms and group.streams.initial.rebalance.delay.ms).",
          Setting.number(0, 300_000));
  static final Setting<Integer> GROUP_HEARTBEAT_INTERVAL_MS =
      new Setting<>(
          "group-heartbeat-interval-ms",
          "MS",
          "5000",
          "How often members of consumer, share and streams groups ask for news, which is how they"
              + " hear of a rebalance (Kafka's group.consumer.heartbeat.interval.ms,"
              + " group.share.heartbeat.interval.ms and group.streams.heartbeat.interval.ms).",
          Setting.number(50, 5_000));
  static final Setting<Integer> GROUP_SESSION_TIMEOUT_MS =
      new Setting<>(
          "group-session-timeout-ms",
          "MS",
          "45000",
          "After how long without news of it a member of a consumer, share or streams group is gone"
              + " (Kafka's group.consumer.session.timeout.ms, group.share.session.timeout.ms and"
              + " group.streams.session.timeout.ms).",
          Setting.number(6_000, 60_000));
  static final Setting<Integer> MAX_REQUEST_BYTES =
      new Setting<>(
          "max-request-bytes",
          "BYTES",
          "104857600",
          "The largest request on the Kafka port (Kafka's socket.request.max.bytes).",
          Setting.number(1024, Integer.MAX_VALUE));
  static final Setting<Integer> MAX_CONNECTIONS =
      new Setting<>(
          "max-connections",
          "N",
          "10000",
          "Connections that may be open at once on the Kafka port (Kafka's max.connections).",
          Setting.number(1, 1_000_000));
  static final Setting<Integer> CONNECTIONS_MAX_IDLE_MS =
      new Setting<>(
          "connections-max-idle-ms",
          "MS",
          "600000",
          "How long a connection to the Kafka port may do nothing (Kafka's"
              + " connections.max.idle.ms).",
          Setting.number(1000, Integer.MAX_VALUE));
  static final Setting<Integer> RETENTION_CHECK_INTERVAL_MS =
      new Setting<>(
          "retention-check-interval-ms",
          "MS",
          "300000",
          "How often retention is applied (Kafka's log.retention.check.interval.ms).",
          Setting.number(100, Integer.MAX_VALUE));
  static final Setting<String> ACCOUNT_ID =
      new Setting<>(
          "account-id",
          "ID",
          "000000000000",
          "The AWS account in ARNs and queue URLs.",
          Setting.matching("\\d{12}", "twelve digits"));
  static final Setting<HttpDeliveries> HTTP_DELIVERIES =
      new Setting<>(
          "http-deliveries",
          "auto|any|off",
          "auto",
          "Where SNS posts messages to over HTTP: auto leaves out link-local addresses, and this"
              + " machine's own unless every port listens on it alone; any leaves out nothing.",
          text ->
              switch (text) {
                case "auto" -> HttpDeliveries.AUTO;
                case "any" -> HttpDeliveries.ANY;
                case "off" -> HttpDeliveries.OFF;
                default -> throw new IllegalArgumentException("auto, any or off");
              });
  static final Setting<Boolean> SIGN_QUEUE_NOTIFICATIONS =
      new Setting<>(
          "sign-queue-notifications",
          "true|false",
          "false",
          "Whether notifications that SNS delivers to queues are signed, which costs about a"
              + " millisecond for each message; those over HTTP always are.",
          Setting.trueOrFalse());

  static final Setting<Boolean> SQS_NAME_RULE =
      new Setting<>(
          "sqs-name-rule",
          "true|false",
          "false",
          "Whether the name of a deleted queue must rest for 60 seconds before a queue may have it"
              + " again, as at Amazon.",
          Setting.trueOrFalse());
  static final Setting<Boolean> SQS_PURGE_RULE =
      new Setting<>(
          "sqs-purge-rule",
          "true|false",
          "true",
          "Whether a queue can be purged only once in 60 seconds, as at Amazon.",
          Setting.trueOrFalse());

  /** In the order of the help. */
  static final List<Setting<?>> ALL =
      List.of(
          DATA,
          HOST,
          KAFKA_PORT,
          AWS_PORT,
          ADMIN_PORT,
          DURABILITY,
          DISK_RESERVE_BYTES,
          ADVERTISED_HOST,
          DEFAULT_PARTITIONS,
          AUTO_CREATE_TOPICS,
          GROUP_INITIAL_REBALANCE_DELAY_MS,
          GROUP_HEARTBEAT_INTERVAL_MS,
          GROUP_SESSION_TIMEOUT_MS,
          MAX_REQUEST_BYTES,
          MAX_CONNECTIONS,
          CONNECTIONS_MAX_IDLE_MS,
          RETENTION_CHECK_INTERVAL_MS,
          ACCOUNT_ID,
          SQS_NAME_RULE,
          SQS_PURGE_RULE,
          HTTP_DELIVERIES,
          SIGN_QUEUE_NOTIFICATIONS);

  /** Where messages are posted to. */
  enum HttpDeliveries {
    AUTO,
    ANY,
    OFF;

    /** What that means to a server on this address. */
    HttpDeliveryMode mode(InetAddress host) {
      return switch (this) {
        case AUTO -> host.isLoopbackAddress() ? HttpDeliveryMode.LOCAL : HttpDeliveryMode.REMOTE;
        case ANY -> HttpDeliveryMode.ANY;
        case OFF -> HttpDeliveryMode.OFF;
      };
    }
  }

  private Settings() {}

  private static Setting<OptionalInt> door(String name, String defaultValue, String whom) {
    return new Setting<>(
        name,
        "PORT|" + OFF,
        defaultValue,
        "The port for " + whom + "; 0 for a free one, " + OFF + " to do without.",
        Setting.numberOr(OFF, 0, MAX_PORT));
  }
}
