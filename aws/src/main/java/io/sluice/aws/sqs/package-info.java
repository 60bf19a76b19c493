/**
 * SQS: the SDK's {@code SqsClient} on top of the broker's queues.
 *
 * <p>{@link io.sluice.aws.sqs.SqsService} is a thin facade; behind it stands one class per group of
 * actions that share state, the limits in {@code SqsLimits} and the errors in {@code SqsErrors}. It
 * may depend on {@code io.sluice.broker}, {@code io.sluice.aws}, {@code io.sluice.aws.message} and
 * the SDK's classes; it knows no HTTP, no JSON of requests and nothing of SNS's actions.
 *
 * <p>Encryption at rest is not there: {@code KmsMasterKeyId} and {@code SqsManagedSseEnabled} are
 * kept and returned, and change nothing. A {@code Policy} is kept, edited by AddPermission and
 * RemovePermission, and returned. It refuses nobody: who calls is the queue's owner, whose own
 * permissions let him send at Amazon too, and a subscribed topic delivers whether or not a policy
 * lets it, as with other emulators. A queue that was deleted can be created again at once, unless
 * {@link io.sluice.aws.sqs.SqsOptions} imposes Amazon's 60 seconds between.
 *
 * <p>A dead letter goes on counting receives and keeps its {@code MessageId} and {@code
 * SentTimestamp}, as at Amazon; unlike there, its retention begins anew when it is moved, since
 * what is kept is a log.
 */
@NullMarked
package io.sluice.aws.sqs;

import org.jspecify.annotations.NullMarked;
