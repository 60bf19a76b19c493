package io.sluice.kafka;

import io.sluice.log.TopicConfigs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.IncrementalAlterConfigsRequest;
import org.apache.kafka.common.requests.IncrementalAlterConfigsResponse;
import org.apache.kafka.common.requests.RequestContext;

/** IncrementalAlterConfigs, 0–1 (KIP-339), for topics. */
final class IncrementalAlterConfigsApi implements KafkaApi {

  private final TopicConfigChanges changes;

  IncrementalAlterConfigsApi(TopicConfigChanges changes) {
    this.changes = changes;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.INCREMENTAL_ALTER_CONFIGS;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request) {
    IncrementalAlterConfigsRequest asked = (IncrementalAlterConfigsRequest) request;
    IncrementalAlterConfigsResponseData response = new IncrementalAlterConfigsResponseData();
    List<ApiError> outcomes =
        changes.make(
            asked.data().resources().stream().map(IncrementalAlterConfigsApi::change).toList(),
            asked.data().validateOnly());
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
    return new IncrementalAlterConfigsResponse(response);
  }

  private static TopicConfigChanges.Change change(AlterConfigsResource asked) {
    return new TopicConfigChanges.Change(
        TopicConfigChanges.resource(asked.resourceType(), asked.resourceName()),
        asked.configs().stream().map(AlterableConfig::name).toList(),
        configs -> asked.configs().forEach(config -> apply(config, configs)));
  }

  private static void apply(AlterableConfig config, SortedMap<String, String> configs) {
    AlterConfigOp.OpType operation = AlterConfigOp.OpType.forId(config.configOperation());
    if (operation == null) {
      throw new InvalidRequestException("unknown operation " + config.configOperation());
    }
    if (operation != AlterConfigOp.OpType.DELETE && config.value() == null) {
      throw new InvalidRequestException("Null value not supported for " + config.name());
    }
    switch (operation) {
      case SET -> configs.put(config.name(), config.value());
      case DELETE -> configs.remove(config.name());
      case APPEND, SUBTRACT -> {
        List<String> values = new ArrayList<>(listValues(config.name(), configs));
        List<String> given = Arrays.asList(config.value().split(","));
        if (operation == AlterConfigOp.OpType.SUBTRACT) {
          values.removeAll(given);
        } else {
          given.stream().filter(value -> !values.contains(value)).forEach(values::add);
        }
        configs.put(config.name(), String.join(",", values));
      }
    }
  }

  private static List<String> listValues(String name, SortedMap<String, String> configs) {
    return TopicConfigs.describe(configs).stream()
        .filter(config -> config.name().equals(name) && config.type() == ConfigDef.Type.LIST)
        .findFirst()
        .map(config -> config.value())
        .map(value -> value.isEmpty() ? List.<String>of() : Arrays.asList(value.split(",")))
        .orElseThrow(() -> new InvalidConfigurationException("config " + name + " is not a list"));
  }
}
