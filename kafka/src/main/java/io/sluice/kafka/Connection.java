package io.sluice.kafka;

import io.sluice.broker.Turns;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client. The thread that calls {@link #serve()} reads requests and handles them one by one;
 * {@link Answers} that wait for the disk are sent by another.
 */
final class Connection {

  private static final Logger LOGGER = LoggerFactory.getLogger(Connection.class);

  private static final int LINGER_BYTES = 16 * 1024;

  /** How many there were: a port may be used again before its last user has quite gone. */
  private static final AtomicLong CONNECTIONS = new AtomicLong();

  private final SocketChannel socket;
  private final KafkaApis apis;
  private final DisconnectLog disconnects;
  private final InetSocketAddress client;
  private final String id;
  private final Activity activity = new Activity();
  private final FrameReader frames;
  private final RequestDecoder decoder;
  private final Answers answers;
  private final Turns turns = new Turns();
  private final CountDownLatch ended = new CountDownLatch(1);

  /** Nobody has to wait any more for the time of a client that took more than its quota. */
  private final CountDownLatch leaving = new CountDownLatch(1);

  private volatile boolean draining;
  private volatile boolean reading;

  Connection(
      SocketChannel socket,
      KafkaApis apis,
      int maxFrameBytes,
      FrameBuffers buffers,
      RequestMemory memory,
      ConnectionThreads.Share threads,
      DisconnectLog disconnects)
      throws IOException {
    this.socket = socket;
    this.apis = apis;
    this.disconnects = disconnects;
    this.client = (InetSocketAddress) socket.getRemoteAddress();
    this.frames = new FrameReader(socket, maxFrameBytes, buffers, memory, activity);
    this.id = client + "-" + CONNECTIONS.incrementAndGet();
    this.decoder = new RequestDecoder(apis, client, id);
    this.answers = new Answers(threads, new SocketTransfer(socket, activity), this::disconnect);
  }

  String name() {
    return client.toString();
  }

  /** Serves the client until it leaves or misbehaves. */
  void serve() {
    try {
      try {
        read();
      } catch (InvalidRequestException e) {
        answers.awaitSent();
        disconnect(reason(e));
      } catch (EOFException e) {
        LOGGER.debug("{} ended inside a request, what came before is answered", name(), e);
      } catch (IOException e) {
        LOGGER.debug("{} is gone", name(), e);
        close();
      } finally {
        frames.close();
        answers.end();
        apis.disconnected(id);
      }
      if (draining) {
        linger();
      }
    } catch (InterruptedException e) {
      LOGGER.error("the thread of {} was interrupted", name(), e);
    } finally {
      close();
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
    boolean goesOn = true;
    while (goesOn && !draining) {
      try {
        goesOn = readOne();
      } finally {
        reading = false;
        frames.release();
      }
    }
  }

  private boolean readOne() throws IOException, InterruptedException {
    turns.next();
    reading = true;
    Optional<ByteBuffer> frame = frames.next();
    reading = false;
    if (frame.isEmpty()) {
      return false;
    }
    int bytes = frame.get().remaining();
    activity.busy(true);
    RequestDecoder.Decoded decoded = decoder.decode(frame.get());
    activity.busy(false);
    pause(begin(decoded.context(), decoded.request(), bytes));
    return true;
  }

  /**
   * Waiting until earlier answers are sent is no work: a client that does not listen is idle.
   *
   * @return for how many milliseconds the client is not to be read, as it has been told
   */
  private int begin(RequestContext context, AbstractRequest request, int bytes)
      throws IOException, InterruptedException {
    if (request.apiKey() == ApiKeys.PRODUCE) {
      activity.busy(true);
      PipelinedApi.Pending pending = apis.produce().begin(context, request);
      activity.busy(false);
      // Its records are written.
      frames.release();
      int throttleMs = apis.quotas().produced(context, bytes);
      if (throttleMs == 0) {
        answers.add(context, pending, follows());
      } else {
        answers.add(context, pending.throttled(throttleMs), Answers.Follows.NOTHING);
      }
      return throttleMs;
    } else {
      answers.awaitSent();
      activity.busy(true);
      AbstractResponse response = handle(context, request);
      activity.busy(false);
      int throttleMs = apis.quotas().fetched(context, response);
      if (throttleMs > 0) {
        response.maybeSetThrottleTimeMs(throttleMs);
      }
      answers.send(context, request, response);
      return throttleMs;
    }
  }

  /** Ends early with the connection. */
  private void pause(int throttleMs) throws InterruptedException {
    if (throttleMs > 0) {
      leaving.await(throttleMs, TimeUnit.MILLISECONDS);
    }
  }

  /** A connection that cannot be read still has to flush what was written for it. */
  private Answers.Follows follows() {
    try {
      return frames.follows();
    } catch (IOException e) {
      LOGGER.debug("{} is gone", name(), e);
      return Answers.Follows.NOTHING;
    }
  }

  private AbstractResponse handle(RequestContext context, AbstractRequest request)
      throws InterruptedException {
    try {
      return apis.find(request.apiKey()).orElseThrow().handle(context, request);
    } catch (ApiException e) {
      return request.getErrorResponse(e);
    } catch (RuntimeException e) {
      LOGGER.error("{} of {} failed", request.apiKey(), name(), e);
      return request.getErrorResponse(e);
    }
  }

  /** Ends the connection of a client that does nothing, or that stalls what others wait for. */
  void closeIfIdle(long maxIdleNanos, long maxStallNanos) {
    long idle = activity.idleNanos();
    if (activity.isLarge() && idle > maxStallNanos) {
      disconnect("it stalled inside a large request");
    } else if (idle > maxIdleNanos) {
      LOGGER.debug("{} is disconnected: it was idle", name());
      close();
    }
  }

  /** Begins no more requests; those that were begun are still answered. */
  void drain() {
    draining = true;
    leaving.countDown();
  }

  /** Waits no longer for a request that the client of a drained connection does not send. */
  void stopReadingIfQuiet(long quietNanos) {
    if (reading && activity.idleNanos() > quietNanos) {
      try {
        socket.shutdownInput();
      } catch (IOException e) {
        close();
      }
    }
  }

  /** Waits for the end of a drained connection. */
  void awaitEnd(long nanos) throws InterruptedException {
    ended.await(nanos, TimeUnit.NANOSECONDS);
  }

  /**
   * Lets a client that goes on sending read its answers and leave: a socket that is closed with
   * anything unread resets the connection, and the client loses the answers that it has not read.
   */
  private void linger() {
    try {
      socket.shutdownOutput();
      ByteBuffer unread = ByteBuffer.allocate(LINGER_BYTES);
      while (socket.read(unread.clear()) >= 0) {
        activity.moved();
      }
    } catch (IOException e) {
      LOGGER.debug("{} is gone", name(), e);
    }
  }

  private void disconnect(String reason) {
    disconnects.disconnected(name(), reason);
    close();
  }

  /** Ends the connection, from any thread: its threads find the socket closed. */
  void close() {
    leaving.countDown();
    try {
      socket.close();
    } catch (IOException e) {
      LOGGER.debug("{} could not be closed", name(), e);
    }
  }
}
