package io.sluice.client;

import io.sluice.client.message.PayloadStore;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** Finds where payloads go. Apart from the store, whose library need not be there. */
final class PayloadStores {

  private PayloadStores() {}

  /**
   * The store that the settings name.
   *
   * @param maxBytes how large a payload may be that is read
   * @return null when they name none
   * @throws ConfigException S3's client is not on the class path
   */
  static @Nullable PayloadStore of(Map<String, ?> configs, long maxBytes) {
    ServiceConfig config = new ServiceConfig(configs);
    String bucket = config.getString(ServiceConfig.S3_BUCKET);
    if (bucket == null) {
      return null;
    }
    try {
      return S3PayloadStore.of(config, bucket, maxBytes);
    } catch (NoClassDefFoundError e) {
      throw new ConfigException(
          ServiceConfig.S3_BUCKET, bucket, "needs software.amazon.awssdk:s3 on the class path");
    }
  }
}
