package io.sluice.e2e;

import java.util.List;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * Requests about what brokers set for their topics (KIP-226), right and wrong. What is set is unset
 * in the end. Apache Kafka's broker hears of a change a moment after its controller has answered:
 * nothing is described right after it has changed.
 */
final class BrokerConfigRequests {

  private static final String NODE = "1";
  private static final String CLUSTER = "";
  private static final String MOST = "message.max.bytes";
  private static final String POLICY = "log.cleanup.policy";
  private static final String RETENTION = "log.retention.ms";

  private static final String[] NAMES = {
    MOST,
    POLICY,
    RETENTION,
    "log.retention.hours",
    "log.roll.ms",
    "log.roll.hours",
    "log.roll.jitter.ms",
    "log.roll.jitter.hours",
    "log.flush.interval.ms",
    "log.flush.scheduler.interval.ms",
    "log.segment.bytes",
    "compression.type",
    "log.cleaner.min.cleanable.ratio",
    "unclean.leader.election.enable"
  };

  private BrokerConfigRequests() {}

  static List<Comparison> all() {
    return List.of(
        set("set a config of the cluster", CLUSTER, MOST, "500000"),
        set("set another config of the cluster", CLUSTER, RETENTION, "700000000"),
        set("set a list of the cluster", CLUSTER, POLICY, "compact"),
        set("set a config of a broker", NODE, MOST, "600000"),
        alter("append to a list of a broker", NODE, OpType.APPEND, POLICY, "compact"),
        set("set an illegal config of the cluster", CLUSTER, RETENTION, "x"),
        set("set a config of a broker to what is between its ranges", NODE, RETENTION, "0"),
        set("set a config of a broker to null", NODE, RETENTION, null),
        set("set too small a segment", CLUSTER, "log.segment.bytes", "1000"),
        set("set an illegal list of a broker", NODE, POLICY, "shred"),
        set("set an illegal compression of a broker", NODE, "compression.type", "rar"),
        set("set too long a local retention", NODE, "log.local.retention.ms", "700000001"),
        set("set an unlimited local retention", NODE, "log.local.retention.ms", "-1"),
        set("set a static config of the cluster", CLUSTER, "num.partitions", "2"),
        set("set a config in hours", CLUSTER, "log.retention.hours", "2"),
        set("set a default of the name of a broker", "x", MOST, "1"),
        set("set a default of another broker", "9", MOST, "1"),
        alter("append to no list of a broker", NODE, OpType.APPEND, MOST, "1"),
        alter("append to a static config of a broker", NODE, OpType.APPEND, "node.id", "1"),
        alter("delete an unset config of a broker", NODE, OpType.DELETE, RETENTION, null),
        alter("delete a static config of a broker", NODE, OpType.DELETE, "node.id", null),
        alter("delete an unknown config of a broker", NODE, OpType.DELETE, "no.such", null),
        describe("defaults of a broker", ConfigResource.Type.BROKER, NODE, NAMES),
        describe("defaults of the cluster", ConfigResource.Type.BROKER, CLUSTER, NAMES),
        describe("defaults of a topic", ConfigResource.Type.TOPIC, "t"),
        creation(),
        AdminRequests.replace(
            "replace configs of a broker", ConfigResource.Type.BROKER, NODE, MOST, "700000"),
        AdminRequests.replace(
            "replace by a static config", ConfigResource.Type.BROKER, NODE, "node.id", "1"),
        AdminRequests.replace(
            "replace configs of another broker", ConfigResource.Type.BROKER, "9", MOST, "1"),
        set("set a config of another kind", CLUSTER, "num.io.threads", "8"),
        alter("delete one of another kind", CLUSTER, OpType.DELETE, "num.io.threads", null),
        set("set an unknown config of the cluster", CLUSTER, "no.such", "1"),
        alter("delete an unknown one again", CLUSTER, OpType.DELETE, "no.such", null),
        describe("replaced defaults of a broker", ConfigResource.Type.BROKER, NODE, NAMES),
        alter("delete a config of a broker", NODE, OpType.DELETE, MOST, null),
        alter("delete a config of the cluster", CLUSTER, OpType.DELETE, MOST, null),
        alter("delete another of the cluster", CLUSTER, OpType.DELETE, RETENTION, null),
        alter("delete a list of the cluster", CLUSTER, OpType.DELETE, POLICY, null),
        set("set a negative retention of the cluster", CLUSTER, RETENTION, "-2"),
        alter("delete the negative retention", CLUSTER, OpType.DELETE, RETENTION, null),
        set("set a static config of a broker again", NODE, "node.id", "2"),
        set("set a static config of a broker once more", NODE, "node.id", "2"),
        describe("defaults of a topic again", ConfigResource.Type.TOPIC, "t"),
        describe("defaults of the cluster again", ConfigResource.Type.BROKER, CLUSTER, NAMES));
  }

  private static Comparison set(String name, String broker, String config, @Nullable String value) {
    return alter(name, broker, OpType.SET, config, value);
  }

  private static Comparison alter(
      String name, String broker, OpType operation, String config, @Nullable String value) {
    return AdminRequests.alter(name, ConfigResource.Type.BROKER, broker, operation, config, value);
  }

  private static Comparison describe(
      String name, ConfigResource.Type type, String resource, String... names) {
    return AdminRequests.describe(name, type, resource, names);
  }

  private static Comparison creation() {
    CreatableTopic topic =
        new CreatableTopic()
            .setName("following")
            .setNumPartitions(1)
            .setReplicationFactor((short) 1);
    topic.configs().add(new CreatableTopicConfig().setName("segment.ms").setValue("800000000"));
    CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(10_000);
    request.topics().mustAdd(topic);
    return Comparison.of("create a topic over defaults", ApiKeys.CREATE_TOPICS, 7, request);
  }
}
