package io.sluice.broker;

/**
 * Where a queue's messages go that were received too often.
 *
 * @param queue the dead-letter queue's name
 * @param maxReceiveCount how often a message is received; instead of once more, it is moved there
 */
public record Redrive(String queue, int maxReceiveCount) {}
