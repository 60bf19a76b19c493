/** What SNS and SQS answer, in Kafka's words. Depends on nothing of this library. */
@org.jspecify.annotations.NullMarked
package io.sluice.client.service;
