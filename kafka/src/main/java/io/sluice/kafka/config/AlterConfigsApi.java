package io.sluice.kafka.config;

import io.sluice.kafka.KafkaApi;
import java.util.SortedMap;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.AlterConfigsRequest;
import org.apache.kafka.common.requests.AlterConfigsResponse;
import org.apache.kafka.common.requests.RequestContext;

/**
 * AlterConfigs, 0–2 (KIP-133): what is given replaces the whole configuration of a resource.
 * Clients other than Kafka's own often know no other way. For what IncrementalAlterConfigs alters,
 * but not for loggers.
 */
final class AlterConfigsApi implements KafkaApi {

  private final ConfigChanges changes;

  AlterConfigsApi(ConfigChanges changes) {
    this.changes = changes;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.ALTER_CONFIGS;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request) {
    AlterConfigsRequest asked = (AlterConfigsRequest) request;
    AlterConfigsResponseData response = new AlterConfigsResponseData();
    changes.make(
        asked.data().resources(),
        AlterConfigsApi::change,
        asked.validateOnly(),
        (resource, error) ->
            response
                .responses()
                .add(
                    new AlterConfigsResourceResponse()
                        .setResourceType(resource.resourceType())
                        .setResourceName(resource.resourceName())
                        .setErrorCode(error.error().code())
                        .setErrorMessage(error.message())));
    return new AlterConfigsResponse(response);
  }

  private static ConfigChanges.Change change(AlterConfigsResource asked) {
    return new ConfigChanges.Change(
        ConfigChanges.resource(asked.resourceType(), asked.resourceName()),
        asked.configs().stream()
            .map(config -> new ConfigChanges.Value(config.name(), config.value(), true))
            .toList(),
        (configurable, configs) -> replace(asked, configurable, configs));
  }

  private static void replace(
      AlterConfigsResource asked, Configurable configurable, SortedMap<String, String> configs) {
    if (configurable.type() == ConfigResource.Type.BROKER_LOGGER) {
      throw new InvalidRequestException("Unknown resource type " + asked.resourceType());
    }
    configs.clear();
    asked.configs().forEach(config -> configs.put(config.name(), config.value()));
  }
}
