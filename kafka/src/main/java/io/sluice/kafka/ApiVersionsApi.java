package io.sluice.kafka;

import java.util.Map;
import org.apache.kafka.common.feature.Features;
import org.apache.kafka.common.feature.SupportedVersionRange;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersionCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.apache.kafka.common.requests.RequestContext;

/**
 * ApiVersions, 0–4. A version that is not known is answered in version 0 with what is supported
 * (KIP-511). Features (KIP-584) say what one node of Apache Kafka 4.3 would that serves the new
 * consumer protocol (KIP-848) and no transactions.
 */
final class ApiVersionsApi implements KafkaApi {

  private static final short METADATA_VERSION = 30;
  private static final Map<String, Short> FINALIZED =
      Map.of("metadata.version", METADATA_VERSION, "group.version", (short) 1);
  private static final Features<SupportedVersionRange> SUPPORTED =
      Features.supportedFeatures(
          Map.of(
              "metadata.version", new SupportedVersionRange((short) 7, METADATA_VERSION),
              "group.version", new SupportedVersionRange((short) 0, (short) 1)));

  private final ApiVersionCollection versions;

  ApiVersionsApi(ApiVersionCollection versions) {
    this.versions = versions;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.API_VERSIONS;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request) {
    ApiVersionsRequest asked = (ApiVersionsRequest) request;
    if (asked.hasUnsupportedRequestVersion()) {
      return asked.getErrorResponse(0, Errors.UNSUPPORTED_VERSION.exception());
    }
    if (!asked.isValid()) {
      return asked.getErrorResponse(0, Errors.INVALID_REQUEST.exception());
    }
    return new ApiVersionsResponse.Builder()
        .setApiVersions(versions)
        .setSupportedFeatures(SUPPORTED)
        .setFinalizedFeatures(FINALIZED)
        .setFinalizedFeaturesEpoch(0)
        .setAlterFeatureLevel0(context.apiVersion() < 4)
        .build();
  }
}
