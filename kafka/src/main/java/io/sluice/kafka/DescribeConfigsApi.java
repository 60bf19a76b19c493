package io.sluice.kafka;

import io.sluice.broker.Broker;
import io.sluice.broker.BrokerOptions;
import io.sluice.broker.Topic;
import io.sluice.log.TopicConfig;
import io.sluice.log.TopicConfigs;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.DescribeConfigsRequest;
import org.apache.kafka.common.requests.DescribeConfigsResponse;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.server.config.ServerTopicConfigSynonyms;

/**
 * DescribeConfigs, 1–4 (KIP-133, KIP-226, KIP-569): topics, and the few settings of this broker.
 */
final class DescribeConfigsApi implements KafkaApi {

  private final Broker broker;

  DescribeConfigsApi(Broker broker) {
    this.broker = broker;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.DESCRIBE_CONFIGS;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request) {
    DescribeConfigsRequestData asked = ((DescribeConfigsRequest) request).data();
    DescribeConfigsResponseData response = new DescribeConfigsResponseData();
    asked.resources().forEach(resource -> response.results().add(describe(resource, asked)));
    return new DescribeConfigsResponse(response);
  }

  private DescribeConfigsResult describe(
      DescribeConfigsResource resource, DescribeConfigsRequestData asked) {
    DescribeConfigsResult result =
        new DescribeConfigsResult()
            .setResourceType(resource.resourceType())
            .setResourceName(resource.resourceName());
    try {
      List<DescribeConfigsResourceResult> configs =
          switch (ConfigResource.Type.forId(resource.resourceType())) {
            case TOPIC -> topic(resource.resourceName(), asked);
            case BROKER -> broker(resource.resourceName());
            case ConfigResource.Type other ->
                throw new InvalidRequestException("there are no configs of " + other);
          };
      List<String> wanted = resource.configurationKeys();
      return result.setConfigs(
          configs.stream()
              .filter(
                  config -> wanted == null || wanted.isEmpty() || wanted.contains(config.name()))
              .toList());
    } catch (RuntimeException e) {
      return result.setErrorCode(ErrorCodes.of(e).code()).setErrorMessage(e.getMessage());
    }
  }

  private List<DescribeConfigsResourceResult> topic(String name, DescribeConfigsRequestData asked) {
    org.apache.kafka.common.internals.Topic.validate(name);
    Topic topic =
        broker
            .topics()
            .find(name)
            .orElseThrow(() -> new UnknownTopicOrPartitionException("no topic " + name));
    return TopicConfigs.describe(topic.configs()).stream()
        .map(config -> describe(config, asked))
        .toList();
  }

  private static DescribeConfigsResourceResult describe(
      TopicConfig config, DescribeConfigsRequestData asked) {
    ConfigSource source =
        config.overridden() ? ConfigSource.TOPIC_CONFIG : ConfigSource.DEFAULT_CONFIG;
    DescribeConfigsResourceResult result =
        new DescribeConfigsResourceResult()
            .setName(config.name())
            .setValue(config.value())
            .setConfigSource(source.id())
            .setConfigType(type(config.type()).id());
    if (asked.includeDocumentation()) {
      result.setDocumentation(config.documentation());
    }
    if (asked.includeSynonyms()) {
      if (config.overridden()) {
        result.synonyms().add(synonym(config.name(), config.value(), ConfigSource.TOPIC_CONFIG));
      }
      String brokerName = ServerTopicConfigSynonyms.TOPIC_CONFIG_SYNONYMS.get(config.name());
      if (brokerName != null) {
        result
            .synonyms()
            .add(synonym(brokerName, config.defaultValue(), ConfigSource.DEFAULT_CONFIG));
      }
    }
    return result;
  }

  private static DescribeConfigsSynonym synonym(
      String name, @org.jspecify.annotations.Nullable String value, ConfigSource source) {
    return new DescribeConfigsSynonym().setName(name).setValue(value).setSource(source.id());
  }

  private static ConfigType type(ConfigDef.Type type) {
    return switch (type) {
      case BOOLEAN -> ConfigType.BOOLEAN;
      case STRING -> ConfigType.STRING;
      case INT -> ConfigType.INT;
      case SHORT -> ConfigType.SHORT;
      case LONG -> ConfigType.LONG;
      case DOUBLE -> ConfigType.DOUBLE;
      case LIST -> ConfigType.LIST;
      case CLASS -> ConfigType.CLASS;
      case PASSWORD -> ConfigType.PASSWORD;
    };
  }

  private List<DescribeConfigsResourceResult> broker(String id) {
    if (id.isEmpty()) {
      // What is set for every broker of the cluster; here each setting is this broker's own.
      return List.of();
    }
    BrokerOptions options = broker.options();
    if (!id.equals(Integer.toString(options.nodeId()))) {
      throw new InvalidRequestException(
          "Unexpected broker id, expected "
              + options.nodeId()
              + " or empty string, but received "
              + id);
    }
    Map<String, String> configs =
        new TreeMap<>(
            Map.of(
                "node.id", Integer.toString(options.nodeId()),
                "broker.id", Integer.toString(options.nodeId()),
                "num.partitions", Integer.toString(options.defaultPartitions()),
                "default.replication.factor", "1",
                "min.insync.replicas", "1",
                "auto.create.topics.enable", Boolean.toString(options.autoCreateTopics())));
    return configs.entrySet().stream()
        .map(
            config ->
                new DescribeConfigsResourceResult()
                    .setName(config.getKey())
                    .setValue(config.getValue())
                    .setReadOnly(true)
                    .setConfigSource(ConfigSource.STATIC_BROKER_CONFIG.id())
                    .setConfigType(ConfigType.STRING.id()))
        .toList();
  }
}
