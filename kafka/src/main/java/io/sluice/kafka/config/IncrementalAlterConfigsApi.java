package io.sluice.kafka.config;

import io.sluice.kafka.KafkaApi;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.IncrementalAlterConfigsRequest;
import org.apache.kafka.common.requests.IncrementalAlterConfigsResponse;
import org.apache.kafka.common.requests.RequestContext;

/**
 * IncrementalAlterConfigs, 0–1 (KIP-339): sets, unsets, extends and shortens single configs of
 * topics, groups, subscriptions to metrics of clients, levels of loggers, and the defaults of
 * topics for this broker or the cluster (KIP-226: {@code log.retention.ms} and all else that Kafka
 * has a topic-level config for). Whatever else Kafka's broker changes as it runs, such as numbers
 * of threads and connections, means nothing here and is refused.
 */
final class IncrementalAlterConfigsApi implements KafkaApi {

  private final ConfigChanges changes;

  IncrementalAlterConfigsApi(ConfigChanges changes) {
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
    changes.make(
        asked.data().resources(),
        IncrementalAlterConfigsApi::change,
        asked.data().validateOnly(),
        (resource, error) ->
            response
                .responses()
                .add(
                    new AlterConfigsResourceResponse()
                        .setResourceType(resource.resourceType())
                        .setResourceName(resource.resourceName())
                        .setErrorCode(error.error().code())
                        .setErrorMessage(error.message())));
    return new IncrementalAlterConfigsResponse(response);
  }

  private static ConfigChanges.Change change(AlterConfigsResource asked) {
    return new ConfigChanges.Change(
        ConfigChanges.resource(asked.resourceType(), asked.resourceName()),
        asked.configs().stream().map(IncrementalAlterConfigsApi::value).toList(),
        (configurable, configs) ->
            asked.configs().forEach(config -> apply(config, configurable, configs)));
  }

  private static ConfigChanges.Value value(AlterableConfig config) {
    boolean needed = config.configOperation() != OpType.DELETE.id();
    return new ConfigChanges.Value(config.name(), config.value(), needed);
  }

  private static void apply(
      AlterableConfig config, Configurable configurable, SortedMap<String, String> configs) {
    OpType operation = OpType.forId(config.configOperation());
    if (operation == null) {
      throw new InvalidRequestException("Unknown operations type " + config.configOperation());
    }
    switch (operation) {
      case SET -> configs.put(config.name(), config.value());
      case DELETE -> configs.remove(config.name());
      case APPEND, SUBTRACT -> {
        List<String> values = listValues(operation, config.name(), configurable, configs);
        List<String> given = Arrays.asList(config.value().split(","));
        if (operation == OpType.SUBTRACT) {
          values.removeAll(given);
        } else {
          given.stream().filter(value -> !values.contains(value)).forEach(values::add);
        }
        configs.put(config.name(), String.join(",", values));
      }
    }
  }

  private static List<String> listValues(
      OpType operation, String name, Configurable configurable, SortedMap<String, String> configs) {
    String otherwise =
        configurable
            .defaultOfList(name)
            .orElseThrow(
                () ->
                    new InvalidConfigurationException(
                        "Can't %s to key %s because its type is not LIST."
                            .formatted(operation, name)));
    String value = configs.getOrDefault(name, otherwise);
    return value.isEmpty() ? new ArrayList<>() : new ArrayList<>(Arrays.asList(value.split(",")));
  }
}
