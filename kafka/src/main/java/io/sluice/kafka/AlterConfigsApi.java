package io.sluice.kafka;

import java.util.Set;
import java.util.SortedMap;
import org.apache.kafka.common.config.ConfigResource;
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
    Set<ConfigResource> repeated =
        TopicConfigChanges.repeated(
            asked.data().resources().stream().map(AlterConfigsApi::named).toList());
    for (AlterConfigsResource resource : asked.data().resources()) {
      boolean once = !repeated.contains(named(resource));
      response.responses().add(alter(resource, once, asked.validateOnly()));
    }
    return new AlterConfigsResponse(response);
  }

  private static ConfigResource named(AlterConfigsResource resource) {
    return new ConfigResource(
        ConfigResource.Type.forId(resource.resourceType()), resource.resourceName());
  }

  private AlterConfigsResourceResponse alter(
      AlterConfigsResource asked, boolean once, boolean validateOnly) {
    AlterConfigsResourceResponse result =
        new AlterConfigsResourceResponse()
            .setResourceType(asked.resourceType())
            .setResourceName(asked.resourceName());
    try {
      if (!once) {
        throw new InvalidRequestException("Each resource must appear at most once.");
      }
      changes.change(
          named(asked),
          asked.configs().stream().map(AlterableConfig::name).toList(),
          validateOnly,
          configs -> replace(asked, configs));
      return result;
    } catch (RuntimeException e) {
      return result.setErrorCode(ErrorCodes.of(e).code()).setErrorMessage(e.getMessage());
    }
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
