package io.sluice.kafka;

import io.sluice.broker.Broker;
import io.sluice.broker.BrokerOptions;
import io.sluice.log.DiskLogStore;
import io.sluice.log.LogStoreOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A listener over a broker in a folder, and clients for it. Owned by one test. */
public final class RunningListener implements AutoCloseable {

  /** Members hear of each rebalance with a heartbeat; Kafka's five seconds would be waited for. */
  static final int HEARTBEAT_INTERVAL_MS = 200;

  private final DiskLogStore log;
  private final Broker broker;
  private final KafkaListener listener;

  private RunningListener(DiskLogStore log, Broker broker, KafkaListener listener) {
    this.log = log;
    this.broker = broker;
    this.listener = listener;
  }

  public static RunningListener in(Path folder) throws IOException {
    return in(folder, KafkaListenerOptions.defaults());
  }

  public static RunningListener in(Path folder, KafkaListenerOptions options) throws IOException {
    return in(folder, options, 0);
  }

  public static RunningListener in(Path folder, InstantSource clock) throws IOException {
    return in(
        folder,
        KafkaListenerOptions.defaults(),
        0,
        BrokerOptions.defaults().withClock(clock),
        LogStoreOptions.defaults());
  }

  /** One whose clients must create their topics. */
  static RunningListener withoutAutoCreation(Path folder) throws IOException {
    BrokerOptions options = BrokerOptions.defaults().withAutoCreateTopics(false);
    return in(folder, KafkaListenerOptions.defaults(), 0, options, LogStoreOptions.defaults());
  }

  /** One that looks so often for what retention and compaction have to do. */
  static RunningListener tidying(Path folder, Duration interval) throws IOException {
    LogStoreOptions options =
        LogStoreOptions.defaults()
            .withRetentionCheckInterval(interval)
            .withCompactionCheckInterval(interval);
    return in(folder, KafkaListenerOptions.defaults(), 0, BrokerOptions.defaults(), options);
  }

  /** The broker in that folder after a stop and a start, where its clients look for it. */
  public RunningListener restarted(Path folder) throws IOException {
    int port = listener.port();
    close();
    return in(folder, KafkaListenerOptions.defaults(), port);
  }

  private static RunningListener in(Path folder, KafkaListenerOptions options, int port)
      throws IOException {
    return in(folder, options, port, BrokerOptions.defaults(), LogStoreOptions.defaults());
  }

  private static RunningListener in(
      Path folder,
      KafkaListenerOptions options,
      int port,
      BrokerOptions brokerOptions,
      LogStoreOptions logOptions)
      throws IOException {
    DiskLogStore log = DiskLogStore.open(folder, logOptions);
    Broker broker = Broker.open(log, folder, brokerOptions);
    KafkaListener listener =
        KafkaListener.start(
            options
                .withAddress("127.0.0.1", port)
                .withGroupInitialRebalanceDelayMs(0)
                .withGroupHeartbeatIntervalMs(HEARTBEAT_INTERVAL_MS),
            broker);
    return new RunningListener(log, broker, listener);
  }

  KafkaApis apis() {
    return listener.apis();
  }

  public Broker broker() {
    return broker;
  }

  public Map<String, Object> clientConfigs(Map<String, Object> more) {
    Map<String, Object> configs = new HashMap<>(more);
    configs.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, listener.address());
    return configs;
  }

  public Admin admin() {
    return Admin.create(clientConfigs(Map.of()));
  }

  public KafkaProducer<String, String> producer(Map<String, Object> configs) {
    return new KafkaProducer<>(
        clientConfigs(configs), new StringSerializer(), new StringSerializer());
  }

  public KafkaConsumer<String, String> consumer(Map<String, Object> configs) {
    return new KafkaConsumer<>(
        clientConfigs(configs), new StringDeserializer(), new StringDeserializer());
  }

  public Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port());
    socket.setSoTimeout(30_000);
    return socket;
  }

  @Override
  public void close() {
    listener.close();
    broker.close();
    log.close();
  }
}
