package io.sluice.kafka.admin;

import io.sluice.kafka.KafkaApi;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;
import org.apache.kafka.common.message.UpdateFeaturesResponseData.UpdatableFeatureResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.UpdateFeaturesRequest;
import org.apache.kafka.common.requests.UpdateFeaturesRequest.FeatureUpdateItem;
import org.apache.kafka.common.requests.UpdateFeaturesResponse;

/**
 * UpdateFeatures, 0–2 (KIP-584): each feature is at the level that this broker serves and can be
 * set to no other.
 */
final class UpdateFeaturesApi implements KafkaApi {

  /** The first version whose answer no longer names the features. */
  private static final short NO_RESULTS = 2;

  private final Map<String, Short> features;

  UpdateFeaturesApi(Map<String, Short> features) {
    this.features = features;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.UPDATE_FEATURES;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request) {
    UpdateFeaturesRequest asked = (UpdateFeaturesRequest) request;
    Optional<String> refused =
        asked.featureUpdates().stream().flatMap(update -> refusal(update).stream()).findFirst();
    UpdateFeaturesResponseData response = new UpdateFeaturesResponseData();
    if (refused.isPresent()) {
      response
          .setErrorCode(Errors.INVALID_UPDATE_VERSION.code())
          .setErrorMessage(
              "The update failed for all features since the following feature had an error: "
                  + refused.get());
    } else if (context.apiVersion() < NO_RESULTS) {
      asked
          .featureUpdates()
          .forEach(
              update ->
                  response
                      .results()
                      .add(new UpdatableFeatureResult().setFeature(update.feature())));
    }
    return new UpdateFeaturesResponse(response);
  }

  private Optional<String> refusal(FeatureUpdateItem update) {
    Short level = features.get(update.feature());
    if (update.upgradeType() == UpgradeType.UNKNOWN) {
      return invalid(update, "The controller does not support the given upgrade type.");
    }
    if (update.versionLevel() < 0) {
      return invalid(update, "A feature version cannot be less than 0.");
    }
    if (level == null) {
      return invalid(update, "This broker does not support it.");
    }
    return level == update.versionLevel()
        ? Optional.empty()
        : invalid(update, "This broker supports only level " + level + ".");
  }

  private static Optional<String> invalid(FeatureUpdateItem update, String why) {
    return Optional.of(
        "Invalid update version %d for feature %s. %s"
            .formatted(update.versionLevel(), update.feature(), why));
  }
}
