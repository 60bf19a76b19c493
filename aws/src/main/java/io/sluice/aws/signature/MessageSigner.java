package io.sluice.aws.signature;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Signs messages with a key that is made on first use and kept in the data folder. Safe for use by
 * many threads; the key is guarded by this object's monitor until it is known.
 *
 * <p>A signature costs an RSA operation, about a millisecond. What is signed does not depend on the
 * subscription, so the latest signatures are kept: however many read a message, it is signed about
 * once.
 */
public final class MessageSigner {

  /** How many signatures are kept, of about half a kilobyte each. */
  static final int KEPT_SIGNATURES = 1024;

  private static final String FILE = "sns-signing-key.pem";
  private static final String PATH_PREFIX = "/SimpleNotificationService-";
  private static final String PATH_SUFFIX = ".pem";
  private static final int NAME_BYTES = 16;

  private final Path file;
  private final InstantSource clock;
  private final Map<ByteBuffer, String> kept = Collections.synchronizedMap(new Latest());
  private volatile @Nullable SigningKey key;

  /**
   * A signer whose key is in that folder, once there is one.
   *
   * @param directory exists
   */
  public MessageSigner(Path directory, InstantSource clock) {
    this.file = directory.resolve(FILE);
    this.clock = clock;
  }

  private static final class Latest extends LinkedHashMap<ByteBuffer, String> {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<ByteBuffer, String> eldest) {
      return size() > KEPT_SIGNATURES;
    }
  }

  /**
   * Signs.
   *
   * @param stringToSign see {@link StringToSign}
   * @param endpoint where the receiver reaches us, without a trailing slash
   */
  public MessageSignature sign(SignatureVersion version, String stringToSign, URI endpoint) {
    try {
      SigningKey signing = key();
      byte[] bytes = stringToSign.getBytes(UTF_8);
      ByteBuffer digest = digest(version, bytes);
      String signature = kept.get(digest);
      if (signature == null) {
        signature = sign(signing, version, bytes);
        kept.put(digest, signature);
      }
      return new MessageSignature(version, signature, endpoint + path(signing));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a message could not be signed", e);
    }
  }

  private static String sign(SigningKey key, SignatureVersion version, byte[] bytes)
      throws GeneralSecurityException {
    Signature signature = Signature.getInstance(version.algorithm());
    signature.initSign(key.privateKey());
    signature.update(bytes);
    return Base64.getEncoder().encodeToString(signature.sign());
  }

  private static ByteBuffer digest(SignatureVersion version, byte[] bytes)
      throws GeneralSecurityException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(version.number().getBytes(UTF_8));
    return ByteBuffer.wrap(digest.digest(bytes));
  }

  /**
   * The certificate in PEM, when that is what lies at {@code path}.
   *
   * @param path of a URL, with its slash
   */
  public Optional<String> certificate(String path) {
    if (!path.startsWith(PATH_PREFIX) || (key == null && !Files.exists(file))) {
      return Optional.empty();
    }
    try {
      SigningKey signing = key();
      return path(signing).equals(path) ? Optional.of(signing.certificatePem()) : Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the certificate has no name", e);
    }
  }

  private static String path(SigningKey key) throws GeneralSecurityException {
    byte[] fingerprint =
        MessageDigest.getInstance("SHA-256").digest(key.certificate().getEncoded());
    return PATH_PREFIX + HexFormat.of().formatHex(fingerprint, 0, NAME_BYTES) + PATH_SUFFIX;
  }

  private SigningKey key() {
    SigningKey known = key;
    return known == null ? find() : known;
  }

  private synchronized SigningKey find() {
    if (key == null) {
      key = readOrCreate();
    }
    return key;
  }

  private SigningKey readOrCreate() {
    try {
      if (Files.exists(file)) {
        return SigningKey.read(file);
      }
      SigningKey created = SigningKey.create(clock.instant());
      created.writeTo(file);
      return created;
    } catch (IOException e) {
      throw new UncheckedIOException("the key in " + file + " cannot be kept", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "the key in " + file + " cannot be used: " + e.getMessage() + "; delete it for a new one",
          e);
    }
  }
}
