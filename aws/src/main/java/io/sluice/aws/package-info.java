/**
 * The AWS door: an HTTP listener that serves anything which implements an AWS SDK client interface.
 *
 * <p>A request of any operation is decoded from the SDK's own metadata into the SDK's own request
 * class, handed to the service's method, and the response encoded the same way: AWS JSON 1.0, or
 * the Query protocol with XML. What that metadata lacks is a small data file per service. Nothing
 * here knows an operation, a queue or a topic, so this package may depend on the AWS SDK,
 * jackson-core and Helidon, and must not know {@code io.sluice.broker} or {@code io.sluice.log}.
 */
@NullMarked
package io.sluice.aws;

import org.jspecify.annotations.NullMarked;
