/**
 * Durable cursors over partitions, with a state per message: available, in flight until a deadline,
 * or acknowledged. An SQS queue is one; a Kafka share group will be.
 *
 * <p>{@link io.sluice.broker.subscription.SubscriptionState} is a pure state machine that changes
 * only by applying a {@link io.sluice.broker.subscription.CursorEvent}, live and at recovery alike;
 * {@link io.sluice.broker.subscription.Subscription} decides, journals and reads. This package
 * knows partitions and nothing of topics' names, queues or protocols.
 */
@NullMarked
package io.sluice.broker.subscription;

import org.jspecify.annotations.NullMarked;
