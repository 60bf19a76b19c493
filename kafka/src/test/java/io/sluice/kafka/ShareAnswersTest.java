package io.sluice.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.broker.NewTopic;
import io.sluice.broker.StartingPoint;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ShareAcknowledgeRequestData;
import org.apache.kafka.common.message.ShareAcknowledgeResponseData;
import org.apache.kafka.common.message.ShareFetchRequestData;
import org.apache.kafka.common.message.ShareFetchRequestData.FetchPartition;
import org.apache.kafka.common.message.ShareFetchRequestData.FetchTopic;
import org.apache.kafka.common.message.ShareFetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.ShareFetchResponseData;
import org.apache.kafka.common.message.ShareFetchResponseData.PartitionData;
import org.apache.kafka.common.message.ShareGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ShareGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Share sessions, fetches and acknowledgements request by request; the clock is the test's. */
class ShareAnswersTest {

  private static final int VERSION = 2;
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path folder;
  private final AtomicReference<Instant> now = new AtomicReference<>(BEGIN);
  private RunningListener sluice;
  private RawClient client;
  private Uuid orders = Uuid.ZERO_UUID;

  @BeforeEach
  void start() throws Exception {
    sluice = RunningListener.in(folder, now::get);
    orders = sluice.broker().topics().create(NewTopic.named("orders").withPartitions(2)).id();
    sluice.broker().shareGroups().read("g", orders, new StartingPoint.Earliest());
    client = new RawClient(sluice.connect());
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    sluice.close();
  }

  /** One batch. */
  private void produce(int count) {
    try (KafkaProducer<String, String> producer =
        sluice.producer(Map.of("linger.ms", 1000, "batch.size", 1 << 20))) {
      for (int i = 0; i < count; i++) {
        producer.send(new ProducerRecord<>("orders", 0, BEGIN.toEpochMilli(), null, "v" + i));
      }
    }
  }

  private static ShareFetchRequestData fetch(String member, int epoch) {
    return new ShareFetchRequestData()
        .setGroupId("g")
        .setMemberId(member)
        .setShareSessionEpoch(epoch)
        .setMaxWaitMs(0)
        .setMinBytes(1)
        .setMaxBytes(1 << 20)
        .setMaxRecords(500)
        .setBatchSize(500);
  }

  private static ShareFetchRequestData of(
      ShareFetchRequestData fetch, Uuid topicId, FetchPartition... partitions) {
    FetchTopic topic = new FetchTopic().setTopicId(topicId);
    for (FetchPartition partition : partitions) {
      topic.partitions().add(partition);
    }
    fetch.topics().add(topic);
    return fetch;
  }

  private static FetchPartition partition(int index) {
    return new FetchPartition().setPartitionIndex(index);
  }

  private static FetchPartition acknowledged(long first, long last, int type) {
    return partition(0)
        .setAcknowledgementBatches(
            List.of(
                new ShareFetchRequestData.AcknowledgementBatch()
                    .setFirstOffset(first)
                    .setLastOffset(last)
                    .setAcknowledgeTypes(List.of((byte) type))));
  }

  private ShareFetchResponseData answer(ShareFetchRequestData fetch) throws IOException {
    return client.call(ApiKeys.SHARE_FETCH, VERSION, fetch, ShareFetchResponseData.class);
  }

  private static List<PartitionData> partitions(ShareFetchResponseData answer) {
    assertEquals(Errors.NONE, Errors.forCode(answer.errorCode()), answer.errorMessage());
    List<PartitionData> all = new ArrayList<>();
    answer.responses().forEach(topic -> all.addAll(topic.partitions()));
    return all;
  }

  /** The ranges that partition 0 gives, as "first-last×deliveries". */
  private static List<String> acquired(ShareFetchResponseData answer) {
    List<String> ranges = new ArrayList<>();
    for (PartitionData partition : partitions(answer)) {
      partition
          .acquiredRecords()
          .forEach(
              range ->
                  ranges.add(
                      range.firstOffset()
                          + "-"
                          + range.lastOffset()
                          + "×"
                          + range.deliveryCount()));
    }
    return ranges;
  }

  private List<String> begin(String member) throws IOException {
    return acquired(answer(of(fetch(member, 0), orders, partition(0))));
  }

  private Errors settle(String member, int epoch, long first, long last, int... types)
      throws IOException {
    List<Byte> all = new ArrayList<>();
    for (int type : types) {
      all.add((byte) type);
    }
    ShareAcknowledgeRequestData request = acknowledge(member, epoch, orders, first, last, all);
    request.setIsRenewAck(all.contains((byte) 4));
    ShareAcknowledgeResponseData answer =
        client.call(
            ApiKeys.SHARE_ACKNOWLEDGE, VERSION, request, ShareAcknowledgeResponseData.class);
    return answer.errorCode() != 0
        ? Errors.forCode(answer.errorCode())
        : Errors.forCode(answer.responses().iterator().next().partitions().getFirst().errorCode());
  }

  private static ShareAcknowledgeRequestData acknowledge(
      String member, int epoch, Uuid topicId, long first, long last, List<Byte> types) {
    ShareAcknowledgeRequestData request =
        new ShareAcknowledgeRequestData()
            .setGroupId("g")
            .setMemberId(member)
            .setShareSessionEpoch(epoch);
    var partition =
        new ShareAcknowledgeRequestData.AcknowledgePartition()
            .setPartitionIndex(0)
            .setAcknowledgementBatches(
                List.of(
                    new ShareAcknowledgeRequestData.AcknowledgementBatch()
                        .setFirstOffset(first)
                        .setLastOffset(last)
                        .setAcknowledgeTypes(types)));
    var topic = new ShareAcknowledgeRequestData.AcknowledgeTopic().setTopicId(topicId);
    topic.partitions().add(partition);
    request.topics().add(topic);
    return request;
  }

  /** A request that is wrong as a whole. */
  private record Wrong(Consumer<ShareFetchRequestData> how, Errors error) {}

  private static Arguments wrong(String name, Consumer<ShareFetchRequestData> how, Errors error) {
    return Arguments.of(name, new Wrong(how, error));
  }

  static Stream<Arguments> wrongFetches() {
    return Stream.of(
        wrong("no group", f -> f.setGroupId(null), Errors.INVALID_REQUEST),
        wrong("no member", f -> f.setMemberId(""), Errors.INVALID_REQUEST),
        wrong("null member", f -> f.setMemberId(null), Errors.INVALID_REQUEST),
        wrong("long member", f -> f.setMemberId("m".repeat(37)), Errors.INVALID_REQUEST),
        wrong("no session", f -> f.setShareSessionEpoch(1), Errors.SHARE_SESSION_NOT_FOUND),
        wrong("end of no session", f -> f.setShareSessionEpoch(-1), Errors.SHARE_SESSION_NOT_FOUND),
        wrong("negative epoch", f -> f.setShareSessionEpoch(-7), Errors.SHARE_SESSION_NOT_FOUND),
        wrong("unknown mode", f -> f.setShareAcquireMode((byte) 7), Errors.INVALID_REQUEST),
        wrong("renewal that fetches", f -> f.setIsRenewAck(true), Errors.INVALID_REQUEST),
        wrong(
            "acknowledges at first",
            f -> of(f, Uuid.randomUuid(), acknowledged(0, 0, 1)),
            Errors.INVALID_REQUEST));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongFetches")
  void a_wrong_fetch_has_its_error(String name, Wrong wrong) throws IOException {
    ShareFetchRequestData fetch = fetch("m", 0);
    wrong.how().accept(fetch);
    assertEquals(wrong.error(), Errors.forCode(answer(fetch).errorCode()));
  }

  @Test
  void partitions_have_errors_of_their_own() throws IOException {
    Uuid unread = sluice.broker().topics().create(NewTopic.named("unread")).id();
    ShareFetchRequestData fetch = of(fetch("m", 0), Uuid.randomUuid(), partition(0));
    of(fetch, orders, partition(0), partition(7), partition(-1));
    of(fetch, unread, partition(0));
    List<Errors> errors =
        partitions(answer(fetch)).stream().map(p -> Errors.forCode(p.errorCode())).toList();
    assertEquals(
        List.of(
            Errors.UNKNOWN_TOPIC_ID,
            Errors.UNKNOWN_TOPIC_OR_PARTITION,
            Errors.UNKNOWN_TOPIC_OR_PARTITION,
            Errors.NONE,
            Errors.UNKNOWN_TOPIC_OR_PARTITION),
        errors);
  }

  @Test
  void a_session_goes_on_epoch_by_epoch() throws IOException {
    assertEquals(List.of(), begin("m"));
    assertEquals(List.of(), partitions(answer(fetch("m", 1))));
    assertEquals(
        Errors.INVALID_SHARE_SESSION_EPOCH, Errors.forCode(answer(fetch("m", 1)).errorCode()));
    assertEquals(
        Errors.INVALID_SHARE_SESSION_EPOCH, Errors.forCode(answer(fetch("m", 7)).errorCode()));
    produce(3);
    assertEquals(List.of("0-2×1"), acquired(answer(fetch("m", 2))));
    // What is new in the session is named, if only to say that it is there.
    List<PartitionData> named = partitions(answer(of(fetch("m", 3), orders, partition(1))));
    assertEquals(List.of(1), named.stream().map(PartitionData::partitionIndex).toList());
    ShareFetchRequestData forgets = fetch("m", 4);
    forgets
        .forgottenTopicsData()
        .add(new ForgottenTopic().setTopicId(orders).setPartitions(List.of(0)));
    assertEquals(List.of(), partitions(answer(forgets)));
    produce(3);
    assertEquals(List.of(), acquired(answer(fetch("m", 5))));
    assertEquals(List.of(), partitions(answer(fetch("m", -1))));
    assertEquals(Errors.SHARE_SESSION_NOT_FOUND, Errors.forCode(answer(fetch("m", 6)).errorCode()));
  }

  @Test
  void sessions_are_bounded_and_end_with_their_connection() throws IOException {
    try (RawClient crowd = new RawClient(sluice.connect())) {
      for (int i = 0; i < 2_000; i++) {
        ShareFetchResponseData begun =
            crowd.call(
                ApiKeys.SHARE_FETCH, VERSION, fetch("m" + i, 0), ShareFetchResponseData.class);
        assertEquals(Errors.NONE.code(), begun.errorCode());
      }
      assertEquals(
          Errors.SHARE_SESSION_LIMIT_REACHED, Errors.forCode(answer(fetch("x", 0)).errorCode()));
    }
    while (answer(fetch("x", 0)).errorCode() != Errors.NONE.code()) {
      // The end of a connection takes a moment.
      Thread.onSpinWait();
    }
  }

  @Test
  void what_a_member_acknowledges_must_be_its_own() throws IOException {
    produce(10);
    assertEquals(List.of("0-9×1"), begin("m"));
    begin("other");
    assertEquals(Errors.INVALID_RECORD_STATE, settle("other", 1, 0, 0, 1));
    assertEquals(Errors.INVALID_REQUEST, settle("m", 1, 5, 4, 1));
    assertEquals(Errors.INVALID_REQUEST, settle("m", 2, 0, 2, 1, 1));
    assertEquals(Errors.INVALID_REQUEST, settle("m", 3, 0, 2));
    assertEquals(Errors.INVALID_REQUEST, settle("m", 4, 0, 0, 5));
    assertEquals(Errors.INVALID_REQUEST, settle("m", 5, 0, 0, -1));
    assertEquals(Errors.INVALID_REQUEST, settle("m", 6, 9, 10, 1));
    assertEquals(Errors.INVALID_REQUEST, settle("m", 7, 0, Long.MAX_VALUE, 1));
    assertEquals(Errors.NONE, settle("m", 8, 3, 4, 1));
    assertEquals(Errors.INVALID_RECORD_STATE, settle("m", 9, 2, 5, 1));
    assertEquals(Errors.NONE, settle("m", 10, 0, 2, 0));
    assertEquals(Errors.NONE, settle("m", 11, 0, 2, 1), "settled before, below the start");
    assertEquals(Errors.INVALID_SHARE_SESSION_EPOCH, settle("m", 0, 5, 5, 1));
    assertEquals(Errors.INVALID_SHARE_SESSION_EPOCH, settle("m", 99, 5, 5, 1));
    assertEquals(Errors.SHARE_SESSION_NOT_FOUND, settle("nobody", 1, 5, 5, 1));
    assertEquals(Errors.INVALID_REQUEST, settle("", 1, 5, 5, 1));
  }

  @Test
  void an_acknowledgement_names_a_topic_that_is_read() throws IOException {
    begin("m");
    var unknown = acknowledge("m", 1, Uuid.randomUuid(), 0, 0, List.of((byte) 1));
    assertEquals(Errors.UNKNOWN_TOPIC_ID, partitionError(unknown));
    Uuid unread = sluice.broker().topics().create(NewTopic.named("unread")).id();
    var notRead = acknowledge("m", 2, unread, 0, 0, List.of((byte) 1));
    assertEquals(Errors.UNKNOWN_TOPIC_OR_PARTITION, partitionError(notRead));
    var silent = acknowledge("m", 3, orders, 0, 0, List.of((byte) 4));
    assertEquals(Errors.INVALID_REQUEST, partitionError(silent), "renews and does not say so");
  }

  private Errors partitionError(ShareAcknowledgeRequestData request) throws IOException {
    return Errors.forCode(
        client
            .call(ApiKeys.SHARE_ACKNOWLEDGE, VERSION, request, ShareAcknowledgeResponseData.class)
            .responses()
            .iterator()
            .next()
            .partitions()
            .getFirst()
            .errorCode());
  }

  @Test
  void nothing_is_acknowledged_where_nothing_was_delivered() throws IOException {
    begin("m");
    assertEquals(Errors.INVALID_RECORD_STATE, settle("m", 1, 0, 0, 1));
    produce(3);
    assertEquals(List.of("0-2×1"), acquired(answer(fetch("m", 2))));
    assertEquals(Errors.NONE, settle("m", 3, 0, 2, 1));
    assertEquals(Errors.INVALID_RECORD_STATE, settle("m", 4, 3, 3, 1));
  }

  @Test
  void the_first_answer_of_a_session_names_all_partitions() throws IOException {
    ShareFetchRequestData both = of(fetch("m", 0), orders, partition(0), partition(1));
    assertEquals(
        List.of(0, 1),
        partitions(answer(both)).stream().map(PartitionData::partitionIndex).toList());
    assertEquals(List.of(), partitions(answer(fetch("m", 1))));
  }

  @Test
  void acknowledgements_ride_on_fetches() throws IOException {
    produce(6);
    begin("m");
    ShareFetchResponseData answer = answer(of(fetch("m", 1), orders, acknowledged(0, 2, 1)));
    PartitionData named = partitions(answer).getFirst();
    assertEquals(Errors.NONE.code(), named.acknowledgeErrorCode());
    assertEquals(30_000, answer.acquisitionLockTimeoutMs());
    PartitionData refused =
        partitions(answer(of(fetch("m", 2), orders, acknowledged(2, 7, 1)))).getFirst();
    assertEquals(Errors.NONE.code(), refused.errorCode());
    assertEquals(Errors.INVALID_REQUEST.code(), refused.acknowledgeErrorCode());
    // A release and the fetch that it rides on: what is released comes with the answer.
    assertEquals(
        List.of("4-5×2"), acquired(answer(of(fetch("m", 3), orders, acknowledged(4, 5, 2)))));
  }

  @Test
  void locks_end_and_are_renewed() throws IOException {
    produce(4);
    assertEquals(List.of("0-3×1"), begin("m"));
    now.set(BEGIN.plusSeconds(20));
    assertEquals(Errors.NONE, settle("m", 1, 0, 1, 4));
    now.set(BEGIN.plusSeconds(31));
    assertEquals(List.of("2-3×2"), begin("other"));
    assertEquals(Errors.INVALID_RECORD_STATE, settle("m", 2, 2, 2, 1), "its lock has ended");
    assertEquals(Errors.NONE, settle("m", 3, 0, 0, 1));
    now.set(BEGIN.plusSeconds(51));
    assertEquals(List.of("1-1×2"), begin("third"));
  }

  @Test
  void a_release_wakes_who_waits() throws IOException {
    produce(1);
    begin("m");
    client.send(
        ApiKeys.SHARE_FETCH,
        VERSION,
        of(fetch("other", 0).setMaxWaitMs(60_000), orders, partition(0)));
    try (RawClient releasing = new RawClient(sluice.connect())) {
      ShareAcknowledgeRequestData release = acknowledge("m", 1, orders, 0, 0, List.of((byte) 2));
      releasing.call(
          ApiKeys.SHARE_ACKNOWLEDGE, VERSION, release, ShareAcknowledgeResponseData.class);
    }
    assertEquals(
        List.of("0-0×2"),
        acquired(client.receive(ApiKeys.SHARE_FETCH, VERSION, ShareFetchResponseData.class)));
  }

  @Test
  void a_connection_that_ends_releases_what_its_member_holds() throws IOException {
    produce(2);
    try (RawClient leaving = new RawClient(sluice.connect())) {
      ShareFetchRequestData begin = of(fetch("m", 0), orders, partition(0));
      assertEquals(
          List.of("0-1×1"),
          acquired(
              leaving.call(ApiKeys.SHARE_FETCH, VERSION, begin, ShareFetchResponseData.class)));
    }
    ShareFetchRequestData waits = of(fetch("other", 0).setMaxWaitMs(60_000), orders, partition(0));
    assertEquals(List.of("0-1×2"), acquired(answer(waits)));
  }

  @Test
  void the_end_of_a_session_releases_what_its_member_holds() throws IOException {
    produce(2);
    begin("m");
    assertEquals(Errors.NONE, settle("m", -1, 0, 0, 1));
    assertEquals(List.of("1-1×2"), begin("other"));
    assertEquals(Errors.SHARE_SESSION_NOT_FOUND, settle("m", 1, 0, 0, 1));
  }

  @Test
  void a_batch_is_taken_to_its_end_unless_records_are_limited() throws IOException {
    produce(10);
    ShareFetchRequestData limited =
        of(fetch("m", 0).setMaxRecords(3).setShareAcquireMode((byte) 1), orders, partition(0));
    assertEquals(List.of("0-2×1"), acquired(answer(limited)));
    ShareFetchRequestData whole = of(fetch("other", 0).setMaxRecords(3), orders, partition(0));
    assertEquals(List.of("3-9×1"), acquired(answer(whole)));
    ShareFetchRequestData none = of(fetch("third", 0).setMaxRecords(0), orders, partition(0));
    assertEquals(List.of(), acquired(answer(none)));
  }

  @Test
  void ranges_end_with_batches_of_the_size_that_is_asked_for() throws IOException {
    produce(4);
    produce(4);
    produce(4);
    ShareFetchRequestData fetch = of(fetch("m", 0).setBatchSize(5), orders, partition(0));
    assertEquals(List.of("0-7×1", "8-11×1"), acquired(answer(fetch)));
  }

  @Test
  void a_record_is_delivered_for_the_last_time_alone_and_then_given_up() throws IOException {
    produce(2);
    assertEquals(List.of("0-1×1"), begin("m"));
    for (int count = 2; count < 5; count++) {
      settle("m", 1, 0, 1, 2);
      assertEquals(List.of("0-1×" + count), begin("m"));
    }
    settle("m", 1, 0, 1, 2);
    assertEquals(List.of("0-0×5"), begin("m"));
    assertEquals(Errors.NONE, settle("m", 1, 0, 0, 2));
    assertEquals(List.of("1-1×5"), begin("m"));
    now.set(BEGIN.plusSeconds(31));
    assertEquals(List.of(), begin("m"), "its last lock ended without a word");
  }

  @Test
  void min_bytes_are_waited_for() throws IOException {
    produce(1);
    client.send(
        ApiKeys.SHARE_FETCH,
        VERSION,
        of(
            fetch("m", 0).setMaxWaitMs(60_000).setMinBytes(120),
            orders,
            partition(0),
            partition(1)));
    produce(1);
    List<String> ranges =
        acquired(client.receive(ApiKeys.SHARE_FETCH, VERSION, ShareFetchResponseData.class));
    assertEquals(List.of("0-1×1"), ranges);
  }

  @Test
  void only_a_member_may_have_its_group_read_a_topic() throws IOException {
    Uuid metrics = sluice.broker().topics().create(NewTopic.named("metrics")).id();
    ShareFetchRequestData stranger = of(fetch("m", 0), metrics, partition(0));
    assertEquals(
        Errors.UNKNOWN_TOPIC_OR_PARTITION.code(),
        partitions(answer(stranger)).getFirst().errorCode());
    ShareGroupHeartbeatResponseData joined =
        client.call(
            ApiKeys.SHARE_GROUP_HEARTBEAT,
            1,
            new ShareGroupHeartbeatRequestData()
                .setGroupId("g")
                .setMemberId("m")
                .setMemberEpoch(0)
                .setSubscribedTopicNames(List.of("metrics")),
            ShareGroupHeartbeatResponseData.class);
    assertEquals(Errors.NONE.code(), joined.errorCode());
    ShareFetchRequestData member = of(fetch("m", 0), metrics, partition(0));
    assertEquals(List.of(), acquired(answer(member)));
    assertTrue(sluice.broker().shareGroups().find("g").orElseThrow().reads(metrics));
  }

  @Test
  void a_heartbeat_names_its_member() throws IOException {
    for (String member : List.of("", "m".repeat(37))) {
      ShareGroupHeartbeatResponseData refused =
          client.call(
              ApiKeys.SHARE_GROUP_HEARTBEAT,
              1,
              new ShareGroupHeartbeatRequestData().setGroupId("g").setMemberId(member),
              ShareGroupHeartbeatResponseData.class);
      assertEquals(Errors.INVALID_REQUEST, Errors.forCode(refused.errorCode()));
    }
  }
}
