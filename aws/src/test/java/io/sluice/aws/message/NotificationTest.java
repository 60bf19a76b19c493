package io.sluice.aws.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.aws.signature.MessageSignature;
import io.sluice.aws.signature.SignatureVersion;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;

class NotificationTest {

  @Test
  void it_is_laid_out_as_amazon_does() {
    SortedMap<String, MessageAttribute> attributes = new TreeMap<>();
    attributes.put("colour", MessageAttribute.string("grün \"1\""));
    attributes.put(
        "raw", new MessageAttribute.Bytes("Binary", SdkBytes.fromByteArray(new byte[] {2, 3, 4})));

    assertEquals(
        """
        {
          "Type" : "Notification",
          "MessageId" : "id",
          "TopicArn" : "arn:aws:sns:eu-west-1:000000000000:orders",
          "Subject" : "news",
          "Message" : "öne\\ntwo",
          "Timestamp" : "2026-01-02T03:04:05.060Z",
          "UnsubscribeURL" : "http://localhost:4566/?Action=Unsubscribe",
          "MessageAttributes" : {
            "colour" : {"Type":"String","Value":"grün \\"1\\""},
            "raw" : {"Type":"Binary","Value":"AgME"}
          }
        }\
        """,
        json(
            new MessageContent(
                "öne\ntwo", Optional.empty(), attributes, Optional.of("news"), Optional.empty())));
  }

  @Test
  void without_subject_and_attributes_it_has_no_such_fields() {
    assertEquals(
        """
        {
          "Type" : "Notification",
          "MessageId" : "id",
          "TopicArn" : "arn:aws:sns:eu-west-1:000000000000:orders",
          "Message" : "x",
          "Timestamp" : "2026-01-02T03:04:05.060Z",
          "UnsubscribeURL" : "http://localhost:4566/?Action=Unsubscribe"
        }\
        """,
        json(
            new MessageContent(
                "x",
                Optional.of("group"),
                Collections.emptySortedMap(),
                Optional.empty(),
                Optional.empty())));
  }

  @Test
  void one_that_is_signed_says_how_between_its_time_and_its_end() {
    assertEquals(
        """
        {
          "Type" : "Notification",
          "MessageId" : "id",
          "TopicArn" : "arn:aws:sns:eu-west-1:000000000000:orders",
          "Message" : "x",
          "Timestamp" : "2026-01-02T03:04:05.060Z",
          "SignatureVersion" : "2",
          "Signature" : "c2lnbmVk",
          "SigningCertURL" : "http://localhost:4566/key.pem",
          "UnsubscribeURL" : "http://localhost:4566/?Action=Unsubscribe"
        }\
        """,
        json(
            MessageContent.of("x"),
            Optional.of(
                new MessageSignature(
                    SignatureVersion.SHA256, "c2lnbmVk", "http://localhost:4566/key.pem"))));
  }

  private static String json(MessageContent content) {
    return json(content, Optional.empty());
  }

  private static String json(MessageContent content, Optional<MessageSignature> signature) {
    return new Notification(
            "id",
            Arns.topic("eu-west-1", "000000000000", "orders"),
            content,
            Notification.timestamp(Instant.parse("2026-01-02T03:04:05.060999Z")),
            "http://localhost:4566/?Action=Unsubscribe",
            signature,
            Optional.empty(),
            false)
        .json();
  }
}
