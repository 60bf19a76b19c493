package io.sluice.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.client.message.PayloadStore;
import io.sluice.client.message.S3Pointer;
import io.sluice.client.message.UnreadableMessageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.UUID;
import org.apache.kafka.common.KafkaException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Keeps payloads in one bucket of S3, and reads none of any other. */
final class S3PayloadStore implements PayloadStore {

  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;

  private final S3Client s3;
  private final String bucket;
  private final long maxBytes;

  private S3PayloadStore(S3Client s3, String bucket, long maxBytes) {
    this.s3 = s3;
    this.bucket = bucket;
    this.maxBytes = maxBytes;
  }

  /**
   * A store in a bucket.
   *
   * @param maxBytes how large a payload may be that is read
   */
  static PayloadStore of(ServiceConfig config, String bucket, long maxBytes) {
    // An endpoint that is not Amazon's seldom has a name for each bucket.
    S3Client s3 =
        config
            .applyTo(S3Client.builder())
            .forcePathStyle(config.getString(ServiceConfig.ENDPOINT) != null)
            .build();
    return new S3PayloadStore(s3, bucket, maxBytes);
  }

  @Override
  public S3Pointer store(String payload) {
    String key = UUID.randomUUID().toString();
    try {
      s3.putObject(
          request -> request.bucket(bucket).key(key), RequestBody.fromString(payload, UTF_8));
    } catch (SdkException e) {
      throw new KafkaException("A payload could not be stored in the bucket " + bucket, e);
    }
    return new S3Pointer(bucket, key);
  }

  @Override
  public String load(S3Pointer pointer) {
    if (!pointer.bucket().equals(bucket)) {
      // Who may publish must not have others read what only they may.
      throw new UnreadableMessageException(
          "its payload is in the bucket " + pointer.bucket() + ", and s3.bucket is " + bucket);
    }
    try (ResponseInputStream<GetObjectResponse> object =
        s3.getObject(request -> request.bucket(bucket).key(pointer.key()))) {
      long length = object.response().contentLength();
      if (length > maxBytes) {
        object.abort();
        throw new UnreadableMessageException(
            "its payload is " + length + " bytes, and fetch.max.bytes is " + maxBytes);
      }
      return new String(object.readAllBytes(), UTF_8);
    } catch (S3Exception e) {
      if (e.statusCode() == FORBIDDEN || e.statusCode() == NOT_FOUND) {
        // Who may not list a bucket is forbidden what is not there.
        throw new UnreadableMessageException(
            "its payload " + pointer.key() + " cannot be read from the bucket " + bucket, e);
      }
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    s3.close();
  }
}
