package io.sluice.kafka;

import io.sluice.broker.Broker;
import io.sluice.kafka.admin.AdminApis;
import io.sluice.kafka.config.ConfigApis;
import io.sluice.kafka.group.Groups;
import io.sluice.kafka.quota.Quotas;
import io.sluice.kafka.share.ShareApis;
import io.sluice.kafka.telemetry.Telemetry;
import io.sluice.kafka.transaction.Transactions;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.message.ApiMessageType.ListenerType;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersionCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.ApiVersionsResponse;

/** Every API that this broker serves; ApiVersions is built from this list. */
final class KafkaApis {

  private final Map<ApiKeys, KafkaApi> apis = new EnumMap<>(ApiKeys.class);
  private final PipelinedApi produce;
  private final FetchApi fetch;
  private final ShareApis share;
  private final Quotas quotas;
  private final ApiVersionCollection versions;

  KafkaApis(Broker broker, Node node, Groups groups, Transactions transactions) {
    this.produce = new ProduceApi(broker.topics(), transactions.admission());
    this.fetch = new FetchApi(broker.topics());
    this.share = new ShareApis(broker, groups);
    this.quotas = new Quotas(broker);
    register(new MetadataApi(broker, node));
    register(fetch);
    register(new ListOffsetsApi(broker.topics()));
    register(new OffsetForLeaderEpochApi(broker.topics()));
    register(new DescribeProducersApi(broker.topics()));
    register(new CreateTopicsApi(broker.topics(), node));
    register(new DeleteTopicsApi(broker.topics()));
    register(new CreatePartitionsApi(broker.topics(), node));
    register(new DeleteRecordsApi(broker.topics()));
    AdminApis.all(broker, node, BrokerFeatures.FINALIZED).forEach(this::register);
    Telemetry telemetry = new Telemetry(broker);
    ConfigApis.all(broker, groups.configurable(), telemetry.configurable()).forEach(this::register);
    telemetry.apis().forEach(this::register);
    register(new DescribeClusterApi(broker, node));
    register(new DescribeTopicPartitionsApi(broker.topics(), node));
    groups.apis().forEach(this::register);
    share.all().forEach(this::register);
    transactions.apis().forEach(this::register);
    quotas.apis().forEach(this::register);
    EnumSet<ApiKeys> served = EnumSet.of(produce.key(), ApiKeys.API_VERSIONS);
    served.addAll(apis.keySet());
    this.versions = ApiVersionsResponse.collectApis(ListenerType.BROKER, served, false);
    register(new ApiVersionsApi(versions));
  }

  private void register(KafkaApi api) {
    apis.put(api.key(), api);
  }

  PipelinedApi produce() {
    return produce;
  }

  Quotas quotas() {
    return quotas;
  }

  Optional<KafkaApi> find(ApiKeys key) {
    return Optional.ofNullable(apis.get(key));
  }

  boolean serves(ApiKeys key) {
    return key == produce.key() || apis.containsKey(key);
  }

  /** Whoever waits for records, now or later, is answered with those that there are. */
  void stopWaiting() {
    fetch.stopWaiting();
    share.stopWaiting();
  }

  /** What was kept for the connection of that id is not needed any more. */
  void disconnected(String connectionId) throws InterruptedException {
    share.disconnected(connectionId);
  }

  /** What ApiVersions announces. */
  ApiVersionCollection versions() {
    return versions;
  }
}
