/**
 * What administrators ask of a cluster, answered for one node: where records are kept, who leads
 * and who votes, what moves between nodes (nothing), and everything that needs security, which is
 * refused as by a broker of Apache Kafka without it.
 */
@NullMarked
package io.sluice.kafka.admin;

import org.jspecify.annotations.NullMarked;
