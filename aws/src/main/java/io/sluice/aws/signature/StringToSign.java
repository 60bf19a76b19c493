package io.sluice.aws.signature;

import java.util.Optional;

/**
 * What a signature is over: the names and values of some of the message's fields, each on a line of
 * its own, in the order of their names (Amazon's "Verifying the signature of an Amazon SNS message
 * when using HTTP query-based requests").
 */
public final class StringToSign {

  private StringToSign() {}

  /** Of a message of type {@code Notification}. */
  public static String notification(
      String message,
      String messageId,
      Optional<String> subject,
      String timestamp,
      String topicArn) {
    StringBuilder text = new StringBuilder(message.length() + 256);
    field(text, "Message", message);
    field(text, "MessageId", messageId);
    subject.ifPresent(value -> field(text, "Subject", value));
    field(text, "Timestamp", timestamp);
    field(text, "TopicArn", topicArn);
    field(text, "Type", "Notification");
    return text.toString();
  }

  /**
   * Of a message that asks for a decision.
   *
   * @param type {@code SubscriptionConfirmation} or {@code UnsubscribeConfirmation}
   */
  public static String confirmation(
      String type,
      String message,
      String messageId,
      String subscribeUrl,
      String timestamp,
      String token,
      String topicArn) {
    StringBuilder text = new StringBuilder();
    field(text, "Message", message);
    field(text, "MessageId", messageId);
    field(text, "SubscribeURL", subscribeUrl);
    field(text, "Timestamp", timestamp);
    field(text, "Token", token);
    field(text, "TopicArn", topicArn);
    field(text, "Type", type);
    return text.toString();
  }

  private static void field(StringBuilder text, String name, String value) {
    text.append(name).append('\n').append(value).append('\n');
  }
}
