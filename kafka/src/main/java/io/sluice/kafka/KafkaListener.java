package io.sluice.kafka;

import io.sluice.broker.Broker;
import io.sluice.kafka.group.Groups;
import io.sluice.kafka.transaction.Transactions;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.Node;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts Kafka clients: a thread per connection. The set of connections is safe for use by many
 * threads.
 */
public final class KafkaListener implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(KafkaListener.class);
  private static final Duration DRAIN = Duration.ofSeconds(2);

  /** After so long without a byte, a client that is drained is not amid a request. */
  private static final Duration QUIET = Duration.ofMillis(100);

  /** For how long a request that holds memory may bring no byte. */
  private static final Duration MAX_STALL = Duration.ofSeconds(10);

  /** After a failure to accept, such as too many open files, which the next would only repeat. */
  private static final Duration ACCEPT_PAUSE = Duration.ofMillis(100);

  /** Two threads each; so many that the machine's cores, not they, are the limit. */
  private static final int MAX_PLATFORM_CONNECTIONS = 64;

  /** 16 MB at most; connections that find none left use the heap. */
  private static final int MAX_BUFFERS = 128;

  private final KafkaListenerOptions options;
  private final ServerSocketChannel server;
  private final Groups groups;
  private final Transactions transactions;
  private final KafkaApis apis;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final DisconnectLog disconnects = new DisconnectLog();
  private final FrameBuffers buffers = new FrameBuffers(MAX_BUFFERS);
  private final RequestMemory memory;
  private final ConnectionThreads threads = new ConnectionThreads(MAX_PLATFORM_CONNECTIONS);
  private final Thread acceptor;
  private final Thread idleWatch;

  private KafkaListener(
      KafkaListenerOptions options,
      ServerSocketChannel server,
      Groups groups,
      Transactions transactions,
      KafkaApis apis) {
    this.options = options;
    this.server = server;
    this.groups = groups;
    this.transactions = transactions;
    this.apis = apis;
    this.memory = new RequestMemory(options.requestMemoryBytes());
    this.acceptor = Thread.ofPlatform().name("kafka-acceptor").start(this::accept);
    this.idleWatch = Thread.ofVirtual().name("kafka-idle").start(this::closeIdle);
  }

  /**
   * Starts to listen; clients are served when this returns.
   *
   * @throws IOException the address cannot be bound; the message names it
   */
  public static KafkaListener start(KafkaListenerOptions options, Broker broker)
      throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open();
    try {
      server.bind(new InetSocketAddress(options.host(), options.port()));
      int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
      Node node =
          new Node(
              broker.options().nodeId(), options.advertisedHost().orElse(options.host()), port);
      Transactions transactions = new Transactions(broker);
      Groups groups = Groups.start(broker, node, options, transactions);
      transactions.start(groups::endTransaction);
      KafkaApis apis = new KafkaApis(broker, node, groups, transactions);
      return new KafkaListener(options, server, groups, transactions, apis);
    } catch (BindException e) {
      server.close();
      throw new BindException(
          "Kafka port "
              + options.host()
              + ":"
              + options.port()
              + " is not free: "
              + e.getMessage());
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /** The port that it listens on. */
  public int port() {
    try {
      return ((InetSocketAddress) server.getLocalAddress()).getPort();
    } catch (IOException e) {
      throw new IllegalStateException("the listener is closed", e);
    }
  }

  /** Host and port, as clients write them into {@code bootstrap.servers}. */
  public String address() {
    return options.advertisedHost().orElse(options.host()) + ":" + port();
  }

  /** What is served. */
  KafkaApis apis() {
    return apis;
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        welcome(server.accept());
      } catch (IOException e) {
        if (server.isOpen()) {
          disconnects.disconnected("a new client", "it could not be accepted: " + e);
          LockSupport.parkNanos(ACCEPT_PAUSE.toNanos());
        }
      }
    }
  }

  /** Looks ten times as often as a connection may be idle or stall. */
  private void closeIdle() {
    long idle = options.maxIdle().toNanos();
    long stall = Math.min(idle, MAX_STALL.toNanos());
    while (server.isOpen()) {
      LockSupport.parkNanos(stall / 10);
      connections.forEach(connection -> connection.closeIfIdle(idle, stall));
    }
  }

  private void welcome(SocketChannel channel) throws IOException {
    if (connections.size() >= options.maxConnections()) {
      disconnects.disconnected(
          String.valueOf(channel.getRemoteAddress()),
          "no more than " + options.maxConnections() + " connections may be open");
      channel.close();
      return;
    }
    ConnectionThreads.Share share = threads.share();
    try {
      Connection connection = connection(channel, share);
      connections.add(connection);
      share.newThread(() -> serve(connection, share)).start();
    } catch (IOException | Error e) {
      share.close();
      // Some systems refuse options for a client that has left already.
      channel.close();
      throw e;
    }
  }

  private void serve(Connection connection, ConnectionThreads.Share share) {
    try (share) {
      connection.serve();
    } finally {
      connections.remove(connection);
    }
  }

  private Connection connection(SocketChannel channel, ConnectionThreads.Share share)
      throws IOException {
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    return new Connection(
        channel, apis, options.maxFrameBytes(), buffers, memory, share, disconnects);
  }

  /** Answers what has arrived, closes every connection, then stops the coordinators. */
  @Override
  public void close() {
    try {
      server.close();
      acceptor.join();
      LockSupport.unpark(idleWatch);
      drain();
    } catch (IOException e) {
      LOGGER.error("the Kafka port could not be closed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    transactions.close();
    groups.close();
  }

  private void drain() throws InterruptedException {
    long start = System.nanoTime();
    connections.forEach(Connection::drain);
    apis.stopWaiting();
    while (!connections.isEmpty() && System.nanoTime() - start < DRAIN.toNanos()) {
      connections.forEach(connection -> connection.stopReadingIfQuiet(QUIET.toNanos()));
      long round = System.nanoTime();
      for (Connection connection : connections) {
        connection.awaitEnd(Math.max(1, QUIET.toNanos() - (System.nanoTime() - round)));
      }
    }
    connections.forEach(Connection::close);
  }
}
