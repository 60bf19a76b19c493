package io.sluice.kafka;

import io.sluice.broker.Topic;
import io.sluice.broker.Topics;
import io.sluice.log.TopicConfigs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
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

  /** Held from reading a configuration to writing it, so that no alteration undoes another. */
  private final ReentrantLock lock = new ReentrantLock();

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
    Set<ConfigResource> seen = new HashSet<>();
    Set<ConfigResource> repeated = new HashSet<>();
    asked.data().resources().stream()
        .map(IncrementalAlterConfigsApi::named)
        .filter(resource -> !seen.add(resource))
        .forEach(repeated::add);
    for (AlterConfigsResource resource : asked.data().resources()) {
      boolean once = !repeated.contains(named(resource));
      response.responses().add(alter(resource, once, asked.data().validateOnly()));
    }
    return new IncrementalAlterConfigsResponse(response);
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
      check(asked, once);
      if (asked.resourceType() != ConfigResource.Type.TOPIC.id()) {
        throw new InvalidRequestException(
            "only the configuration of topics can be altered, not of "
                + ConfigResource.Type.forId(asked.resourceType()));
      }
      alterTopic(asked, validateOnly);
      return result;
    } catch (RuntimeException e) {
      return result.setErrorCode(ErrorCodes.of(e).code()).setErrorMessage(e.getMessage());
    }
  }

  private static void check(AlterConfigsResource asked, boolean once) {
    if (!once) {
      throw new InvalidRequestException("Each resource must appear at most once.");
    }
    Set<String> names = new HashSet<>();
    for (AlterableConfig config : asked.configs()) {
      if (!names.add(config.name())) {
        throw new InvalidRequestException("config " + config.name() + " is altered twice");
      }
    }
  }

  private void alterTopic(AlterConfigsResource asked, boolean validateOnly) {
    org.apache.kafka.common.internals.Topic.validate(asked.resourceName());
    lock.lock();
    try {
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
    } finally {
      lock.unlock();
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
