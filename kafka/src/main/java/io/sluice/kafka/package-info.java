/**
 * The Kafka door: a listener and one small class per API key.
 *
 * <p>Wire codecs are kafka-clients' message classes; what a request means is decided by {@code
 * io.sluice.broker}. This package may depend on the broker, the log and kafka-clients; it knows
 * nothing of AWS. Groups, share groups, transactions, configuration, administration, quotas and
 * telemetry have packages of their own below it.
 */
@NullMarked
package io.sluice.kafka;

import org.jspecify.annotations.NullMarked;
