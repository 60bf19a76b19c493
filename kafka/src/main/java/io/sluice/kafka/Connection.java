package io.sluice.kafka;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.network.ClientInformation;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.network.Send;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client. The thread that calls {@link #serve()} reads requests and handles them one by one; a
 * second virtual thread sends the answers in order, waiting for those that are still to come. When
 * too many are to come the first stops reading, which the client feels.
 */
final class Connection {

  private static final Logger LOGGER = LoggerFactory.getLogger(Connection.class);
  private static final int MAX_PENDING = 100;
  private static final ListenerName LISTENER =
      ListenerName.forSecurityProtocol(SecurityProtocol.PLAINTEXT);

  /** An answer in its place in the order; the last one has no context. */
  private record Slot(Optional<RequestContext> context, PipelinedApi.Pending pending) {}

  private static final Slot END = new Slot(Optional.empty(), Optional::empty);

  private final SocketChannel socket;
  private final KafkaApis apis;
  private final FrameReader frames;
  private final InetSocketAddress client;
  private final BlockingQueue<Slot> slots = new ArrayBlockingQueue<>(MAX_PENDING);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile Optional<Thread> reader = Optional.empty();
  private volatile boolean draining;

  Connection(SocketChannel socket, KafkaApis apis, int maxFrameBytes) throws IOException {
    this.socket = socket;
    this.apis = apis;
    this.frames = new FrameReader(socket, maxFrameBytes);
    this.client = (InetSocketAddress) socket.getRemoteAddress();
  }

  String name() {
    return client.toString();
  }

  /** Serves the client until it leaves or misbehaves. */
  void serve() {
    reader = Optional.of(Thread.currentThread());
    Thread writer = Thread.ofVirtual().name("kafka-write-" + name()).start(this::write);
    try {
      read();
      slots.put(END);
      writer.join();
    } catch (InvalidRequestException e) {
      LOGGER.warn("{} is disconnected: {}", name(), reason(e));
      writer.interrupt();
    } catch (IOException e) {
      LOGGER.debug("{} is gone", name(), e);
      writer.interrupt();
    } catch (InterruptedException e) {
      LOGGER.debug("{} is disconnected at shutdown", name());
      writer.interrupt();
    } finally {
      closeSocket();
      ended.countDown();
    }
  }

  private static String reason(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root == e ? String.valueOf(e.getMessage()) : e.getMessage() + ": " + root;
  }

  private void read() throws IOException, InterruptedException {
    while (!draining) {
      Optional<ByteBuffer> frame = frames.next();
      if (frame.isEmpty()) {
        return;
      }
      RequestContext context = context(frame.get());
      AbstractRequest request = context.parseRequest(frame.get()).request;
      slots.put(new Slot(Optional.of(context), begin(context, request)));
    }
  }

  private RequestContext context(ByteBuffer frame) {
    RequestHeader header;
    try {
      header = RequestHeader.parse(frame);
    } catch (RuntimeException e) {
      throw new InvalidRequestException("not a Kafka request", e);
    }
    ApiKeys key = header.apiKey();
    if (key != ApiKeys.API_VERSIONS
        && (!key.isVersionEnabled(header.apiVersion(), false) || !isServed(key))) {
      throw new InvalidRequestException(
          "version " + header.apiVersion() + " of " + key + " is not served");
    }
    return new RequestContext(
        header,
        name(),
        client.getAddress(),
        Optional.of(client.getPort()),
        KafkaPrincipal.ANONYMOUS,
        LISTENER,
        SecurityProtocol.PLAINTEXT,
        ClientInformation.EMPTY,
        false);
  }

  private boolean isServed(ApiKeys key) {
    return key == apis.produce().key() || apis.find(key).isPresent();
  }

  private PipelinedApi.Pending begin(RequestContext context, AbstractRequest request)
      throws InterruptedException {
    try {
      if (request.apiKey() == apis.produce().key()) {
        return apis.produce().begin(context, request);
      }
      Optional<AbstractResponse> response =
          Optional.of(apis.find(request.apiKey()).orElseThrow().handle(context, request));
      return () -> response;
    } catch (ApiException e) {
      return () -> Optional.of(request.getErrorResponse(e));
    } catch (RuntimeException e) {
      LOGGER.error("{} of {} failed", request.apiKey(), name(), e);
      return () -> Optional.of(request.getErrorResponse(e));
    }
  }

  private void write() {
    SocketTransfer transfer = new SocketTransfer(socket);
    try {
      for (Slot slot = slots.take(); slot.context().isPresent(); slot = slots.take()) {
        Optional<AbstractResponse> response = slot.pending().await();
        if (response.isPresent()) {
          Send send = slot.context().orElseThrow().buildResponseSend(response.get());
          while (!send.completed()) {
            send.writeTo(transfer);
          }
        }
      }
    } catch (IOException e) {
      LOGGER.debug("{} does not take its answer", name(), e);
      closeSocket();
      reader.ifPresent(Thread::interrupt);
    } catch (InterruptedException e) {
      closeSocket();
    } catch (RuntimeException e) {
      LOGGER.error("an answer to {} could not be sent", name(), e);
      closeSocket();
      reader.ifPresent(Thread::interrupt);
    }
  }

  /** Reads no more requests; what was read is still answered. */
  void drain() {
    draining = true;
    try {
      socket.shutdownInput();
    } catch (IOException e) {
      closeSocket();
    }
  }

  /** Waits for the end of a drained connection, and cuts it off when it takes too long. */
  void awaitEnd(long nanos) throws InterruptedException {
    if (!ended.await(nanos, TimeUnit.NANOSECONDS)) {
      closeSocket();
      reader.ifPresent(Thread::interrupt);
    }
  }

  private void closeSocket() {
    try {
      socket.close();
    } catch (IOException e) {
      LOGGER.debug("{} could not be closed", name(), e);
    }
  }
}
