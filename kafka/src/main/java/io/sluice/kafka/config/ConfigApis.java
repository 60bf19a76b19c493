package io.sluice.kafka.config;

import io.sluice.broker.Broker;
import io.sluice.kafka.KafkaApi;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigResource;

/** The APIs of configuration. */
public final class ConfigApis {

  private ConfigApis() {}

  /**
   * Every one of them, for registration.
   *
   * @param more what is configurable beside topics and this broker
   */
  public static List<KafkaApi> all(Broker broker, Configurable... more) {
    Map<ConfigResource.Type, Configurable> configurables = new EnumMap<>(ConfigResource.Type.class);
    Stream.concat(
            Stream.of(
                new ConfigurableTopics(broker.topics()),
                new ConfigurableBroker(broker),
                new ConfigurableLoggers(broker.options().nodeId())),
            Stream.of(more))
        .forEach(each -> configurables.put(each.type(), each));
    ConfigChanges changes = new ConfigChanges(configurables);
    return List.of(
        new DescribeConfigsApi(configurables),
        new AlterConfigsApi(changes),
        new IncrementalAlterConfigsApi(changes),
        new ListConfigResourcesApi(configurables));
  }
}
