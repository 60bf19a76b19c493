/**
 * Publishes messages in requests of many, each lane in its order, and tries again what the service
 * did not take. Depends on the SNS client; knows nothing of topics' settings or serializers.
 */
@org.jspecify.annotations.NullMarked
package io.sluice.client.publish;
