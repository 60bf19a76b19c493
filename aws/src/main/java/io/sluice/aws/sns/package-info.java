/**
 * SNS: the SDK's {@code SnsClient} on top of the broker's topics and sources. An SNS topic is any
 * user's topic, those made by Kafka clients included; a subscription is a queue's source.
 *
 * <p>{@link io.sluice.aws.sns.SnsService} is a thin facade; behind it stands one class per group of
 * actions that share state, the limits in {@code SnsLimits} and the errors in {@code SnsErrors}. It
 * may depend on {@code io.sluice.broker}, {@code io.sluice.aws}, {@code io.sluice.aws.message} and
 * the SDK's classes; it knows no HTTP, no XML and nothing of SQS's actions.
 *
 * <p>Queues are the only endpoints. FIFO topics, filter policies, dead-letter queues, tags after
 * creation, permissions, encryption and signatures are not there: what asks for them gets Amazon's
 * error. Policies, delivery policies and the attributes of delivery status, tracing and encryption
 * are kept and returned, and change nothing.
 */
@NullMarked
package io.sluice.aws.sns;

import org.jspecify.annotations.NullMarked;
