package io.sluice.kafka;

import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.AlterConfigsRequest;
import org.apache.kafka.common.requests.AlterConfigsResponse;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.RequestContext;

/**
 * AlterConfigs, 0–2 (KIP-133), for topics: what is given replaces the whole configuration. Clients
 * other than Kafka's own often know no other way.
 */
final class AlterConfigsApi implements KafkaApi {

  private final TopicConfigChanges changes;

  AlterConfigsApi(TopicConfigChanges changes) {
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
    List<ApiError> outcomes =
        changes.make(
            asked.data().resources().stream().map(AlterConfigsApi::change).toList(),
            asked.validateOnly());
    Iterator<ApiError> outcome = outcomes.iterator();
    for (AlterConfigsResource resource : asked.data().resources()) {
      ApiError error = outcome.next();
      response
          .responses()
          .add(
              new AlterConfigsResourceResponse()
                  .setResourceType(resource.resourceType())
                  .setResourceName(resource.resourceName())
                  .setErrorCode(error.error().code())
                  .setErrorMessage(error.message()));
    }
    return new AlterConfigsResponse(response);
  }

  private static TopicConfigChanges.Change change(AlterConfigsResource asked) {
    return new TopicConfigChanges.Change(
        TopicConfigChanges.resource(asked.resourceType(), asked.resourceName()),
        asked.configs().stream().map(AlterableConfig::name).toList(),
        configs -> replace(asked, configs));
  }

  private static void replace(AlterConfigsResource asked, SortedMap<String, String> configs) {
    configs.clear();
    for (AlterableConfig config : asked.configs()) {
      if (config.value() == null) {
        throw new InvalidRequestException("Null value not supported for " + config.name());
      }
      configs.put(config.name(), config.value());
    }
  }
}
