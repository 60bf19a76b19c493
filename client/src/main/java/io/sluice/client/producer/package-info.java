/**
 * What waits in a producer: records until they are messages. Depends on {@code publish}; knows no
 * serializers.
 */
@org.jspecify.annotations.NullMarked
package io.sluice.client.producer;
