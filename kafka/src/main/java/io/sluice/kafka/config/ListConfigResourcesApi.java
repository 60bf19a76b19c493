package io.sluice.kafka.config;

import io.sluice.kafka.KafkaApi;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ListConfigResourcesRequest;
import org.apache.kafka.common.requests.ListConfigResourcesResponse;
import org.apache.kafka.common.requests.RequestContext;

/**
 * ListConfigResources, 0–1 (KIP-1142): every topic, this broker, and those groups and subscriptions
 * to metrics of clients that have configs; version 0 lists only the last.
 */
final class ListConfigResourcesApi implements KafkaApi {

  private final Map<ConfigResource.Type, Configurable> configurables;

  ListConfigResourcesApi(Map<ConfigResource.Type, Configurable> configurables) {
    this.configurables = configurables;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.LIST_CONFIG_RESOURCES;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request) {
    ListConfigResourcesRequest asked = (ListConfigResourcesRequest) request;
    Set<Byte> supported = asked.supportedResourceTypes();
    List<Byte> wanted = asked.data().resourceTypes();
    if (!supported.containsAll(wanted)) {
      throw new UnsupportedVersionException("resource types must be of " + supported);
    }
    ListConfigResourcesResponseData response = new ListConfigResourcesResponseData();
    for (byte type : wanted.isEmpty() ? supported : new LinkedHashSet<>(wanted)) {
      Configurable configurable = configurables.get(ConfigResource.Type.forId(type));
      for (String name : configurable == null ? List.<String>of() : configurable.names()) {
        response
            .configResources()
            .add(
                new ListConfigResourcesResponseData.ConfigResource()
                    .setResourceType(type)
                    .setResourceName(name));
      }
    }
    return new ListConfigResourcesResponse(response);
  }
}
