package io.sluice.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.broker.NewTopic;
import io.sluice.broker.Topic;
import io.sluice.log.AppendSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What Fetch answers to each request, in full and within a session (KIP-227). */
class FetchAnswersTest {

  private static final int PARTITIONS = 5;
  private static final short NAMES = 12;
  private static final short IDS = 17;
  private static final int FINAL = -1;

  @TempDir Path folder;
  private RunningListener sluice;
  private RawClient client;
  private Topic topic;

  /** Three records in partition 0, none elsewhere. */
  @BeforeEach
  void start() throws Exception {
    sluice = RunningListener.in(folder);
    topic = sluice.broker().topics().create(NewTopic.named("orders").withPartitions(PARTITIONS));
    append(0, 3);
    client = new RawClient(sluice.connect());
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    sluice.close();
  }

  private void append(int partition, int batches) {
    for (int i = 0; i < batches; i++) {
      sluice
          .broker()
          .topics()
          .partition("orders", partition)
          .append(
              MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(new byte[100])),
              AppendSource.CLIENT)
          .durable()
          .join();
    }
  }

  private static FetchPartition from(int partition, long offset) {
    return new FetchPartition()
        .setPartition(partition)
        .setFetchOffset(offset)
        .setPartitionMaxBytes(1 << 20);
  }

  private static FetchRequestData request(String name, Uuid id, FetchPartition... partitions) {
    FetchRequestData request =
        new FetchRequestData()
            .setMinBytes(1)
            .setMaxBytes(1 << 20)
            .setMaxWaitMs(0)
            .setSessionEpoch(FINAL);
    if (partitions.length > 0) {
      request
          .topics()
          .add(new FetchTopic().setTopic(name).setTopicId(id).setPartitions(List.of(partitions)));
    }
    return request;
  }

  private FetchRequestData orders(FetchPartition... partitions) {
    return request("", topic.id(), partitions);
  }

  private FetchResponseData call(int version, FetchRequestData request) throws Exception {
    return client.call(ApiKeys.FETCH, version, request, FetchResponseData.class);
  }

  private static List<Integer> partitions(FetchResponseData response) {
    return response.responses().stream()
        .flatMap(each -> each.partitions().stream())
        .map(PartitionData::partitionIndex)
        .toList();
  }

  private static int batches(PartitionData data) {
    List<RecordBatch> batches = new ArrayList<>();
    ((MemoryRecords) data.records()).batches().forEach(batches::add);
    return batches.size();
  }

  static Stream<Arguments> wrongPartitions() {
    return Stream.of(
        Arguments.of(
            "a partition too many", from(PARTITIONS, 0), Errors.UNKNOWN_TOPIC_OR_PARTITION),
        Arguments.of("no partition", from(-1, 0), Errors.UNKNOWN_TOPIC_OR_PARTITION),
        Arguments.of("after the end", from(0, 4), Errors.OFFSET_OUT_OF_RANGE),
        Arguments.of("before the beginning", from(0, -1), Errors.OFFSET_OUT_OF_RANGE),
        Arguments.of(
            "a leader epoch to come",
            from(0, 0).setCurrentLeaderEpoch(1),
            Errors.UNKNOWN_LEADER_EPOCH),
        Arguments.of(
            "records of an epoch to come",
            from(0, 3).setLastFetchedEpoch(1),
            Errors.OFFSET_OUT_OF_RANGE));
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("wrongPartitions")
  void a_wrong_partition_has_its_error(String what, FetchPartition wrong, Errors expected)
      throws Exception {
    for (FetchRequestData request :
        List.of(orders(wrong, from(1, 0)), request("orders", Uuid.ZERO_UUID, wrong, from(1, 0)))) {
      FetchResponseData response =
          call(request.topics().get(0).topic().isEmpty() ? IDS : NAMES, request);

      assertEquals(Errors.NONE, Errors.forCode(response.errorCode()));
      List<PartitionData> answers = response.responses().getFirst().partitions();
      assertEquals(expected, Errors.forCode(answers.get(0).errorCode()), what);
      assertEquals(-1, answers.get(0).highWatermark());
      assertEquals(Errors.NONE, Errors.forCode(answers.get(1).errorCode()));
    }
  }

  @Test
  void a_topic_that_is_not_there_is_told_by_name_or_by_id() throws Exception {
    Uuid id = Uuid.randomUuid();
    assertEquals(
        Errors.UNKNOWN_TOPIC_OR_PARTITION,
        onlyError(call(NAMES, request("nowhere", Uuid.ZERO_UUID, from(0, 0)))));
    assertEquals(Errors.UNKNOWN_TOPIC_ID, onlyError(call(IDS, request("", id, from(0, 0)))));
    assertEquals(
        Errors.UNKNOWN_TOPIC_OR_PARTITION,
        onlyError(call(NAMES, request("n".repeat(1_000), Uuid.ZERO_UUID, from(0, 0)))));
  }

  private static Errors onlyError(FetchResponseData response) {
    return Errors.forCode(response.responses().getFirst().partitions().getFirst().errorCode());
  }

  @Test
  void a_client_that_has_read_what_this_log_never_had_hears_where_it_diverged() throws Exception {
    PartitionData data =
        call(IDS, orders(from(0, 7).setLastFetchedEpoch(0)))
            .responses()
            .getFirst()
            .partitions()
            .getFirst();

    assertEquals(Errors.NONE, Errors.forCode(data.errorCode()));
    assertEquals(0, data.divergingEpoch().epoch());
    assertEquals(3, data.divergingEpoch().endOffset());
    assertEquals(3, data.highWatermark());
  }

  @Test
  void the_first_batch_comes_whole_and_the_limits_hold_after_it() throws Exception {
    append(1, 1);
    FetchRequestData request =
        orders(from(0, 0).setPartitionMaxBytes(1), from(1, 0)).setMaxBytes(1);
    List<PartitionData> answers = call(IDS, request).responses().getFirst().partitions();

    assertEquals(1, batches(answers.get(0)));
    assertEquals(0, batches(answers.get(1)));
  }

  @Test
  void one_that_calls_itself_a_replica_reads_as_a_consumer() throws Exception {
    FetchRequestData request = orders(from(0, 0));
    request.replicaState().setReplicaId(7).setReplicaEpoch(1);

    assertEquals(3, batches(call(IDS, request).responses().getFirst().partitions().getFirst()));
  }

  private FetchResponseData begin(int version, FetchRequestData request) throws Exception {
    FetchResponseData response = call(version, request.setSessionEpoch(0));
    assertEquals(Errors.NONE, Errors.forCode(response.errorCode()));
    assertNotEquals(0, response.sessionId());
    return response;
  }

  private FetchResponseData goOn(int session, int epoch, FetchPartition... changed)
      throws Exception {
    return call(IDS, orders(changed).setSessionId(session).setSessionEpoch(epoch));
  }

  @Test
  void a_session_tells_only_what_is_new() throws Exception {
    FetchResponseData first = begin(IDS, orders(from(0, 0), from(1, 0), from(2, 0)));
    assertEquals(List.of(0, 1, 2), partitions(first));
    int session = first.sessionId();

    assertEquals(List.of(), partitions(goOn(session, 1, from(0, 3))));
    append(1, 1);
    assertEquals(List.of(1), partitions(goOn(session, 2)));
    assertEquals(List.of(1), partitions(goOn(session, 3)), "not acknowledged by another offset");
    assertEquals(List.of(), partitions(goOn(session, 4, from(1, 1))));
    assertEquals(List.of(3), partitions(goOn(session, 5, from(3, 0))), "one that joins");
    sluice.broker().topics().partition("orders", 0).deleteRecordsBefore(2);
    assertEquals(List.of(0), partitions(goOn(session, 6)), "its beginning has moved");
    assertEquals(List.of(0), partitions(goOn(session, 7, from(0, 9))), "an error");
    assertEquals(List.of(0), partitions(goOn(session, 8)), "an error lasts");
    assertEquals(List.of(0), partitions(goOn(session, 9, from(0, 3))), "its end is told");
    assertEquals(List.of(), partitions(goOn(session, 10)));
  }

  @Test
  void a_session_forgets_what_it_is_told_to_forget() throws Exception {
    int session = begin(IDS, orders(from(0, 3), from(1, 0))).sessionId();
    FetchRequestData request = orders().setSessionId(session).setSessionEpoch(1);
    request
        .forgottenTopicsData()
        .add(new ForgottenTopic().setTopicId(topic.id()).setPartitions(List.of(1)));
    call(IDS, request);
    append(1, 1);

    assertEquals(List.of(), partitions(goOn(session, 2)));
    request.setSessionEpoch(3).forgottenTopicsData().getFirst().setPartitions(List.of(0));
    assertEquals(0, call(IDS, request).sessionId(), "nothing is left, so it ends");
    assertEquals(Errors.FETCH_SESSION_ID_NOT_FOUND, Errors.forCode(goOn(session, 4).errorCode()));
  }

  @Test
  void every_partition_has_its_turn_however_little_fits() throws Exception {
    for (int i = 0; i < PARTITIONS; i++) {
      append(i, 10);
    }
    FetchRequestData first =
        orders(from(0, 0), from(1, 0), from(2, 0), from(3, 0), from(4, 0)).setMaxBytes(1);
    int session = begin(IDS, first).sessionId();
    Set<Integer> served = new HashSet<>();
    for (int epoch = 1; epoch < PARTITIONS; epoch++) {
      FetchResponseData answer =
          call(IDS, orders().setSessionId(session).setSessionEpoch(epoch).setMaxBytes(1));
      answer
          .responses()
          .forEach(
              each ->
                  each.partitions().stream()
                      .filter(data -> batches(data) > 0)
                      .forEach(data -> served.add(data.partitionIndex())));
    }

    assertTrue(served.size() >= PARTITIONS - 1, served.toString());
  }

  @Test
  void a_session_that_is_not_there_or_not_at_that_point_is_told() throws Exception {
    int session = begin(IDS, orders(from(0, 3))).sessionId();

    assertEquals(
        Errors.FETCH_SESSION_ID_NOT_FOUND, Errors.forCode(goOn(session ^ 1, 1).errorCode()));
    assertEquals(Errors.INVALID_FETCH_SESSION_EPOCH, Errors.forCode(goOn(session, 2).errorCode()));
    assertEquals(Errors.INVALID_FETCH_SESSION_EPOCH, Errors.forCode(goOn(session, -2).errorCode()));
    FetchRequestData named =
        request("orders", Uuid.ZERO_UUID, from(1, 0)).setSessionId(session).setSessionEpoch(1);
    assertEquals(
        Errors.FETCH_SESSION_TOPIC_ID_ERROR, Errors.forCode(call(NAMES, named).errorCode()));
    assertEquals(Errors.NONE, Errors.forCode(goOn(session, 1).errorCode()), "it is unharmed");
  }

  @Test
  void a_session_ends_when_its_client_says_so_or_begins_another() throws Exception {
    int session = begin(IDS, orders(from(0, 3))).sessionId();
    assertEquals(0, goOn(session, FINAL, from(0, 3)).sessionId());
    assertEquals(Errors.FETCH_SESSION_ID_NOT_FOUND, Errors.forCode(goOn(session, 1).errorCode()));

    int second = begin(IDS, orders(from(0, 3))).sessionId();
    int third = begin(IDS, orders(from(0, 3)).setSessionId(second)).sessionId();
    assertEquals(Errors.FETCH_SESSION_ID_NOT_FOUND, Errors.forCode(goOn(second, 1).errorCode()));
    assertEquals(Errors.NONE, Errors.forCode(goOn(third, 1).errorCode()));
  }

  @Test
  void a_name_that_no_topic_can_have_is_kept_by_no_session() throws Exception {
    FetchRequestData endless =
        request("n".repeat(1_000), Uuid.ZERO_UUID, from(0, 0)).setSessionEpoch(0);
    assertEquals(0, call(NAMES, endless).sessionId());
    int session = begin(NAMES, request("orders", Uuid.ZERO_UUID, from(0, 3))).sessionId();

    FetchResponseData refused = call(NAMES, endless.setSessionId(session).setSessionEpoch(1));
    assertEquals(Errors.FETCH_SESSION_ID_NOT_FOUND, Errors.forCode(refused.errorCode()));
  }

  @Test
  void old_clients_know_no_sessions() throws Exception {
    FetchResponseData response = call(6, request("orders", Uuid.ZERO_UUID, from(0, 0), from(1, 0)));

    assertEquals(List.of(0, 1), partitions(response));
  }

  @Test
  void one_that_waits_hears_of_records_of_an_end_and_of_a_deletion() throws Exception {
    FetchRequestData waits =
        orders(from(0, 3), from(1, 0)).setMaxWaitMs(60_000).setMinBytes(1 << 10);
    client.send(ApiKeys.FETCH, IDS, waits);
    append(1, 20);
    FetchResponseData woken = client.receive(ApiKeys.FETCH, IDS, FetchResponseData.class);
    assertTrue(batches(woken.responses().getFirst().partitions().get(1)) > 0);

    client.send(ApiKeys.FETCH, IDS, orders(from(0, 3)).setMaxWaitMs(60_000));
    sluice.broker().topics().delete("orders");
    assertEquals(
        Errors.UNKNOWN_TOPIC_ID,
        onlyError(client.receive(ApiKeys.FETCH, IDS, FetchResponseData.class)));
  }

  @Test
  void one_that_does_not_exist_does_not_keep_the_others_from_waiting() throws Exception {
    FetchRequestData waits = orders(from(PARTITIONS, 0), from(1, 0)).setMaxWaitMs(60_000);
    client.send(ApiKeys.FETCH, IDS, waits);
    append(1, 1);
    FetchResponseData woken = client.receive(ApiKeys.FETCH, IDS, FetchResponseData.class);

    assertEquals(
        Errors.UNKNOWN_TOPIC_OR_PARTITION,
        Errors.forCode(woken.responses().getFirst().partitions().get(0).errorCode()));
    assertEquals(1, batches(woken.responses().getFirst().partitions().get(1)));
  }
}
