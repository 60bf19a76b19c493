package io.sluice.aws.message;

import io.sluice.aws.signature.MessageSignature;
import io.sluice.aws.signature.MessageSigner;
import io.sluice.aws.signature.SignatureVersion;
import io.sluice.aws.signature.StringToSign;
import io.sluice.broker.ReceivedMessage;
import io.sluice.broker.Source;
import io.sluice.broker.Topic;
import io.sluice.broker.Topics;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/** Wraps messages as SNS does, signed or not. Safe for use by many threads. */
public final class Notifications {

  private final Topics topics;
  private final Optional<MessageSigner> signer;

  private Notifications(Topics topics, Optional<MessageSigner> signer) {
    this.topics = topics;
    this.signer = signer;
  }

  /** Notifications that carry no signature, which costs more than everything else about one. */
  public static Notifications unsigned(Topics topics) {
    return new Notifications(topics, Optional.empty());
  }

  /** Notifications signed in the version that their topics ask for. */
  public static Notifications signed(Topics topics, MessageSigner signer) {
    return new Notifications(topics, Optional.of(signer));
  }

  /**
   * To whom a message goes.
   *
   * @param region the one in the ARNs that the receiver sees
   * @param account twelve digits, likewise
   * @param endpoint where the receiver reaches us, without a trailing slash
   */
  public record Receiver(String region, String account, URI endpoint) {}

  /** An instant as SNS writes it, to the millisecond. */
  public static String timestamp(Instant instant) {
    return Notification.timestamp(instant);
  }

  /**
   * The JSON document around a message that a source brought.
   *
   * @param id the message's id
   * @param content the body that this receiver gets, and the rest
   */
  public String json(
      String id, MessageContent content, ReceivedMessage message, Source source, Receiver to) {
    String topicArn = Arns.topic(to.region(), to.account(), source.topic());
    String timestamp = Notification.timestamp(message.publishedAt());
    boolean isFifo = isFifo(source, message);
    Optional<MessageSignature> signature =
        signer
            .filter(_ -> !isFifo)
            .map(
                key ->
                    key.sign(
                        signatureVersion(source.topic()),
                        StringToSign.notification(
                            content.body(), id, content.subject(), timestamp, topicArn),
                        to.endpoint()));
    Optional<String> sequenceNumber =
        isFifo
            ? Optional.of(DeduplicationIds.sequenceNumber(message.publishedTo().offset()))
            : Optional.empty();
    return new Notification(
            id,
            topicArn,
            content,
            timestamp,
            unsubscribeUrl(source, to),
            signature,
            sequenceNumber,
            Subscriptions.isReplayed(source.attributes(), message.publishedAt()))
        .json();
  }

  /** Of a topic that is gone, the message tells. */
  private boolean isFifo(Source source, ReceivedMessage message) {
    return topics
        .find(source.topicId())
        .map(FifoTopics::isFifo)
        .orElseGet(() -> DeduplicationIds.of(message.record()).isPresent());
  }

  private SignatureVersion signatureVersion(String topic) {
    return signatureVersion(topics, topic);
  }

  /**
   * The version of signatures that a topic's owner asks for; of a topic that is gone, the default.
   */
  public static SignatureVersion signatureVersion(Topics topics, String topic) {
    return topics
        .find(topic)
        .map(Topic::attributes)
        .map(attributes -> attributes.get(SignatureVersion.ATTRIBUTE))
        .map(SignatureVersion::of)
        .orElse(SignatureVersion.SHA1);
  }

  private static String unsubscribeUrl(Source source, Receiver to) {
    return to.endpoint()
        + "/?Action=Unsubscribe&SubscriptionArn="
        + Subscriptions.arn(source, to.region(), to.account());
  }
}
