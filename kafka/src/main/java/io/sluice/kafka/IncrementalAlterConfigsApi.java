package io.sluice.kafka;

import io.sluice.broker.Topic;
import io.sluice.broker.Topics;
import io.sluice.log.TopicConfigs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
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
 * IncrementalAlterConfigs, 0–1 (KIP-339), for topics. The broker's own configuration is read at its
 * start and cannot be altered by a client.
 */
final class IncrementalAlterConfigsApi implements KafkaApi {

  private final Topics topics;

  IncrementalAlterConfigsApi(Topics topics) {
    this.topics = topics;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.INCREMENTAL_ALTER_CONFIGS;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request) {
    IncrementalAlterConfigsRequest asked = (IncrementalAlterConfigsRequest) request;
    IncrementalAlterConfigsResponseData response = new IncrementalAlterConfigsResponseData();
    asked
        .data()
        .resources()
        .forEach(
            resource -> response.responses().add(alter(resource, asked.data().validateOnly())));
    return new IncrementalAlterConfigsResponse(response);
  }

  private AlterConfigsResourceResponse alter(AlterConfigsResource asked, boolean validateOnly) {
    AlterConfigsResourceResponse result =
        new AlterConfigsResourceResponse()
            .setResourceType(asked.resourceType())
            .setResourceName(asked.resourceName());
    try {
      if (asked.resourceType() != ConfigResource.Type.TOPIC.id()) {
        throw new InvalidRequestException(
            "only the configuration of topics can be altered, not of "
                + ConfigResource.Type.forId(asked.resourceType()));
      }
      Topic topic =
          topics
              .find(asked.resourceName())
              .orElseThrow(
                  () -> new UnknownTopicOrPartitionException("no topic " + asked.resourceName()));
      SortedMap<String, String> configs = new TreeMap<>(topic.configs());
      asked.configs().forEach(config -> apply(config, configs));
      TopicConfigs.validate(configs);
      if (!validateOnly) {
        topics.alterConfigs(topic.name(), configs);
      }
      return result;
    } catch (RuntimeException e) {
      return result.setErrorCode(ErrorCodes.of(e).code()).setErrorMessage(e.getMessage());
    }
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
        values.removeAll(given);
        if (operation == AlterConfigOp.OpType.APPEND) {
          values.addAll(given);
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
