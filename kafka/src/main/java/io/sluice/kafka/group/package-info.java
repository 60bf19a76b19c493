/**
 * Consumer groups: Apache Kafka's own coordinator behind an adapter, and one class per group API.
 *
 * <p>The coordinator's library changes with every minor release of Kafka; no type of it leaves this
 * package. It keeps its state in the internal topic {@code __consumer_offsets}.
 */
@NullMarked
package io.sluice.kafka.group;

import org.jspecify.annotations.NullMarked;
