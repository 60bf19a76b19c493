package io.sluice.kafka.config;

import io.sluice.broker.Broker;
import io.sluice.kafka.KafkaApi;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigResource;

/** The APIs of configuration. */
public final class ConfigApis {

  private ConfigApis() {}

  /**
   * Every one of them, for registration.
   *
   * @param groups what is configurable of groups
   */
  public static List<KafkaApi> all(Broker broker, Configurable groups) {
    Map<ConfigResource.Type, Configurable> configurables = new EnumMap<>(ConfigResource.Type.class);
    List.of(
            new ConfigurableTopics(broker.topics()),
            new ConfigurableBroker(broker.options()),
            groups)
        .forEach(each -> configurables.put(each.type(), each));
    ConfigChanges changes = new ConfigChanges(configurables);
    return List.of(
        new DescribeConfigsApi(configurables),
        new AlterConfigsApi(changes),
        new IncrementalAlterConfigsApi(changes),
        new ListConfigResourcesApi(configurables));
  }
}
