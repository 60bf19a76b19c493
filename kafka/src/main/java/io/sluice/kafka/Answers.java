package io.sluice.kafka;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.network.Send;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answers of one connection, in the order of its requests. The connection's reading thread adds
 * them, and sends those itself that are complete when nothing is before them, which is quicker than
 * to wake another; so it does after flushing them when it has nothing else to do. Otherwise answers
 * that wait for the disk are sent by a writing thread, which is started with the first of them; the
 * socket is the reading thread's whenever none of them is unsent. So a client that asks and does
 * not listen costs one complete answer, and is no longer read.
 *
 * <p>Neither thread is ever interrupted: both use files that many share, and an interrupt closes
 * the file under its user's hands. A failure closes the socket instead, which ends every wait for
 * the client, and what was still to be sent is dropped.
 */
final class Answers {

  private static final Logger LOGGER = LoggerFactory.getLogger(Answers.class);

  /** Produce requests that wait for the disk: Kafka's clients have five in flight. */
  private static final int MAX_PENDING = 100;

  /** Ends a connection at the wish of the side that answers. */
  interface Disconnect {
    void because(String reason);
  }

  /** What the reading thread does after it has added an answer. */
  enum Follows {
    /** The next request has arrived and is begun at once. */
    REQUEST,
    /** More has arrived, which may yet keep it waiting. */
    MORE,
    /** It waits for the client. */
    NOTHING
  }

  /**
   * An answer to come.
   *
   * @param instead of an answer that cannot be written, such as one that repeats too long a name
   */
  private record Slot(
      RequestContext context,
      PipelinedApi.Pending pending,
      Function<RuntimeException, AbstractResponse> instead) {

    Send build(AbstractResponse response) {
      try {
        return context.buildResponseSend(response);
      } catch (RuntimeException e) {
        LOGGER.warn(
            "an answer to {} cannot be written: {}", context.header.apiKey(), e.getMessage());
        return context.buildResponseSend(instead.apply(e));
      }
    }
  }

  private final ConnectionThreads.Share threads;
  private final SocketTransfer socket;
  private final Disconnect disconnect;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition added = lock.newCondition();
  private final Condition sent = lock.newCondition();

  /** Those that are not sent yet, the one that is being sent too; guarded by {@code lock}. */
  private final Deque<Slot> unsent = new ArrayDeque<>();

  /** Guarded by {@code lock}. */
  private boolean ended;

  /** Owned by the reading thread: complete, or to be flushed together with those that follow. */
  private final Deque<Slot> held = new ArrayDeque<>();

  /** Owned by the reading thread; null until an answer has to wait. */
  private @Nullable Thread writer;

  /** Written by the thread that sends: what comes later is dropped. */
  private volatile boolean failed;

  /**
   * No answers yet.
   *
   * @param threads makes the writing thread
   */
  Answers(ConnectionThreads.Share threads, SocketTransfer socket, Disconnect disconnect) {
    this.threads = threads;
    this.socket = socket;
    this.disconnect = disconnect;
  }

  /** Waits until every earlier answer is sent, so that {@link #send} may follow. */
  void awaitSent() {
    if (writer != null) {
      lock.lock();
      try {
        while (!unsent.isEmpty()) {
          sent.awaitUninterruptibly();
        }
      } finally {
        lock.unlock();
      }
    }
    finishHeld();
  }

  /** Sends the complete answer to a request; every earlier one has been sent. */
  void send(RequestContext context, AbstractRequest request, AbstractResponse response) {
    sendNow(new Slot(context, () -> Optional.of(response), request::getErrorResponse), false);
  }

  /**
   * Sends a small answer, or has it sent as soon as it is complete.
   *
   * @param follows what the reading thread does next: an answer may wait for another that is added
   *     at once, but for nothing else
   */
  void add(RequestContext context, PipelinedApi.Pending pending, Follows follows) {
    held.add(
        new Slot(
            context,
            pending,
            failure -> {
              throw failure;
            }));
    if (!nothingUnsent()) {
      handOver();
    } else if (follows == Follows.REQUEST && held.size() < MAX_PENDING) {
      return;
    } else if ((follows == Follows.NOTHING && threads.mayFlush()) || areDone(held)) {
      finishHeld();
    } else {
      handOver();
    }
  }

  private static boolean areDone(Collection<Slot> slots) {
    return slots.stream().allMatch(slot -> slot.pending().isDone());
  }

  /** One flush, and one packet, for all. */
  private void finishHeld() {
    for (Slot slot : held) {
      if (threads.mayFlush()) {
        slot.pending().flush();
      } else {
        slot.pending().start();
      }
    }
    while (!held.isEmpty()) {
      Slot slot = held.removeFirst();
      sendNow(slot, !held.isEmpty());
    }
  }

  private void handOver() {
    for (Slot slot = held.pollFirst(); slot != null; slot = held.pollFirst()) {
      slot.pending().start();
      enqueue(slot);
    }
    if (writer == null) {
      writer = threads.newThread(this::sendAsTheyComplete);
      writer.start();
    }
  }

  private boolean nothingUnsent() {
    lock.lock();
    try {
      return unsent.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  private void enqueue(Slot slot) {
    lock.lock();
    try {
      while (unsent.size() == MAX_PENDING) {
        sent.awaitUninterruptibly();
      }
      unsent.add(slot);
      added.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until everything is sent or dropped; no more answers are added. */
  void end() throws InterruptedException {
    lock.lock();
    try {
      ended = true;
      added.signal();
    } finally {
      lock.unlock();
    }
    if (writer != null) {
      writer.join();
    }
    finishHeld();
  }

  private void sendAsTheyComplete() {
    Slot slot = first();
    while (slot != null) {
      sendNow(slot, nextIsDone());
      removeFirst();
      slot = first();
    }
  }

  /** Waits for the first one; null when there will be none. */
  private @Nullable Slot first() {
    lock.lock();
    try {
      while (unsent.isEmpty() && !ended) {
        added.awaitUninterruptibly();
      }
      return unsent.peekFirst();
    } finally {
      lock.unlock();
    }
  }

  private boolean nextIsDone() {
    lock.lock();
    try {
      Iterator<Slot> slots = unsent.iterator();
      slots.next();
      return slots.hasNext() && slots.next().pending().isDone();
    } finally {
      lock.unlock();
    }
  }

  private void removeFirst() {
    lock.lock();
    try {
      unsent.removeFirst();
      sent.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void sendNow(Slot slot, boolean more) {
    if (failed) {
      return;
    }
    try {
      socket.gather(more);
      Optional<AbstractResponse> response = slot.pending().await();
      if (response.isPresent()) {
        Send send = slot.build(response.get());
        while (!send.completed()) {
          send.writeTo(socket);
        }
      }
      if (!more) {
        socket.flush();
      }
    } catch (InvalidRequestException e) {
      fail(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      gone(e);
    } catch (InterruptedException e) {
      fail("its thread was interrupted");
    } catch (RuntimeException | Error e) {
      // An error, such as too little memory, too: whoever adds answers would wait for ever.
      LOGGER.error("an answer could not be sent", e);
      fail("an answer could not be sent");
    }
  }

  private void fail(String reason) {
    failed = true;
    disconnect.because(reason);
  }

  private void gone(IOException e) {
    failed = true;
    LOGGER.debug("an answer is not taken", e);
    try {
      socket.close();
    } catch (IOException again) {
      LOGGER.debug("a socket could not be closed", again);
    }
  }
}
