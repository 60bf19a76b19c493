/**
 * What clients configure of a running broker: topics, the broker, its loggers, groups and
 * subscriptions to metrics of clients. One {@link io.sluice.kafka.config.Configurable} says what
 * there is of each; the APIs are the same for all.
 */
@NullMarked
package io.sluice.kafka.config;

import org.jspecify.annotations.NullMarked;
