package io.sluice.kafka;

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
 * (KIP-511). It says which {@link BrokerFeatures} there are.
 */
final class ApiVersionsApi implements KafkaApi {

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
        .setSupportedFeatures(BrokerFeatures.SUPPORTED)
        .setFinalizedFeatures(BrokerFeatures.FINALIZED)
        .setFinalizedFeaturesEpoch(0)
        .setAlterFeatureLevel0(context.apiVersion() < 4)
        .build();
  }
}
