package io.sluice.client.message;

import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A message as SNS and SQS carry it.
 *
 * @param body legal, non-empty text
 * @param groupId the {@code MessageGroupId}, if it has one
 * @param attributes by name
 */
public record PlainMessage(
    String body, @Nullable String groupId, SortedMap<String, Attribute> attributes) {}
