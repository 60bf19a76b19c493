package io.sluice.client.consume;

import io.sluice.client.message.PayloadStore;
import io.sluice.client.message.S3Pointer;
import io.sluice.client.message.UnreadableMessageException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Payloads in memory, which cannot be had when it is told so. */
final class FakePayloads implements PayloadStore {

  private final Map<String, String> payloads = new ConcurrentHashMap<>();
  private final AtomicBoolean fail = new AtomicBoolean();

  /** The next one cannot be had. */
  void failNext() {
    fail.set(true);
  }

  @Override
  public S3Pointer store(String payload) {
    String key = "payload-" + payloads.size();
    payloads.put(key, payload);
    return new S3Pointer("bucket", key);
  }

  @Override
  public String load(S3Pointer pointer) {
    if (fail.getAndSet(false)) {
      throw SdkClientException.create("not now");
    }
    String payload = payloads.get(pointer.key());
    if (payload == null) {
      throw new UnreadableMessageException("there is no " + pointer.key());
    }
    return payload;
  }

  @Override
  public void close() {}
}
