/**
 * SNS: the SDK's {@code SnsClient} on top of the broker's topics and sources. An SNS topic is any
 * user's topic, those made by Kafka clients included; a subscription is a queue's source.
 *
 * <p>{@link io.sluice.aws.sns.SnsService} is a thin facade; behind it stands one class per group of
 * actions that share state, the limits in {@code SnsLimits} and the errors in {@code SnsErrors}. It
 * may depend on {@code io.sluice.broker}, {@code io.sluice.aws}, {@code io.sluice.aws.message},
 * {@code io.sluice.aws.signature} and the SDK's classes; it knows HTTP as a client only, no XML and
 * nothing of SQS's actions.
 *
 * <p>Endpoints are queues, and URLs that messages are posted to: {@code HttpSubscriptions} has
 * their handshake, {@code HttpDeliveries} begins and ends deliveries, {@code EndpointDeliveries}
 * delivers to one, {@code HttpPoster} posts. Policies, data protection policies and the attributes
 * of delivery status, tracing and encryption are kept and returned, and change nothing.
 *
 * <p>A FIFO topic deduplicates what is published to it ({@code FifoMessages}); the queues that read
 * it do not look at the ids again. At Amazon a FIFO queue does, within its own window, so that of
 * one id which two topics have published, or two groups of a topic whose scope is the group, it
 * gets one message. That a message which was accepted is not delivered helps nobody; and a replay
 * brings back to a queue what it has had, whenever it is asked for.
 */
@NullMarked
package io.sluice.aws.sns;

import org.jspecify.annotations.NullMarked;
