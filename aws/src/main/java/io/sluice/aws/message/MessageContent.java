package io.sluice.aws.message;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A message without its envelope: what a sender gives and a receiver gets. Immutable.
 *
 * @param body legal SQS text, not empty
 * @param groupId the {@code MessageGroupId}
 * @param attributes the message attributes, by name
 * @param subject the SNS subject
 * @param traceHeader the {@code AWSTraceHeader} system attribute
 */
public record MessageContent(
    String body,
    Optional<String> groupId,
    SortedMap<String, MessageAttribute> attributes,
    Optional<String> subject,
    Optional<String> traceHeader) {

  /** Keeps its own copy of the attributes. */
  public MessageContent {
    attributes =
        attributes.isEmpty()
            ? Collections.emptySortedMap()
            : Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
  }

  /** This message with another body. */
  public MessageContent withBody(String other) {
    return new MessageContent(other, groupId, attributes, subject, traceHeader);
  }

  /** A message that is nothing but its body. */
  public static MessageContent of(String body) {
    return new MessageContent(
        body, Optional.empty(), Collections.emptySortedMap(), Optional.empty(), Optional.empty());
  }
}
