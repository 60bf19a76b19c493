package io.sluice.kafka;

import java.time.Duration;
import java.util.Optional;

/**
 * How a {@link KafkaListener} behaves.
 *
 * @param host the address to listen on
 * @param port the port to listen on; 0 for a free one
 * @param advertisedHost the host that clients are told to connect to, when it is not {@code host}
 * @param maxFrameBytes the largest request; Kafka's {@code socket.request.max.bytes}
 * @param requestMemoryBytes what requests in progress that are not small may take together
 * @param maxConnections how many connections may be open at once; Kafka's {@code max.connections}
 * @param maxIdle how long a connection may do nothing; Kafka's {@code connections.max.idle.ms}
 * @param groupInitialRebalanceDelayMs how long a new classic or streams group waits for more
 *     members; Kafka's {@code group.initial.rebalance.delay.ms} and {@code
 *     group.streams.initial.rebalance.delay.ms}
 * @param groupHeartbeatIntervalMs how often members of consumer, share and streams groups ask for
 *     news; Kafka's {@code group.consumer.heartbeat.interval.ms}, {@code
 *     group.share.heartbeat.interval.ms} and {@code group.streams.heartbeat.interval.ms}
 * @param groupSessionTimeoutMs after how long without a heartbeat such a member is gone; Kafka's
 *     {@code group.consumer.session.timeout.ms}, {@code group.share.session.timeout.ms} and {@code
 *     group.streams.session.timeout.ms}
 */
public record KafkaListenerOptions(
    String host,
    int port,
    Optional<String> advertisedHost,
    int maxFrameBytes,
    long requestMemoryBytes,
    int maxConnections,
    Duration maxIdle,
    int groupInitialRebalanceDelayMs,
    int groupHeartbeatIntervalMs,
    int groupSessionTimeoutMs) {

  /** Loopback, Kafka's port and Kafka's defaults. */
  public static KafkaListenerOptions defaults() {
    return new KafkaListenerOptions(
        "127.0.0.1",
        9092,
        Optional.empty(),
        100 * 1024 * 1024,
        Runtime.getRuntime().maxMemory() / 4,
        10_000,
        Duration.ofMinutes(10),
        3_000,
        5_000,
        45_000);
  }

  /** These options on another address. */
  public KafkaListenerOptions withAddress(String otherHost, int otherPort) {
    return new KafkaListenerOptions(
        otherHost,
        otherPort,
        advertisedHost,
        maxFrameBytes,
        requestMemoryBytes,
        maxConnections,
        maxIdle,
        groupInitialRebalanceDelayMs,
        groupHeartbeatIntervalMs,
        groupSessionTimeoutMs);
  }

  /** These options with another delay before the first rebalance of a group. */
  public KafkaListenerOptions withGroupInitialRebalanceDelayMs(int other) {
    return new KafkaListenerOptions(
        host,
        port,
        advertisedHost,
        maxFrameBytes,
        requestMemoryBytes,
        maxConnections,
        maxIdle,
        other,
        groupHeartbeatIntervalMs,
        groupSessionTimeoutMs);
  }

  /** These options with another limit on requests. */
  public KafkaListenerOptions withMaxFrameBytes(int other) {
    return new KafkaListenerOptions(
        host,
        port,
        advertisedHost,
        other,
        requestMemoryBytes,
        maxConnections,
        maxIdle,
        groupInitialRebalanceDelayMs,
        groupHeartbeatIntervalMs,
        groupSessionTimeoutMs);
  }

  /** These options with other memory for requests. */
  public KafkaListenerOptions withRequestMemoryBytes(long other) {
    return new KafkaListenerOptions(
        host,
        port,
        advertisedHost,
        maxFrameBytes,
        other,
        maxConnections,
        maxIdle,
        groupInitialRebalanceDelayMs,
        groupHeartbeatIntervalMs,
        groupSessionTimeoutMs);
  }

  /** These options with another limit on connections. */
  public KafkaListenerOptions withMaxConnections(int other) {
    return new KafkaListenerOptions(
        host,
        port,
        advertisedHost,
        maxFrameBytes,
        requestMemoryBytes,
        other,
        maxIdle,
        groupInitialRebalanceDelayMs,
        groupHeartbeatIntervalMs,
        groupSessionTimeoutMs);
  }

  /** These options with another limit on idleness. */
  public KafkaListenerOptions withMaxIdle(Duration other) {
    return new KafkaListenerOptions(
        host,
        port,
        advertisedHost,
        maxFrameBytes,
        requestMemoryBytes,
        maxConnections,
        other,
        groupInitialRebalanceDelayMs,
        groupHeartbeatIntervalMs,
        groupSessionTimeoutMs);
  }

  /** These options with another interval between the heartbeats of members. */
  public KafkaListenerOptions withGroupHeartbeatIntervalMs(int other) {
    return new KafkaListenerOptions(
        host,
        port,
        advertisedHost,
        maxFrameBytes,
        requestMemoryBytes,
        maxConnections,
        maxIdle,
        groupInitialRebalanceDelayMs,
        other,
        groupSessionTimeoutMs);
  }
}
