/**
 * SQS: the SDK's {@code SqsClient} on top of the broker's queues.
 *
 * <p>{@link io.sluice.aws.sqs.SqsService} is a thin facade; behind it stands one class per group of
 * actions that share state, the limits in {@code SqsLimits} and the errors in {@code SqsErrors}. It
 * may depend on {@code io.sluice.broker}, {@code io.sluice.aws}, {@code io.sluice.aws.message} and
 * the SDK's classes; it knows no HTTP, no JSON of requests and nothing of SNS's actions.
 *
 * <p>FIFO queues, dead-letter queues, permissions, tags after creation and encryption at rest are
 * not there: what asks for them gets Amazon's error. {@code KmsMasterKeyId} and {@code
 * SqsManagedSseEnabled} are kept and returned, and change nothing. A {@code Policy} is kept and
 * returned. It refuses nobody: who calls is the queue's owner, whose own permissions let him send
 * at Amazon too, and a subscribed topic delivers whether or not a policy lets it, as with other
 * emulators. A queue that was deleted can be created again at once; Amazon wants 60 seconds
 * between.
 */
@NullMarked
package io.sluice.aws.sqs;

import org.jspecify.annotations.NullMarked;
