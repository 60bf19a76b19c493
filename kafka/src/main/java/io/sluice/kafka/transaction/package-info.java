/**
 * Transactions (KIP-98, KIP-360, KIP-890): the coordinator of all transactional ids and its APIs.
 * States, their transitions and their form on disk are Apache Kafka's ({@code
 * kafka-transaction-coordinator}), so that their log can be read by its tools; what moves them is
 * here. Knows partitions and topics; of groups only that somebody ends a transaction's offsets.
 */
@NullMarked
package io.sluice.kafka.transaction;

import org.jspecify.annotations.NullMarked;
