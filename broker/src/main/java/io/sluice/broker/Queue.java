package io.sluice.broker;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;

/**
 * A queue: a durable cursor over its inbox and over every topic that it reads, with a state per
 * message: available, in flight until a deadline, or acknowledged. Safe for use by many threads.
 *
 * <p>Memory grows with what is in flight, never with the backlog.
 */
public interface Queue {

  /** The queue's name. */
  String name();

  /** Given at creation, never used again. */
  Uuid id();

  /** What a protocol's door keeps with the queue. */
  SortedMap<String, String> attributes();

  /** What the broker heeds. */
  QueueSettings settings();

  /** When it was created. */
  Instant createdAt();

  /** When its attributes or settings were last set. */
  Instant modifiedAt();

  /**
   * Replaces attributes and settings. Durable on return.
   *
   * @throws QueueDoesNotExistException the queue was deleted before the call
   */
  void alter(Map<String, String> attributes, QueueSettings settings);

  /**
   * Sends messages to the inbox.
   *
   * @return for each message, in the order given, its position once it is durable
   */
  List<CompletableFuture<RecordPosition>> send(List<NewMessage> messages);

  /**
   * Takes up to {@code max} messages, waiting up to {@code wait} for the first. Each is in flight
   * for {@code visibilityTimeout} and comes back after that unless it is acknowledged. A message
   * whose timeout is zero is available again at once. Beyond a mebibyte of records it takes no
   * second message.
   *
   * @throws TooManyInFlightException the queue's limit is reached, and the call does not wait
   * @throws QueueDoesNotExistException the queue was deleted before the call
   * @throws InterruptedException the thread was interrupted while it waited
   */
  List<ReceivedMessage> receive(int max, Duration visibilityTimeout, Duration wait)
      throws InterruptedException;

  /**
   * Does the same, and comes back with nothing as soon as {@code abandoned} completes, because
   * nobody is there to take the messages any more. This is how to end a wait from another thread:
   * an interrupt may hit while a file is read, and Java closes a file that it interrupts.
   *
   * @param abandoned belongs to this call alone
   */
  List<ReceivedMessage> receive(
      int max, Duration visibilityTimeout, Duration wait, CompletableFuture<?> abandoned)
      throws InterruptedException;

  /**
   * Delivers messages once more to who received them and did not get the answer, as long as all of
   * them are in flight under these receipts; the visibility timeout begins anew and the receive
   * count stays.
   *
   * @return empty when one of them is not in flight any more
   */
  Optional<List<ReceivedMessage>> receiveAgain(List<Receipt> receipts, Duration visibilityTimeout);

  /** What a receipt of this queue is worth at this moment. */
  ReceiptStanding standing(Receipt receipt);

  /**
   * Acknowledges messages: they are never received again, unless the queue is rewound. A receipt
   * that is no longer the message's latest changes nothing, and is no error.
   *
   * @return completes when the acknowledgements are durable
   */
  CompletableFuture<Void> acknowledge(List<Receipt> receipts);

  /**
   * Sets how long a message stays in flight, from now; zero makes it available at once.
   *
   * @return false when the message is not in flight under this receipt
   */
  boolean changeVisibility(Receipt receipt, Duration visibilityTimeout);

  /** Acknowledges everything that the queue holds at this moment. Durable on return. */
  void purge();

  /**
   * Moves the queue's cursor over its inbox and all its sources; messages that were acknowledged
   * come back, and receipts that are out lose their force. Durable on return.
   */
  void rewind(StartingPoint start);

  /**
   * Moves the cursor in one partition of what the queue reads. Durable on return.
   *
   * @param topic one that it reads, or its inbox
   * @param offset where it begins anew; the nearer end of the partition when there is none such
   * @throws org.apache.kafka.common.errors.UnknownTopicOrPartitionException it does not read that
   */
  void rewind(String topic, int partition, long offset);

  /**
   * Looks at up to {@code max} messages, the oldest first, and changes nothing: none of them is
   * received. Beyond eight mebibytes of records it shows no second message.
   */
  List<PeekedMessage> peek(int max);

  /** How many messages there are, within a second or so. */
  QueueDepth depth();
}
