/**
 * Sluice inside a Java application or test: the SDK's clients without a socket, and doors for other
 * clients when they are asked for.
 *
 * <p>It puts together {@code io.sluice.log}, {@code io.sluice.broker} and the doors {@code
 * io.sluice.aws} and {@code io.sluice.kafka}; it knows nothing of {@code io.sluice.server}, its
 * settings and its commands.
 */
@NullMarked
package io.sluice.embedded;

import org.jspecify.annotations.NullMarked;
