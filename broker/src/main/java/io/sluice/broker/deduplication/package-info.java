/**
 * Room for what makes sending harmless to repeat: which deduplication ids a FIFO queue or topic has
 * seen in the last five minutes. Knows records and partitions, no queues and no protocols.
 */
@NullMarked
package io.sluice.broker.deduplication;

import org.jspecify.annotations.NullMarked;
