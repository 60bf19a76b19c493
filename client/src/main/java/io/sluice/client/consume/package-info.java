/**
 * What a member of a consumer group holds of its queues: messages that are in flight, their records
 * in order, their visibility, their deletion. Depends on {@code message}, {@code service} and the
 * SQS client; knows no deserializers and no SNS.
 */
@org.jspecify.annotations.NullMarked
package io.sluice.client.consume;
