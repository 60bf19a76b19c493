/**
 * Sluice beside its peers, in one run: starts each system as a process of its own, drives it with
 * the same load, and tells of rates, latencies, the server's processor time, memory and disk.
 *
 * <p>Knows Sluice from outside only: its command, its Kafka port, its HTTP port. {@code system}
 * starts systems, {@code load} drives them, {@code cost} counts what the {@code client} library
 * asks of them, {@code scenario} says what is measured, this package runs scenarios and writes what
 * they found.
 */
@NullMarked
package io.sluice.bench;

import org.jspecify.annotations.NullMarked;
