/**
 * The commands that talk to a running broker: topics, groups, queues, produce, consume. They are
 * ordinary clients of its three ports, with Kafka's {@code Admin}, {@code Producer} and {@code
 * Consumer} and the AWS SDK, so they work with any Kafka broker and any SQS endpoint too. They know
 * nothing of the broker's code.
 */
@NullMarked
package io.sluice.server.cli;

import org.jspecify.annotations.NullMarked;
