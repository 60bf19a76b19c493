package io.sluice.aws.sns;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sluice.aws.message.Json;
import io.sluice.aws.message.Notifications;
import io.sluice.aws.signature.MessageSignature;
import io.sluice.aws.signature.StringToSign;
import io.sluice.broker.Source;
import java.io.IOException;
import java.net.URLEncoder;
import java.time.Instant;
import java.util.UUID;

/**
 * The JSON document that asks an endpoint whether it wants messages, or tells it that it gets no
 * more (Amazon's "HTTP/HTTPS subscription confirmation JSON format" and "HTTP/HTTPS unsubscribe
 * confirmation JSON format").
 *
 * @param type {@code SubscriptionConfirmation} or {@code UnsubscribeConfirmation}
 * @param message what a person reads
 * @param subscribeUrl what to visit for messages
 */
record Confirmation(
    String type,
    String messageId,
    String token,
    String topicArn,
    String message,
    String subscribeUrl,
    String timestamp) {

  static final String SUBSCRIBE = "SubscriptionConfirmation";
  static final String UNSUBSCRIBE = "UnsubscribeConfirmation";

  /** The question that goes with the state that the subscription is in. */
  static Confirmation of(Source source, HttpSubscription http, String token, Instant now) {
    String topicArn = http.topicArn(source);
    boolean isEnd = http.state() == HttpSubscription.State.DELETED;
    return new Confirmation(
        isEnd ? UNSUBSCRIBE : SUBSCRIBE,
        UUID.randomUUID().toString(),
        token,
        topicArn,
        isEnd
            ? "You have chosen to deactivate subscription "
                + http.arn(source)
                + ".\nTo cancel this operation and restore the subscription, visit the SubscribeURL"
                + " included in this message."
            : "You have chosen to subscribe to the topic "
                + topicArn
                + ".\n"
                + "To confirm the subscription, visit the SubscribeURL included in this message.",
        http.receiver().endpoint()
            + "/?Action=ConfirmSubscription&TopicArn="
            + URLEncoder.encode(topicArn, UTF_8).replace("%3A", ":")
            + "&Token="
            + token,
        Notifications.timestamp(now));
  }

  String stringToSign() {
    return StringToSign.confirmation(
        type, message, messageId, subscribeUrl, timestamp, token, topicArn);
  }

  String json(MessageSignature signature) {
    return Json.pretty(json -> write(json, signature));
  }

  private void write(JsonGenerator json, MessageSignature signature) throws IOException {
    json.writeStartObject();
    json.writeStringField("Type", type);
    json.writeStringField("MessageId", messageId);
    json.writeStringField("Token", token);
    json.writeStringField("TopicArn", topicArn);
    json.writeStringField("Message", message);
    json.writeStringField("SubscribeURL", subscribeUrl);
    json.writeStringField("Timestamp", timestamp);
    json.writeStringField("SignatureVersion", signature.version().number());
    json.writeStringField("Signature", signature.signature());
    json.writeStringField("SigningCertURL", signature.certificateUrl());
    json.writeEndObject();
  }
}
