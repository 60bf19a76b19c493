package io.sluice.kafka;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.network.Send;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answers of one connection, in the order of its requests. The connection's reading thread adds
 * them and must end with {@link #end}; its writing thread runs {@link #send}, which waits for those
 * that are still to come. When too many are unsent, adding blocks, and so the client is no longer
 * read: a client that asks and does not listen costs two complete answers, and no more.
 *
 * <p>Neither thread is ever interrupted: both use files that many share, and an interrupt closes
 * the file under its user's hands. A failure closes the socket instead, which ends every wait for
 * the client, and what was still to be sent is dropped.
 */
final class Answers {

  private static final Logger LOGGER = LoggerFactory.getLogger(Answers.class);

  /** Produce requests that wait for the disk: Kafka's clients have five in flight. */
  private static final int MAX_PENDING = 100;

  /** The one that is being sent and the one after it. */
  private static final int MAX_COMPLETE = 2;

  /** Ends a connection at the wish of the side that answers. */
  interface Disconnect {
    void because(String reason);
  }

  private record Slot(Optional<RequestContext> context, PipelinedApi.Pending pending, int weight) {}

  private static final Slot END = new Slot(Optional.empty(), Optional::empty, 0);

  private final SocketTransfer socket;
  private final BlockingQueue<Slot> slots = new ArrayBlockingQueue<>(MAX_PENDING);
  private final Semaphore complete = new Semaphore(MAX_COMPLETE);

  Answers(SocketTransfer socket) {
    this.socket = socket;
  }

  /** Waits until there is room for one more complete answer, which {@link #add} then takes. */
  void awaitRoom() throws InterruptedException {
    complete.acquire();
  }

  /** Adds an answer that there was room for. */
  void add(RequestContext context, AbstractResponse response) throws InterruptedException {
    slots.put(new Slot(Optional.of(context), () -> Optional.of(response), 1));
  }

  /** Adds an answer that is small and still to come. */
  void add(RequestContext context, PipelinedApi.Pending pending) throws InterruptedException {
    slots.put(new Slot(Optional.of(context), pending, 0));
  }

  /** No more answers are added. */
  void end() throws InterruptedException {
    slots.put(END);
  }

  /** Sends the answers until {@link #end}; those that cannot be sent are dropped. */
  void send(Disconnect disconnect) {
    try {
      boolean sending = true;
      for (Slot slot = slots.take(); slot.context().isPresent(); slot = slots.take()) {
        sending = sending && send(slot, disconnect);
        complete.release(slot.weight());
      }
    } catch (InterruptedException e) {
      disconnect.because("its thread was interrupted");
    }
  }

  private boolean send(Slot slot, Disconnect disconnect) throws InterruptedException {
    try {
      Optional<AbstractResponse> response = slot.pending().await();
      if (response.isPresent()) {
        Send send = slot.context().orElseThrow().buildResponseSend(response.get());
        while (!send.completed()) {
          send.writeTo(socket);
        }
      }
      return true;
    } catch (InvalidRequestException e) {
      disconnect.because(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      LOGGER.debug("an answer is not taken", e);
      closeSocket();
    } catch (RuntimeException | Error e) {
      // An error, such as too little memory, too: who adds answers would wait for room for ever.
      LOGGER.error("an answer could not be sent", e);
      disconnect.because("an answer could not be sent");
    }
    return false;
  }

  private void closeSocket() {
    try {
      socket.close();
    } catch (IOException e) {
      LOGGER.debug("a socket could not be closed", e);
    }
  }
}
