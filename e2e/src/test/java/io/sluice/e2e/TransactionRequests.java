package io.sluice.e2e;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Requests about transactions, right and wrong: "a" is a producer of transaction version 0, "b" one
 * of version 2 (KIP-890).
 */
final class TransactionRequests {

  private static final int MAX_BYTES = 1 << 20;
  private static final long LATEST = -1;
  private static final long MAX_TIMESTAMP = -3;
  private static final int READ_UNCOMMITTED = 0;
  private static final int READ_COMMITTED = 1;

  private TransactionRequests() {}

  static List<Comparison> all() {
    List<Comparison> all = new ArrayList<>();
    all.add(createTopic());
    all.addAll(coordinators());
    all.addAll(beginnings());
    all.addAll(partitions());
    all.addAll(listings());
    all.addAll(records());
    all.addAll(offsets());
    all.addAll(ends());
    all.addAll(secondVersion());
    all.addAll(secondVersionOffsets());
    all.addAll(markers());
    return all;
  }

  private static Comparison createTopic() {
    CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(10_000);
    CreatableTopic topic =
        new CreatableTopic().setName("tx").setNumPartitions(3).setReplicationFactor((short) 1);
    // Its records bear timestamps of long ago.
    topic.configs().add(new CreatableTopicConfig().setName("retention.ms").setValue("-1"));
    request.topics().mustAdd(topic);
    return Comparison.of("create a topic for transactions", ApiKeys.CREATE_TOPICS, 7, request);
  }

  private static Comparison coordinator(String name, int version, int type, String... keys) {
    return Comparison.of(
        name,
        ApiKeys.FIND_COORDINATOR,
        version,
        new FindCoordinatorRequestData().setKeyType((byte) type).setCoordinatorKeys(List.of(keys)));
  }

  private static List<Comparison> coordinators() {
    return List.of(
        coordinator("coordinator of a transactional id", 4, 1, "a"),
        coordinator("coordinator of two transactional ids", 4, 1, "a", "b"),
        coordinator("coordinator of an empty transactional id", 4, 1, ""),
        coordinator("coordinator of no transactional id", 4, 1),
        coordinator("coordinator of a share partition for old clients", 5, 2, "g:x:0"),
        coordinator("coordinator of what is no share partition", 6, 2, "g"),
        coordinator("coordinator of no share partition", 6, 2, ""),
        coordinator("coordinator of a bad share partition", 6, 2, "g:not-an-id:x"),
        Comparison.of(
            "coordinator of one transactional id",
            ApiKeys.FIND_COORDINATOR,
            3,
            new FindCoordinatorRequestData().setKeyType((byte) 1).setKey("a")));
  }

  private static List<Comparison> beginnings() {
    return List.of(
        ProducerRequests.begin("begin a", "a", 60_000),
        ProducerRequests.begin("begin a again", "a", 60_000),
        ProducerRequests.of("a", 1).resume("a goes on", 5),
        ProducerRequests.of("a", 0).resume("a goes on with a stale epoch", 5),
        ProducerRequests.of("a", 0).resume("a of old goes on with a stale epoch", 3),
        ProducerRequests.of("a", 9).resume("a goes on with an epoch to come", 5),
        ProducerRequests.stranger("a", 0).resume("a stranger goes on as a", 5),
        ProducerRequests.of("a", -1).resume("a goes on without an epoch", 5),
        ProducerRequests.stranger("new", 3).resume("nobody knows who goes on", 5),
        ProducerRequests.begin("begin without a name", "", 60_000),
        ProducerRequests.begin("begin without a timeout", "timeout", 0),
        ProducerRequests.begin("begin with a negative timeout", "timeout", -1),
        ProducerRequests.begin("begin with a timeout for ever", "timeout", Integer.MAX_VALUE),
        ProducerRequests.begin("begin b", "b", 60_000));
  }

  private static List<Comparison> partitions() {
    ProducerRequests a = ProducerRequests.of("a", 2);
    return List.of(
        a.end("a ends before anything", 4, true),
        a.add("a adds an unknown partition", 3, "tx", 0, 9, -1),
        a.add("a adds an unknown topic", 3, "unknown", 0),
        a.add("a adds an invalid topic", 3, "a b", 0),
        a.add("a adds no partition", 3, "tx"),
        ProducerRequests.of("a", 1).add("a adds with a stale epoch", 3, "tx", 0),
        ProducerRequests.of("a", 1).add("a of old adds with a stale epoch", 1, "tx", 0),
        ProducerRequests.of("a", 7).add("a adds with an epoch to come", 3, "tx", 0),
        ProducerRequests.stranger("a", 2).add("a stranger adds as a", 3, "tx", 0),
        ProducerRequests.stranger("unknown", 0).add("an unknown producer adds", 3, "tx", 0),
        ProducerRequests.stranger("", 0).add("a nameless producer adds", 3, "tx", 0),
        a.add("a adds a partition twice", 3, "tx", 0, 0),
        a.add("a adds a partition again", 3, "tx", 0),
        a.addMany("a is asked for a partition that it added", true, 1, "tx", 0),
        a.addMany("a is asked for another partition", true, 1, "tx", 0, 1),
        a.addMany("a is asked for an unknown partition", true, 1, "tx", 0, 9),
        a.addMany("a is asked for nothing", true, 1, "tx"),
        a.addMany("a is asked for twice", true, 2, "tx", 0),
        a.addMany("a adds as brokers do", false, 1, "tx", 2),
        ProducerRequests.of("a", 1).addMany("a is asked for with a stale epoch", true, 1, "tx", 0),
        ProducerRequests.of("b", 0).addMany("b is asked for nothing yet", true, 1, "tx", 0),
        ProducerRequests.stranger("", 0).addMany("nobody is asked for", true, 1, "tx", 0));
  }

  private static Comparison describe(String name, String... ids) {
    return Comparison.of(
        name,
        ApiKeys.DESCRIBE_TRANSACTIONS,
        0,
        new DescribeTransactionsRequestData().setTransactionalIds(List.of(ids)));
  }

  private static Comparison untilState(String name, String id, String state) {
    return describe(name, id).until("transactionStates[%s].transactionState".formatted(id), state);
  }

  private static Comparison list(String name, ListTransactionsRequestData request) {
    return Comparison.of(name, ApiKeys.LIST_TRANSACTIONS, 2, request);
  }

  private static ListTransactionsRequestData listing() {
    return new ListTransactionsRequestData();
  }

  private static List<Comparison> listings() {
    return List.of(
        describe("describe a", "a"),
        describe("describe transactions", "b", "unknown", ""),
        describe("describe a twice", "a", "a"),
        list("list transactions", listing()),
        list("list open transactions", listing().setStateFilters(List.of("Ongoing"))),
        list("list dead transactions", listing().setStateFilters(List.of("Dead"))),
        list(
            "list transactions in unknown states",
            listing().setStateFilters(List.of("Empty", "ongoing", "NoSuchState", "NoSuchState"))),
        new Comparison(
            "list transactions of a producer",
            ApiKeys.LIST_TRANSACTIONS,
            2,
            ids -> listing().setProducerIdFilters(List.of(ids.producer("a"), 987_654_321L, -1L))),
        list("list transactions of long ago", listing().setDurationFilter(3_600_000)),
        list("list transactions of any duration", listing().setDurationFilter(-7)),
        list("list transactions by a pattern", listing().setTransactionalIdPattern("a|x.*")),
        list("list transactions by part of an id", listing().setTransactionalIdPattern("imeou")),
        list("list transactions by an empty pattern", listing().setTransactionalIdPattern("")),
        list("list transactions by a bad pattern", listing().setTransactionalIdPattern("[")));
  }

  private static Comparison producers(String name, TopicRequest... topics) {
    return Comparison.of(
        name,
        ApiKeys.DESCRIBE_PRODUCERS,
        0,
        new DescribeProducersRequestData().setTopics(List.of(topics)));
  }

  private static TopicRequest producersOf(String topic, Integer... partitions) {
    return new TopicRequest().setName(topic).setPartitionIndexes(List.of(partitions));
  }

  private static Comparison fetch(String name, int isolation, long offset) {
    FetchRequestData request =
        new FetchRequestData()
            .setMaxBytes(MAX_BYTES)
            .setMaxWaitMs(0)
            .setIsolationLevel((byte) isolation);
    request
        .topics()
        .add(
            new FetchTopic()
                .setTopic("tx")
                .setPartitions(
                    List.of(
                        new FetchPartition()
                            .setPartition(0)
                            .setFetchOffset(offset)
                            .setPartitionMaxBytes(MAX_BYTES))));
    return Comparison.of(name, ApiKeys.FETCH, 12, request);
  }

  private static Comparison listOffsets(String name, int isolation, long timestamp) {
    ListOffsetsRequestData request =
        new ListOffsetsRequestData().setReplicaId(-1).setIsolationLevel((byte) isolation);
    request
        .topics()
        .add(
            new ListOffsetsTopic()
                .setName("tx")
                .setPartitions(
                    List.of(
                        new ListOffsetsPartition().setPartitionIndex(0).setTimestamp(timestamp))));
    return Comparison.of(name, ApiKeys.LIST_OFFSETS, 9, request);
  }

  /** Of partition 0, as it is now. */
  private static List<Comparison> reads(String when) {
    return List.of(
        fetch("fetch what is committed " + when, READ_COMMITTED, 0),
        fetch("fetch what is committed beyond " + when, READ_COMMITTED, 2),
        fetch("fetch all " + when, READ_UNCOMMITTED, 0),
        listOffsets("latest committed offset " + when, READ_COMMITTED, LATEST),
        listOffsets("latest offset of all " + when, READ_UNCOMMITTED, LATEST),
        listOffsets("committed offset of a timestamp " + when, READ_COMMITTED, 500),
        listOffsets("committed offset of the greatest " + when, READ_COMMITTED, MAX_TIMESTAMP),
        producers("producers " + when, producersOf("tx", 0, 1, 2)));
  }

  private static List<Comparison> records() {
    ProducerRequests a = ProducerRequests.of("a", 2);
    List<Comparison> all = new ArrayList<>();
    all.add(a.produce("a produces", 11, 0, 0));
    all.add(a.produce("a produces the same again", 11, 0, 0));
    all.add(a.produce("a leaves a gap", 11, 0, 9));
    all.add(a.produce("a produces where it did not add", 11, 1, 0));
    all.add(a.produce("a of old produces where it did not add", 10, 1, 0));
    all.add(a.produce("a produces to an unknown partition", 11, 9, 0));
    all.add(a.produce("a produces without its name", 11, 0, 2, true, null));
    all.add(a.produce("a produces by another name", 11, 2, 0, true, "b"));
    all.add(a.produce("a produces by an unknown name", 11, 2, 0, true, "unknown"));
    all.add(a.produce("a produces outside its transaction", 11, 0, 2, false, "a"));
    all.add(ProducerRequests.of("a", 1).produce("a produces with a stale epoch", 11, 0, 2));
    all.add(ProducerRequests.of("a", 1).produce("stale elsewhere", 11, 1, 0));
    all.add(ProducerRequests.stranger("a", 2).produce("a stranger produces as a", 11, 0, 0));
    all.addAll(reads("in a transaction"));
    all.add(
        producers(
            "producers of unknown partitions",
            producersOf("tx", 9, -1),
            producersOf("unknown", 0),
            producersOf("a b", 0)));
    return all;
  }

  private static Comparison committed(String name, boolean requireStable) {
    OffsetFetchRequestTopics topic =
        new OffsetFetchRequestTopics().setName("tx").setPartitionIndexes(List.of(0, 1));
    return Comparison.of(
        name,
        ApiKeys.OFFSET_FETCH,
        9,
        new OffsetFetchRequestData()
            .setRequireStable(requireStable)
            .setGroups(
                List.of(new OffsetFetchRequestGroup().setGroupId("tg").setTopics(List.of(topic)))));
  }

  private static List<Comparison> offsets() {
    ProducerRequests a = ProducerRequests.of("a", 2);
    ProducerRequests stale = ProducerRequests.of("a", 1);
    return List.of(
        a.commitOffsets("a commits offsets that it did not add", 3, "tx", 0, 5),
        a.commitOffsets("a of now commits offsets that it did not add", 4, "tx", 0, 5),
        a.addOffsets("a adds offsets", 3, "tg"),
        a.addOffsets("a adds offsets of a nameless group", 3, ""),
        stale.addOffsets("a adds offsets with a stale epoch", 3, "tg"),
        stale.addOffsets("a of old adds offsets with a stale epoch", 1, "tg"),
        ProducerRequests.stranger("", 0).addOffsets("a nameless producer adds offsets", 3, "tg"),
        ProducerRequests.stranger("x", 0).addOffsets("an unknown producer adds offsets", 3, "tg"),
        a.commitOffsets("a commits an offset", 4, "tx", 0, 5),
        a.commitOffsets("a commits an offset of an unknown partition", 4, "tx", 9, 5),
        a.commitOffsets("a commits an offset of an unknown topic", 4, "unknown", 0, 5),
        a.commitOffsets("a commits an offset of an invalid topic", 4, "a b", 0, 5),
        a.commitOffsets("a commits a negative offset", 4, "tx", 1, -5),
        a.commitOffsets("a commits for an unknown member", 4, "tx", 0, 6, "nobody", 1),
        a.commitOffsets("a commits for an unknown generation", 4, "tx", 0, 6, "", 3),
        stale.commitOffsets("a commits an offset with a stale epoch", 4, "tx", 0, 7),
        committed("offsets in a transaction", false),
        committed("stable offsets in a transaction", true));
  }

  private static List<Comparison> ends() {
    ProducerRequests a = ProducerRequests.of("a", 2);
    ProducerRequests stale = ProducerRequests.of("a", 1);
    List<Comparison> all = new ArrayList<>();
    all.add(stale.end("a commits with a stale epoch", 4, true));
    all.add(stale.end("a of old commits with a stale epoch", 1, true));
    all.add(stale.end("a aborts with a stale epoch by version 2", 5, false));
    all.add(ProducerRequests.of("a", 7).end("a commits with an epoch to come", 4, true));
    all.add(ProducerRequests.stranger("a", 2).end("a stranger commits as a", 4, true));
    all.add(ProducerRequests.stranger("unknown", 0).end("an unknown producer commits", 4, true));
    all.add(ProducerRequests.stranger("", 0).end("a nameless producer commits", 4, true));
    all.add(a.end("a commits", 4, true));
    all.add(untilState("a has committed", "a", "CompleteCommit"));
    all.add(a.end("a commits again", 4, true));
    all.add(a.end("a aborts what is committed", 4, false));
    all.add(a.produce("a produces after its end", 11, 0, 2));
    all.addAll(reads("after a commit"));
    all.add(committed("stable offsets after a commit", true));
    return all;
  }

  private static List<Comparison> secondVersion() {
    ProducerRequests first = ProducerRequests.of("b", 0);
    ProducerRequests second = ProducerRequests.of("b", 1);
    List<Comparison> all = new ArrayList<>();
    all.add(first.end("b commits before anything", 5, true));
    all.add(first.produce("b produces", 12, 0, 0));
    all.add(first.produce("b produces more", 12, 0, 2));
    all.add(first.produce("b begins with a gap elsewhere", 12, 1, 5));
    all.add(describe("describe b", "b"));
    all.addAll(reads("in a transaction of b"));
    all.add(first.end("b aborts", 5, false));
    all.add(untilState("b has aborted", "b", "CompleteAbort"));
    all.add(first.end("b aborts again", 5, false));
    all.add(first.end("b commits what is aborted", 5, true));
    all.add(first.produce("b produces with a stale epoch", 12, 0, 4));
    all.add(first.produce("b produces elsewhere with a stale epoch", 12, 1, 0));
    all.addAll(reads("after an abort"));
    all.add(second.end("b commits nothing", 5, true));
    all.add(second.end("b aborts nothing", 5, false));
    all.add(untilState("b has aborted nothing", "b", "CompleteAbort"));
    all.add(first.end("b aborts with an epoch of long ago", 5, false));
    all.add(ProducerRequests.stranger("b", 2).end("a stranger commits as b", 5, true));
    all.add(ProducerRequests.stranger("unknown", 2).end("an unknown commits", 5, true));
    return all;
  }

  private static List<Comparison> secondVersionOffsets() {
    ProducerRequests b = ProducerRequests.of("b", 2);
    return List.of(
        b.commitOffsets("b commits an offset", 5, "tx", 0, 9),
        ProducerRequests.of("b", 1).commitOffsets("b commits with a stale epoch", 5, "tx", 0, 9),
        ProducerRequests.of("b", 9).commitOffsets("b commits with an epoch to come", 5, "tx", 0, 9),
        ProducerRequests.stranger("b", 2).commitOffsets("a stranger as b", 5, "tx", 0, 9),
        ProducerRequests.stranger("x", 2).commitOffsets("an unknown one", 5, "tx", 0, 9),
        ProducerRequests.stranger("", 2).commitOffsets("a nameless one", 5, "tx", 0, 9),
        committed("offsets in a transaction of b", true),
        b.end("b commits", 5, true),
        untilState("b has committed", "b", "CompleteCommit"),
        committed("offsets after a commit of b", true),
        ProducerRequests.of("b", 3).produce("b produces anew", 12, 0, 0),
        ProducerRequests.begin("begin b amid a transaction", "b", 60_000),
        untilState("b is aborted by its successor", "b", "Empty"),
        ProducerRequests.of("b", 3).produce("b produces though fenced", 12, 0, 2));
  }

  private static List<Comparison> markers() {
    ProducerRequests stranger = ProducerRequests.stranger("hanging", 4);
    ProducerRequests older = ProducerRequests.stranger("hanging", 3);
    return List.of(
        stranger.mark("markers for unknown partitions", 1, 0, "tx", 9, -1),
        stranger.mark("markers for an unknown topic", 1, 0, "unknown", 0),
        stranger.mark("markers for nothing", 1, 0, "tx"),
        stranger.mark("a marker of an unknown producer", 1, 5, "tx", 1),
        stranger.mark("a marker of an older coordinator", 1, 4, "tx", 1),
        older.mark("a marker of an older epoch", 1, 5, "tx", 1),
        stranger.mark("a marker of version 2 without a new epoch", 2, 5, "tx", 1),
        ProducerRequests.stranger("hanging", 5).mark("a marker of version 2", 2, 5, "tx", 1),
        producers("producers after markers", producersOf("tx", 1)));
  }
}
