/**
 * Kafka's {@code Producer}, {@code Consumer} and {@code Admin} on any SNS and SQS: a topic is an
 * SNS topic, a consumer group on it an SQS queue that is subscribed to it. Depends on kafka-clients
 * and the AWS SDK; must not know the broker, nor which SNS and SQS it talks to.
 */
@org.jspecify.annotations.NullMarked
package io.sluice.client;
