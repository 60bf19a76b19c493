package io.sluice.aws.sns;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.aws.sns.HttpSubscription.State;
import io.sluice.broker.Source;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.common.Uuid;

/**
 * The tokens that an endpoint proves itself with. A token names its subscription and what it was
 * given out for, authenticated with the data folder's secret; so nothing has to be kept of it, and
 * nobody can guess one. Safe for use by many threads.
 */
final class ConfirmationTokens {

  private static final String ALGORITHM = "HmacSHA256";
  private static final int ID_BYTES = 2 * Long.BYTES;
  private static final int MAC_BYTES = 32;

  private final SecretKeySpec key;

  ConfirmationTokens(byte[] secret) {
    this.key = new SecretKeySpec(secret, ALGORITHM);
  }

  /** The token that confirms a subscription which is in that state since then. */
  String of(Source source, HttpSubscription http) {
    byte[] token =
        ByteBuffer.allocate(ID_BYTES + MAC_BYTES)
            .putLong(source.id().getMostSignificantBits())
            .putLong(source.id().getLeastSignificantBits())
            .put(mac(source, http.state()))
            .array();
    return HexFormat.of().formatHex(token);
  }

  /** The id in a token, which may be forged; empty when it is none at all. */
  static Optional<Uuid> subscription(String token) {
    if (token.length() != 2 * (ID_BYTES + MAC_BYTES)) {
      return Optional.empty();
    }
    try {
      ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(token));
      return Optional.of(new Uuid(bytes.getLong(), bytes.getLong()));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** Whether the token was given out to this subscription when it was in that state. */
  boolean isOf(String token, Source source, State state) {
    byte[] mac = HexFormat.of().parseHex(token, 2 * ID_BYTES, token.length());
    return MessageDigest.isEqual(mac, mac(source, state));
  }

  private byte[] mac(Source source, State state) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(("sns-token " + state + " " + source.id()).getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }
}
