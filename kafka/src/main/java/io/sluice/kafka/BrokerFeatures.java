package io.sluice.kafka;

import java.util.Map;
import org.apache.kafka.common.feature.Features;
import org.apache.kafka.common.feature.SupportedVersionRange;

/**
 * The features (KIP-584) that ApiVersions announces, at the levels of one new node of Apache Kafka
 * 4.3, as far as they are served here. Clients decide by them which protocol they speak.
 */
final class BrokerFeatures {

  private static final short METADATA_VERSION = 30;

  /** At which level each feature is in effect. */
  static final Map<String, Short> FINALIZED =
      Map.of(
          "metadata.version",
          METADATA_VERSION,
          // KIP-848
          "group.version",
          (short) 1,
          // KIP-1071
          "streams.version",
          (short) 1,
          // KIP-932
          "share.version",
          (short) 1,
          // KIP-890
          "transaction.version",
          (short) 2);

  /** Which levels there are. */
  static final Features<SupportedVersionRange> SUPPORTED =
      Features.supportedFeatures(
          Map.of(
              "metadata.version", new SupportedVersionRange((short) 7, METADATA_VERSION),
              "group.version", new SupportedVersionRange((short) 0, (short) 1),
              "streams.version", new SupportedVersionRange((short) 0, (short) 1),
              "share.version", new SupportedVersionRange((short) 0, (short) 1),
              "transaction.version", new SupportedVersionRange((short) 0, (short) 2)));

  private BrokerFeatures() {}
}
