/**
 * Metrics of clients (KIP-714): administrators subscribe to them by configuration, clients ask
 * which are wanted and push them. Here they are checked, counted in the log, and dropped.
 */
@NullMarked
package io.sluice.kafka.telemetry;

import org.jspecify.annotations.NullMarked;
