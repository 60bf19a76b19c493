package io.sluice.aws.sqs;

import io.sluice.broker.Receipt;
import io.sluice.broker.RecordPosition;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Receipt handles: a receipt, when it was given, and the queue it came from in base64url, sealed so
 * that only handles given out here are taken back. Safe for use by many threads: the keyed {@link
 * Mac} is only ever cloned, and made at the first use, since to look for it sets up half of the
 * JDK's security providers.
 *
 * <pre>
 *  1 byte   the layout, 2
 * 16 bytes  the queue's id
 * 16 bytes  the topic's id
 *  4 bytes  the partition
 *  8 bytes  the offset
 *  8 bytes  the attempt
 *  8 bytes  when it was received, ms since the epoch
 * 16 bytes  the first half of the HMAC-SHA256 of all that, under the broker's secret
 * </pre>
 */
final class ReceiptHandles {

  private static final byte LAYOUT = 2;
  private static final int SEALED_BYTES = 1 + 16 + 16 + 4 + 8 + 8 + 8;
  private static final int SEAL_BYTES = 16;
  private static final String ALGORITHM = "HmacSHA256";

  private final byte[] secret;
  private volatile @Nullable Mac keyed;

  ReceiptHandles(byte[] secret) {
    this.secret = secret.clone();
  }

  /** Two threads may make it at once, which does no harm. */
  private Mac keyed() {
    Mac made = keyed;
    if (made == null) {
      made = keyed(secret);
      keyed = made;
    }
    return made;
  }

  private static Mac keyed(byte[] secret) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret, ALGORITHM));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java has " + ALGORITHM, e);
    }
  }

  /**
   * What a handle says.
   *
   * @param receivedAt when the message was received under this receipt
   */
  record Handle(Receipt receipt, Instant receivedAt) {}

  String write(Uuid queue, Receipt receipt, Instant receivedAt) {
    RecordPosition position = receipt.position();
    ByteBuffer handle = ByteBuffer.allocate(SEALED_BYTES + SEAL_BYTES).put(LAYOUT);
    put(handle, queue);
    put(handle, position.topicId());
    handle.putInt(position.partition()).putLong(position.offset()).putLong(receipt.attempt());
    handle.putLong(receivedAt.toEpochMilli());
    handle.put(seal(handle.array()), 0, SEAL_BYTES);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(handle.array());
  }

  /**
   * Reads a handle.
   *
   * @throws software.amazon.awssdk.awscore.exception.AwsServiceException it was not given out here,
   *     or for another queue
   */
  Handle read(Uuid queue, String handle) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(handle);
    } catch (IllegalArgumentException _) {
      throw SqsErrors.malformedReceiptHandle(handle);
    }
    if (bytes.length != SEALED_BYTES + SEAL_BYTES || bytes[0] != LAYOUT || !isSealed(bytes)) {
      throw SqsErrors.malformedReceiptHandle(handle);
    }
    ByteBuffer parts = ByteBuffer.wrap(bytes, 1, SEALED_BYTES - 1);
    if (!uuid(parts).equals(queue)) {
      throw SqsErrors.receiptHandleOfAnotherQueue(handle);
    }
    Receipt receipt =
        new Receipt(
            new RecordPosition(uuid(parts), parts.getInt(), parts.getLong()), parts.getLong());
    return new Handle(receipt, Instant.ofEpochMilli(parts.getLong()));
  }

  private boolean isSealed(byte[] handle) {
    byte[] expected = new byte[SEALED_BYTES + SEAL_BYTES];
    System.arraycopy(handle, 0, expected, 0, SEALED_BYTES);
    System.arraycopy(seal(handle), 0, expected, SEALED_BYTES, SEAL_BYTES);
    return MessageDigest.isEqual(expected, handle);
  }

  private byte[] seal(byte[] handle) {
    try {
      Mac mac = (Mac) keyed().clone();
      mac.update(handle, 0, SEALED_BYTES);
      return mac.doFinal();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError("the JDK's own " + ALGORITHM + " can be cloned", e);
    }
  }

  private static void put(ByteBuffer to, Uuid id) {
    to.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
  }

  private static Uuid uuid(ByteBuffer from) {
    return new Uuid(from.getLong(), from.getLong());
  }
}
