package io.sluice.broker;

/**
 * How many messages a queue holds; approximate where a topic was compacted or carries transactions.
 *
 * @param available could be received now
 * @param inFlight received, not acknowledged, not timed out
 * @param delayed sent with a delay that is not over
 */
public record QueueDepth(long available, long inFlight, long delayed) {}
