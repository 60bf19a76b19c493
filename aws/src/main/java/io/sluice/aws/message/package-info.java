/**
 * What a record of the log looks like to SQS and SNS, and how queues, topics and messages are
 * named.
 *
 * <p>The one place that translates between records and messages; both services are written on it.
 * It may depend on {@code io.sluice.broker}, kafka-clients' records, jackson-core and the SDK's
 * value types; it knows no request, no response and no HTTP.
 */
@NullMarked
package io.sluice.aws.message;

import org.jspecify.annotations.NullMarked;
