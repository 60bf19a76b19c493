package io.sluice.aws.signature;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the signer signs, Amazon's own SDK finds right. */
class MessageSignerTest {

  private static final URI ENDPOINT = URI.create("http://localhost:4566");
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final String TOPIC = "arn:aws:sns:us-east-1:000000000000:orders";

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void amazon_finds_a_signed_notification_right(SignatureVersion version) throws Exception {
    MessageSigner signer = signer();
    MessageSignature signature =
        signer.sign(
            version,
            StringToSign.notification("grün\n\"1\"", "id", Optional.of("news"), "now", TOPIC),
            ENDPOINT);

    Map<String, String> message = new HashMap<>();
    message.put("Type", "Notification");
    message.put("Message", "grün\n\"1\"");
    message.put("MessageId", "id");
    message.put("Subject", "news");
    message.put("Timestamp", "now");
    message.put("TopicArn", TOPIC);
    message.put("UnsubscribeURL", "http://localhost:4566/?Action=Unsubscribe");
    assertTrue(isRight(signer, message, signature));

    message.put("Message", "forged");
    assertFalse(isRight(signer, message, signature));
  }

  @Test
  void a_notification_without_subject_is_signed_without_it() throws Exception {
    MessageSigner signer = signer();
    MessageSignature signature =
        signer.sign(
            SignatureVersion.SHA1,
            StringToSign.notification("x", "id", Optional.empty(), "now", TOPIC),
            ENDPOINT);

    assertTrue(
        isRight(
            signer,
            Map.of(
                "Type", "Notification",
                "Message", "x",
                "MessageId", "id",
                "Timestamp", "now",
                "TopicArn", TOPIC),
            signature));
  }

  @ParameterizedTest
  @EnumSource
  void amazon_finds_a_signed_confirmation_right(SignatureVersion version) throws Exception {
    MessageSigner signer = signer();
    MessageSignature signature =
        signer.sign(
            version,
            StringToSign.confirmation(
                "SubscriptionConfirmation", "Well?", "id", "http://there", "now", "abc", TOPIC),
            ENDPOINT);

    assertTrue(
        isRight(
            signer,
            Map.of(
                "Type", "SubscriptionConfirmation",
                "Message", "Well?",
                "MessageId", "id",
                "SubscribeURL", "http://there",
                "Timestamp", "now",
                "Token", "abc",
                "TopicArn", TOPIC),
            signature));
  }

  @Test
  void the_certificate_is_signed_by_its_own_key_and_valid_for_long() throws Exception {
    MessageSigner signer = signer();
    X509Certificate certificate = certificate(signer, signature(signer));

    certificate.verify(certificate.getPublicKey());
    certificate.checkValidity(Date.from(NOW));
    certificate.checkValidity(Date.from(NOW.plus(Duration.ofDays(90 * 365))));
    assertEquals(
        "CN=sns.amazonaws.com,O=Sluice\\, self-signed",
        certificate.getSubjectX500Principal().getName());
    assertEquals(certificate.getSubjectX500Principal(), certificate.getIssuerX500Principal());
    assertTrue(certificate.getSerialNumber().signum() > 0);
  }

  @Test
  void the_key_survives_a_restart() {
    MessageSignature signature = signature(signer());
    MessageSigner restarted = signer();
    String path = path(signature);

    assertTrue(restarted.certificate(path).isPresent());
    assertEquals(signature, signature(restarted));
    assertEquals(Optional.empty(), restarted.certificate(path + "x"));
    assertEquals(Optional.empty(), restarted.certificate("/"));
  }

  @Test
  void there_is_no_key_before_there_is_something_to_sign() throws Exception {
    MessageSigner signer = signer();

    assertEquals(Optional.empty(), signer.certificate("/SimpleNotificationService-00.pem"));
    assertEquals(List.of(), files());
    signature(signer);
    assertEquals(List.of(folder.resolve("sns-signing-key.pem")), files());
  }

  @Test
  void only_the_owner_may_read_the_key() throws Exception {
    signature(signer());

    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(folder.resolve("sns-signing-key.pem"))));
    assertFalse(SigningKey.create(NOW).toString().contains("exponent"));
  }

  @Test
  void folders_have_keys_of_their_own() throws Exception {
    MessageSigner other =
        new MessageSigner(Files.createDirectory(folder.resolve("other")), InstantSource.fixed(NOW));

    assertNotEquals(signature(signer()).signature(), signature(other).signature());
  }

  @Test
  void a_damaged_key_is_an_error_that_names_the_file() throws Exception {
    Path file = folder.resolve("sns-signing-key.pem");
    Files.writeString(file, "-----BEGIN PRIVATE KEY-----\n");

    String message =
        assertThrows(IllegalStateException.class, () -> signature(signer())).getMessage();
    assertTrue(message.contains(file.toString()), message);
  }

  private MessageSigner signer() {
    return new MessageSigner(folder, InstantSource.fixed(NOW));
  }

  private static MessageSignature signature(MessageSigner signer) {
    return signer.sign(SignatureVersion.SHA1, "text", ENDPOINT);
  }

  private List<Path> files() throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  private static String path(MessageSignature signature) {
    assertTrue(
        signature
            .certificateUrl()
            .matches("http://localhost:4566/SimpleNotificationService-[0-9a-f]{32}\\.pem"),
        signature.certificateUrl());
    return URI.create(signature.certificateUrl()).getPath();
  }

  private static X509Certificate certificate(MessageSigner signer, MessageSignature signature)
      throws Exception {
    String pem = signer.certificate(path(signature)).orElseThrow();
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(pem.getBytes(US_ASCII)));
  }

  @SuppressWarnings("deprecation") // as is all of version 1 of the SDK
  private static boolean isRight(
      MessageSigner signer, Map<String, String> message, MessageSignature signature)
      throws Exception {
    Map<String, String> signed = new HashMap<>(message);
    signed.put("SignatureVersion", signature.version().number());
    signed.put("Signature", signature.signature());
    signed.put("SigningCertURL", signature.certificateUrl());
    return new com.amazonaws.services.sns.util.SignatureChecker()
        .verifySignature(signed, certificate(signer, signature).getPublicKey());
  }
}
