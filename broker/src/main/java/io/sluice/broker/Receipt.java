package io.sluice.broker;

/**
 * Proof that a message was received: what the doors turn into a receipt handle.
 *
 * @param position the message's record
 * @param attempt a number that no other receipt of this message in this queue has
 */
public record Receipt(RecordPosition position, long attempt) {}
