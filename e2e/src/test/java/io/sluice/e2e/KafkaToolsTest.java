package io.sluice.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The command-line tools of Apache Kafka 4.3.1 against the real process: what they print is what
 * they would print of one node of Apache Kafka. Most of them run in this process, where nobody else
 * may print meanwhile.
 */
@Isolated
class KafkaToolsTest {

  private static final String TOOLS = "org.apache.kafka.tools.";
  private static final String GROUPS = "consumer.group.ConsumerGroupCommand";
  private static final String SHARE_GROUPS = "consumer.group.ShareGroupCommand";
  private static final AtomicInteger NAMES = new AtomicInteger();

  @TempDir static Path folder;
  private static SluiceProcess sluice;

  @BeforeAll
  static void start() {
    sluice = SluiceProcess.in(folder);
  }

  @AfterAll
  static void stop() {
    sluice.close();
  }

  private static String[] toSluice(String option, String... arguments) {
    List<String> all = new ArrayList<>(List.of(option, sluice.process().kafka()));
    all.addAll(Arrays.asList(arguments));
    return all.toArray(String[]::new);
  }

  private static ForeignProgram.Output tool(String name, String... arguments) {
    return KafkaTool.run("", TOOLS + name, toSluice("--bootstrap-server", arguments));
  }

  /** What a tool printed that succeeded. */
  private static String printed(String name, String... arguments) {
    return tool(name, arguments).mustSucceed().text();
  }

  private static String configs(String... arguments) {
    return KafkaTool.run("", "kafka.admin.ConfigCommand", toSluice("--bootstrap-server", arguments))
        .mustSucceed()
        .text();
  }

  private static void assertPrinted(String text, String... expected) {
    for (String each : expected) {
      assertTrue(text.contains(each), () -> "no '" + each + "' in: " + text);
    }
  }

  private static void assertMatches(String text, String... expected) {
    for (String each : expected) {
      assertTrue(Pattern.compile(each).matcher(text).find(), () -> "no " + each + " in: " + text);
    }
  }

  private static String newTopic(int partitions) {
    String name = "topic-" + NAMES.incrementAndGet();
    assertPrinted(
        printed(
            "TopicCommand",
            "--create",
            "--topic",
            name,
            "--partitions",
            Integer.toString(partitions)),
        "Created topic " + name);
    return name;
  }

  /** Writes the lines {@code line-0}, {@code line-1}, …, each with its number as the key. */
  private static void produce(String topic, int count) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      lines.append(i).append(":line-").append(i).append('\n');
    }
    KafkaTool.run(
            lines.toString(),
            TOOLS + "ConsoleProducer",
            toSluice(
                "--bootstrap-server",
                "--topic",
                topic,
                "--reader-property",
                "parse.key=true",
                "--reader-property",
                "key.separator=:"))
        .mustSucceed();
  }

  private static String consume(String topic, int count, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--topic",
                topic,
                "--from-beginning",
                "--timeout-ms",
                "20000",
                "--max-messages",
                Integer.toString(count)));
    arguments.addAll(List.of(more));
    return printed("consumer.ConsoleConsumer", arguments.toArray(String[]::new));
  }

  @Test
  void topics() {
    String topic = newTopic(3);
    String described = printed("TopicCommand", "--describe", "--topic", topic);
    assertPrinted(described, "PartitionCount: 3\tReplicationFactor: 1");
    assertMatches(described, "Partition: 2\tLeader: 1\tReplicas: 1\tIsr: 1");
    assertPrinted(printed("TopicCommand", "--list"), topic);
    printed("TopicCommand", "--alter", "--topic", topic, "--partitions", "5");
    assertPrinted(printed("TopicCommand", "--describe", "--topic", topic), "PartitionCount: 5");
    for (String problem :
        List.of(
            "--under-replicated-partitions",
            "--unavailable-partitions",
            "--under-min-isr-partitions",
            "--at-min-isr-partitions")) {
      assertEquals(
          problem.startsWith("--at"),
          printed("TopicCommand", "--describe", problem).contains(topic),
          problem);
    }
    printed(
        "TopicCommand",
        "--create",
        "--topic",
        topic + "-assigned",
        "--replica-assignment",
        "1,1",
        "--config",
        "retention.ms=1000");
    assertPrinted(
        printed("TopicCommand", "--describe", "--topics-with-overrides"), "retention.ms=1000");
    ForeignProgram.Output refused =
        tool("TopicCommand", "--create", "--topic", topic + "-2", "--replication-factor", "2");
    assertEquals(1, refused.exitCode());
    assertPrinted(refused.text(), "Replication factor must be 1");
    printed("TopicCommand", "--delete", "--topic", topic);
    assertEquals(1, tool("TopicCommand", "--describe", "--topic", topic).exitCode());
  }

  @Test
  void console_producer_and_consumer() {
    String topic = newTopic(1);
    produce(topic, 3);
    assertPrinted(consume(topic, 3), "line-0\nline-1\nline-2\n", "Processed a total of 3 messages");
    assertPrinted(
        consume(
            topic,
            1,
            "--formatter-property",
            "print.key=true",
            "--formatter-property",
            "print.offset=true",
            "--formatter-property",
            "print.partition=true"),
        "Partition:0\tOffset:0\t0\tline-0");
  }

  @Test
  void offsets_and_deleted_records() throws IOException {
    String topic = newTopic(1);
    produce(topic, 10);
    assertPrinted(printed("GetOffsetShell", "--topic", topic), topic + ":0:10");
    assertPrinted(
        printed("GetOffsetShell", "--topic", topic, "--time", "earliest"), topic + ":0:0");
    assertMatches(
        printed("GetOffsetShell", "--topic-partitions", topic + ":0", "--time", "max-timestamp"),
        topic + ":0:[0-9]\n");
    assertPrinted(printed("GetOffsetShell", "--topic", topic, "--time", "1"), topic + ":0:0");
    Path file = folder.resolve(topic + ".json");
    Files.writeString(
        file,
        "{\"partitions\":[{\"topic\":\"%s\",\"partition\":0,\"offset\":4}],\"version\":1}"
            .formatted(topic));
    assertPrinted(
        printed("DeleteRecordsCommand", "--offset-json-file", file.toString()), "low_watermark: 4");
    assertPrinted(
        printed("GetOffsetShell", "--topic", topic, "--time", "earliest"), topic + ":0:4");
  }

  @Test
  void consumer_groups() {
    String topic = newTopic(1);
    String group = "group-of-" + topic;
    produce(topic, 10);
    consume(topic, 10, "--group", group);
    assertPrinted(printed(GROUPS, "--list"), group);
    assertMatches(printed(GROUPS, "--list", "--state"), group + " +Empty");
    assertMatches(printed(GROUPS, "--list", "--state", "Empty", "--type", "classic"), group);
    assertEquals(-1, printed(GROUPS, "--list", "--state", "Stable").indexOf(group));
    assertMatches(
        printed(GROUPS, "--describe", "--group", group), group + " +" + topic + " +0 +10 +10 +0");
    assertMatches(
        printed(GROUPS, "--describe", "--group", group, "--state", "--verbose"),
        group + " +127.0.0.1:[0-9]+ +\\(1\\) .*Empty .* 0");
    printed(GROUPS, "--describe", "--group", group, "--members", "--verbose");
    assertPrinted(printed(GROUPS, "--describe", "--all-groups"), group);
    printed("GroupsCommand", "--list");
    assertMatches(printed("GroupsCommand", "--list", "--consumer"), group + " +Classic +consumer");
  }

  private static void assertReset(String group, String topic, int offset, String... how) {
    List<String> arguments =
        new ArrayList<>(
            List.of("--reset-offsets", "--group", group, "--topic", topic, "--execute"));
    arguments.addAll(List.of(how));
    String pattern = group + " +" + topic + " +0 +" + offset;
    assertMatches(printed(GROUPS, arguments.toArray(String[]::new)), pattern);
    assertMatches(printed(GROUPS, "--describe", "--group", group), pattern + " +10");
  }

  @Test
  void offsets_of_groups() throws IOException {
    String topic = newTopic(1);
    String group = "group-of-" + topic;
    produce(topic, 10);
    consume(topic, 10, "--group", group);
    assertReset(group, topic, 0, "--to-earliest");
    assertReset(group, topic, 10, "--to-latest");
    assertReset(group, topic, 7, "--to-offset", "7");
    assertReset(group, topic, 5, "--shift-by", "-2");
    assertReset(group, topic, 5, "--to-current");
    assertReset(group, topic, 0, "--by-duration", "P1D");
    assertReset(group, topic, 0, "--to-datetime", "2020-01-01T00:00:00.000");
    Path file = folder.resolve(topic + ".csv");
    Files.writeString(file, topic + ",0,3\n");
    assertReset(group, topic, 3, "--from-file", file.toString());
    assertPrinted(
        printed(
            GROUPS,
            "--reset-offsets",
            "--group",
            group,
            "--all-topics",
            "--to-earliest",
            "--dry-run",
            "--export"),
        topic + ",0,0");
    assertMatches(printed(GROUPS, "--describe", "--group", group), topic + " +0 +3 +10 +7");
    assertMatches(
        printed(GROUPS, "--delete-offsets", "--group", group, "--topic", topic),
        topic + " +0 +Successful");
    assertEquals(
        -1, printed(GROUPS, "--describe", "--group", group, "--offsets").indexOf(topic + " "));
    assertPrinted(
        printed(GROUPS, "--delete", "--group", group), "Deletion of requested consumer groups");
    assertPrinted(tool(GROUPS, "--describe", "--group", group).text(), "GroupIdNotFoundException");
    assertPrinted(tool(GROUPS, "--delete", "--group", group).text(), "GroupIdNotFoundException");
  }

  @Test
  void configs_of_topics_brokers_and_groups() {
    String topic = newTopic(1);
    configs(
        "--alter",
        "--entity-type",
        "topics",
        "--entity-name",
        topic,
        "--add-config",
        "retention.ms=7000,cleanup.policy=[compact,delete]");
    assertPrinted(
        configs("--describe", "--entity-type", "topics", "--entity-name", topic),
        "retention.ms=7000",
        "cleanup.policy=compact,delete",
        "DYNAMIC_TOPIC_CONFIG:cleanup.policy=compact,delete, DEFAULT_CONFIG:log.cleanup.policy");
    configs("--alter", "--topic", topic, "--delete-config", "retention.ms");
    assertPrinted(configs("--describe", "--topic", topic, "--all"), "retention.ms=604800000");
    assertPrinted(configs("--describe", "--entity-type", "topics"), topic);
    assertPrinted(configs("--describe", "--broker", "1", "--all"), "node.id=1", "num.partitions=1");
    String group = "group-of-" + topic;
    configs("--alter", "--group", group, "--add-config", "share.auto.offset.reset=earliest");
    assertPrinted(configs("--describe", "--group", group), "share.auto.offset.reset=earliest");
    assertPrinted(configs("--describe", "--entity-type", "groups"), group);
  }

  @Test
  void configs_of_brokers_while_they_run() {
    String topic = newTopic(1);
    configs(
        "--alter",
        "--entity-type",
        "brokers",
        "--entity-default",
        "--add-config",
        "log.segment.delete.delay.ms=70000,log.cleaner.delete.retention.ms=80000");
    configs(
        "--alter",
        "--entity-type",
        "brokers",
        "--entity-name",
        "1",
        "--add-config",
        "log.segment.delete.delay.ms=90000");
    assertPrinted(
        configs("--describe", "--entity-type", "brokers", "--entity-default"),
        "log.segment.delete.delay.ms=70000",
        "log.cleaner.delete.retention.ms=80000");
    assertPrinted(
        configs("--describe", "--entity-type", "brokers", "--entity-name", "1"),
        "log.segment.delete.delay.ms=90000",
        "DYNAMIC_BROKER_CONFIG:log.segment.delete.delay.ms=90000,"
            + " DYNAMIC_DEFAULT_BROKER_CONFIG:log.segment.delete.delay.ms=70000,"
            + " DEFAULT_CONFIG:log.segment.delete.delay.ms=60000");
    assertPrinted(
        configs("--describe", "--topic", topic, "--all"),
        "file.delete.delay.ms=90000",
        "delete.retention.ms=80000");
    configs("--alter", "--broker", "1", "--delete-config", "log.segment.delete.delay.ms");
    configs(
        "--alter",
        "--broker-defaults",
        "--delete-config",
        "log.segment.delete.delay.ms,log.cleaner.delete.retention.ms");
    assertPrinted(
        configs("--describe", "--topic", topic, "--all"),
        "file.delete.delay.ms=60000",
        "delete.retention.ms=86400000");
  }

  @Test
  void log_dirs() {
    String topic = newTopic(2);
    assertPrinted(
        printed("LogDirsCommand", "--describe", "--topic-list", topic, "--broker-list", "1"),
        "{\"partition\":\"" + topic + "-1\",\"size\":0,\"offsetLag\":0,\"isFuture\":false}");
  }

  @Test
  void broker_api_versions() {
    String versions = printed("BrokerApiVersionsCommand");
    assertPrinted(versions, "Produce(0): 0 to 13 [usable: 13]", "ListConfigResources(74): 0 to 1");
    assertEquals(-1, versions.indexOf("UNKNOWN"), versions);
  }

  @Test
  void leader_election() {
    String topic = newTopic(1);
    assertPrinted(
        printed(
            "LeaderElectionCommand",
            "--election-type",
            "preferred",
            "--topic",
            topic,
            "--partition",
            "0"),
        "Valid replica already elected for partitions " + topic + "-0");
    printed("LeaderElectionCommand", "--election-type", "unclean", "--all-topic-partitions");
  }

  @Test
  void the_metadata_quorum() {
    assertMatches(
        printed("MetadataQuorumCommand", "describe", "--status"),
        "LeaderId: +1\n",
        "MaxFollowerLag: +0\n",
        "CurrentVoters: +\\[\\{\"id\": 1, ");
    assertMatches(printed("MetadataQuorumCommand", "describe", "--replication"), "\n1 .*Leader");
  }

  @Test
  void features() {
    assertMatches(
        printed("FeatureCommand", "describe"),
        "Feature: group.version .*FinalizedVersionLevel: 1",
        "Feature: metadata.version .*FinalizedVersionLevel: 4.3-IV0");
  }

  @Test
  void partition_reassignments() throws IOException {
    String topic = newTopic(1);
    assertPrinted(
        printed("reassign.ReassignPartitionsCommand", "--list"), "No partition reassignments");
    Path file = folder.resolve(topic + ".json");
    Files.writeString(
        file,
        "{\"version\":1,\"partitions\":[{\"topic\":\"%s\",\"partition\":0,\"replicas\":[1]}]}"
            .formatted(topic));
    assertPrinted(
        printed(
            "reassign.ReassignPartitionsCommand",
            "--execute",
            "--reassignment-json-file",
            file.toString()),
        "Successfully started partition reassignment for " + topic + "-0");
    assertPrinted(
        printed(
            "reassign.ReassignPartitionsCommand",
            "--verify",
            "--reassignment-json-file",
            file.toString()),
        "Reassignment of partition " + topic + "-0 is completed.");
  }

  @Test
  void the_cluster() {
    String[] listed = toSluice("--bootstrap-server");
    assertMatches(
        KafkaTool.run("", TOOLS + "ClusterTool", prepend("cluster-id", listed))
            .mustSucceed()
            .text(),
        "Cluster ID: \\S{22}");
    assertMatches(
        KafkaTool.run("", TOOLS + "ClusterTool", prepend("list-endpoints", listed))
            .mustSucceed()
            .text(),
        "1 +127.0.0.1 +[0-9]+ +null +unfenced +broker");
  }

  private static String[] prepend(String command, String... arguments) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of(arguments));
    return all.toArray(String[]::new);
  }

  @Test
  void end_to_end_latency() {
    assertPrinted(
        printed(
            "EndToEndLatency",
            "--topic",
            newTopic(1),
            "--num-records",
            "50",
            "--producer-acks",
            "all",
            "--record-size",
            "100"),
        "Avg latency:");
  }

  /** These two end their process themselves, whoever has started them. */
  @Test
  void verifiable_producer_and_consumer() {
    String topic = newTopic(1);
    assertPrinted(
        KafkaTool.process(
                folder,
                TOOLS + "VerifiableProducer",
                toSluice("--bootstrap-server", "--topic", topic, "--max-messages", "20"))
            .mustSucceed()
            .text(),
        "\"sent\":20,\"acked\":20");
    assertPrinted(
        KafkaTool.process(
                folder,
                TOOLS + "VerifiableConsumer",
                toSluice(
                    "--bootstrap-server",
                    "--topic",
                    topic,
                    "--group-id",
                    "group-of-" + topic,
                    "--max-messages",
                    "20",
                    "--reset-policy",
                    "earliest"))
            .mustSucceed()
            .text(),
        "\"count\":20");
  }

  @Test
  void transactions() {
    String topic = newTopic(1);
    String id = "transaction-of-" + topic;
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", sluice.process().kafka(), "transactional.id", id),
            new StringSerializer(),
            new StringSerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(topic, "value"));
      producer.commitTransaction();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(topic, "value"));
      producer.flush();
      assertMatches(printed("TransactionsCommand", "list"), id + "\\s+1\\s+[0-9]+\\s+Ongoing");
      assertMatches(
          printed("TransactionsCommand", "describe", "--transactional-id", id),
          id + "\\s+[0-9]+\\s+[0-9]+\\s+Ongoing\\s.*" + topic + "-0");
      assertMatches(
          printed(
              "TransactionsCommand", "describe-producers", "--topic", topic, "--partition", "0"),
          "\n[0-9]+\\s+[0-9]+\\s+");
      printed("TransactionsCommand", "find-hanging", "--broker-id", "1");
      producer.abortTransaction();
    }
    assertMatches(printed("TransactionsCommand", "list"), id + "\\s.*(Prepare|Complete)Abort");
  }

  @Test
  void share_groups() {
    String topic = newTopic(1);
    String group = "share-group-of-" + topic;
    produce(topic, 10);
    configs("--alter", "--group", group, "--add-config", "share.auto.offset.reset=earliest");
    assertPrinted(
        printed(
            "consumer.ConsoleShareConsumer",
            "--topic",
            topic,
            "--group",
            group,
            "--max-messages",
            "10",
            "--timeout-ms",
            "20000"),
        "line-9");
    assertPrinted(printed(SHARE_GROUPS, "--list"), group);
    assertMatches(printed("GroupsCommand", "--list", "--share"), group + " +Share +share");
    assertMatches(
        printed(SHARE_GROUPS, "--describe", "--group", group), group + " +" + topic + " +0 +10");
    printed(SHARE_GROUPS, "--describe", "--group", group, "--members");
    assertMatches(
        printed(SHARE_GROUPS, "--describe", "--group", group, "--state"), group + " .*Empty");
    printed(
        SHARE_GROUPS,
        "--reset-offsets",
        "--group",
        group,
        "--topic",
        topic,
        "--to-earliest",
        "--execute");
    assertMatches(
        printed(SHARE_GROUPS, "--describe", "--group", group), group + " +" + topic + " +0 +0");
    assertPrinted(
        printed(
            "ShareConsumerPerformance",
            "--topic",
            topic,
            "--group",
            group,
            "--num-records",
            "10",
            "--timeout",
            "20000"),
        "data.consumed.in.nMsg");
    assertMatches(
        printed(SHARE_GROUPS, "--describe", "--group", group), group + " +" + topic + " +0 +10");
    assertMatches(
        printed(SHARE_GROUPS, "--delete-offsets", "--group", group, "--topic", topic),
        topic + " +Successful");
    printed(SHARE_GROUPS, "--delete", "--group", group);
    assertEquals(-1, printed(SHARE_GROUPS, "--list").indexOf(group));
  }

  @Test
  void quotas() {
    configs(
        "--alter",
        "--entity-type",
        "clients",
        "--entity-name",
        "app",
        "--add-config",
        "producer_byte_rate=1048576,consumer_byte_rate=2097152");
    configs("--alter", "--user-defaults", "--add-config", "consumer_byte_rate=4194304");
    assertPrinted(
        configs("--describe", "--client", "app"),
        "Quota configs for client-id 'app' are",
        "producer_byte_rate=1048576.0",
        "consumer_byte_rate=2097152.0");
    assertPrinted(
        configs("--describe", "--entity-type", "users"),
        "Quota configs for the default user-principal are consumer_byte_rate=4194304.0");
    configs(
        "--alter", "--client", "app", "--delete-config", "producer_byte_rate,consumer_byte_rate");
    configs("--alter", "--user-defaults", "--delete-config", "consumer_byte_rate");
    assertEquals(-1, configs("--describe", "--entity-type", "clients").indexOf("byte_rate"));
  }

  @Test
  void subscriptions_to_metrics_of_clients() {
    printed(
        "ClientMetricsCommand",
        "--alter",
        "--name",
        "latencies",
        "--metrics",
        "org.apache.kafka.producer.",
        "--interval",
        "60000",
        "--match",
        "client_id=nobody");
    assertPrinted(printed("ClientMetricsCommand", "--list"), "latencies");
    assertPrinted(
        printed("ClientMetricsCommand", "--describe", "--name", "latencies"),
        "interval.ms=60000",
        "match=client_id=nobody",
        "metrics=org.apache.kafka.producer.");
    printed("ClientMetricsCommand", "--delete", "--name", "latencies");
    assertEquals(-1, printed("ClientMetricsCommand", "--list").indexOf("latencies"));
  }

  @Test
  void streams_groups() {
    assertEquals("", printed("streams.StreamsGroupCommand", "--list").strip());
  }

  @Test
  void what_needs_security_is_refused() {
    assertPrinted(tool("AclCommand", "--list").text(), "SecurityDisabledException");
  }

  @Test
  void levels_of_loggers() {
    configs("--alter", "--broker-logger", "1", "--add-config", "io.sluice=WARN");
    assertPrinted(configs("--describe", "--broker-logger", "1"), "io.sluice=WARN");
    configs("--alter", "--broker-logger", "1", "--add-config", "io.sluice=INFO");
  }
}
