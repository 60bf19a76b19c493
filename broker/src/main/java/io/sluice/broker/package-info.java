/**
 * Topics, queues and the journals that remember them.
 *
 * <p>A topic is a named set of partitions of {@code io.sluice.log}. A queue is a durable cursor
 * over topics with a state per message. Everything here that must survive changes only by applying
 * a journal record, live and at recovery alike. This package may depend on {@code io.sluice.log}
 * and on kafka-clients' records; it knows nothing of wire formats or of the protocols' doors.
 */
@NullMarked
package io.sluice.broker;

import org.jspecify.annotations.NullMarked;
