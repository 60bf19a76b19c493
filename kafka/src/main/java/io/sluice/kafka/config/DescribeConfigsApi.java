package io.sluice.kafka.config;

import io.sluice.kafka.ErrorCodes;
import io.sluice.kafka.KafkaApi;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidRequestException;
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
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;
import org.apache.kafka.common.requests.RequestContext;
import org.jspecify.annotations.Nullable;

/**
 * DescribeConfigs, 1–4 (KIP-133, KIP-226, KIP-569): every resource that is configurable. Of one
 * that is named twice the first counts.
 */
final class DescribeConfigsApi implements KafkaApi {

  private final Map<ConfigResource.Type, Configurable> configurables;

  DescribeConfigsApi(Map<ConfigResource.Type, Configurable> configurables) {
    this.configurables = configurables;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.DESCRIBE_CONFIGS;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request) {
    DescribeConfigsRequestData asked = ((DescribeConfigsRequest) request).data();
    // As in Kafka a type that does not exist is the error of the whole request.
    asked.resources().forEach(this::configurable);
    DescribeConfigsResponseData response = new DescribeConfigsResponseData();
    Set<ConfigResource> described = new HashSet<>();
    for (DescribeConfigsResource resource : asked.resources()) {
      ConfigResource.Type type = ConfigResource.Type.forId(resource.resourceType());
      if (described.add(new ConfigResource(type, resource.resourceName()))) {
        response.results().add(describe(resource, asked));
      }
    }
    return new DescribeConfigsResponse(response);
  }

  private Configurable configurable(DescribeConfigsResource resource) {
    ConfigResource.Type type = ConfigResource.Type.forId(resource.resourceType());
    Configurable configurable = configurables.get(type);
    if (configurable == null) {
      throw new InvalidRequestException(
          "Unexpected resource type " + type + " for resource " + resource.resourceName());
    }
    return configurable;
  }

  private DescribeConfigsResult describe(
      DescribeConfigsResource resource, DescribeConfigsRequestData asked) {
    DescribeConfigsResult result =
        new DescribeConfigsResult()
            .setResourceType(resource.resourceType())
            .setResourceName(resource.resourceName());
    List<String> wanted = resource.configurationKeys();
    try {
      return result.setConfigs(
          configurable(resource).describe(resource.resourceName()).stream()
              .filter(
                  config -> wanted == null || wanted.isEmpty() || wanted.contains(config.name()))
              .map(config -> result(config, asked))
              .toList());
    } catch (RuntimeException e) {
      return result.setErrorCode(ErrorCodes.of(e).code()).setErrorMessage(e.getMessage());
    }
  }

  private static DescribeConfigsResourceResult result(
      DescribedConfig config, DescribeConfigsRequestData asked) {
    DescribeConfigsResourceResult result =
        new DescribeConfigsResourceResult()
            .setName(config.name())
            .setValue(config.value())
            .setReadOnly(config.readOnly())
            .setConfigSource(config.source().id())
            .setConfigType(type(config.type()).id())
            .setDocumentation(asked.includeDocumentation() ? config.documentation() : null);
    if (asked.includeSynonyms()) {
      config
          .synonyms()
          .forEach(
              synonym ->
                  result
                      .synonyms()
                      .add(
                          new DescribeConfigsSynonym()
                              .setName(synonym.name())
                              .setValue(synonym.value())
                              .setSource(synonym.source().id())));
    }
    return result;
  }

  private static ConfigType type(ConfigDef.@Nullable Type type) {
    return switch (type) {
      case null -> ConfigType.UNKNOWN;
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
}
