/**
 * {@code sluice demo}: the shop of the README played with real clients against a broker process
 * that the demo starts, kills and restarts, ending with checks on what was really received.
 *
 * <p>Uses Kafka's clients and the AWS SDK as any application would; it knows nothing of the broker
 * but the command that starts it.
 */
@NullMarked
package io.sluice.server.demo;

import org.jspecify.annotations.NullMarked;
