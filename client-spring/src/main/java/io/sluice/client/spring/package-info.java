/**
 * Spring Kafka's factories of producers and consumers, with those of {@code io.sluice.client}: what
 * a Spring application has in place of {@code DefaultKafkaProducerFactory} and {@code
 * DefaultKafkaConsumerFactory}, and nothing else of it changes. Must not know the broker.
 */
@org.jspecify.annotations.NullMarked
package io.sluice.client.spring;
