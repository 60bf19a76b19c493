package io.sluice.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.sluice.broker.NewTopic;
import io.sluice.broker.Topic;
import io.sluice.log.AppendSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
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
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a client knows that fetches within a session (KIP-227) is what full fetches tell, whatever
 * happens to its topics and whatever it wants of them next.
 */
class FetchSessionHistoryTest {

  private static final int TOPICS = 3;
  private static final int PARTITIONS = 4;
  private static final int STEPS = 400;

  @TempDir Path folder;
  private RunningListener sluice;
  private RawClient client;
  private Random random;
  private int version;

  private int session;
  private int epoch;

  /** A partition as the client names it, and where it reads. */
  private record Wanted(String topic, Uuid id, int partition) {}

  private final Map<Wanted, Long> wanted = new LinkedHashMap<>();
  private final Map<Wanted, Long> unsent = new LinkedHashMap<>();
  private final List<Wanted> forgotten = new ArrayList<>();

  /** What the client was told of each partition, but for records. */
  private final Map<Wanted, String> known = new HashMap<>();

  @BeforeEach
  void start() throws Exception {
    sluice = RunningListener.in(folder);
    for (int i = 0; i < TOPICS; i++) {
      create(i);
    }
    client = new RawClient(sluice.connect());
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    sluice.close();
  }

  private void create(int topic) {
    sluice.broker().topics().create(NewTopic.named("t" + topic).withPartitions(PARTITIONS));
  }

  @ParameterizedTest(name = "version {0}, seed {1}")
  @CsvSource({"12, 1", "12, 2", "17, 3", "17, 4", "18, 5"})
  void a_session_tells_what_full_fetches_tell(int requestVersion, long seed) throws Exception {
    version = requestVersion;
    random = new Random(seed);
    want();
    for (int step = 0; step < STEPS; step++) {
      change();
      if (random.nextInt(3) == 0) {
        fetch();
        assertEquals(told(full()), new TreeMap<>(sorted(known)), "step " + step);
      }
    }
  }

  private static Map<String, String> sorted(Map<Wanted, String> from) {
    Map<String, String> sorted = new TreeMap<>();
    from.forEach((partition, what) -> sorted.put(partition.toString(), what));
    return sorted;
  }

  private void change() {
    switch (random.nextInt(12)) {
      case 0, 1, 2, 3 -> append();
      case 4 -> deleteRecords();
      case 5, 6 -> want();
      case 7 -> forget();
      case 8 -> replaceTopic();
      case 9 -> session = random.nextInt(4) == 0 ? 0 : session;
      default -> seek();
    }
  }

  private Topic anyTopic() {
    List<Topic> topics = sluice.broker().topics().list();
    return topics.get(random.nextInt(topics.size()));
  }

  private void append() {
    SimpleRecord record =
        new SimpleRecord(("v" + random.nextInt()).getBytes(StandardCharsets.UTF_8));
    sluice
        .broker()
        .topics()
        .partition(anyTopic().name(), random.nextInt(PARTITIONS))
        .append(MemoryRecords.withRecords(Compression.NONE, record), AppendSource.CLIENT)
        .durable()
        .join();
  }

  private void deleteRecords() {
    var log = sluice.broker().topics().partition(anyTopic().name(), random.nextInt(PARTITIONS));
    log.deleteRecordsBefore(log.startOffset() + (log.endOffset() > log.startOffset() ? 1 : 0));
  }

  private void replaceTopic() {
    int topic = random.nextInt(TOPICS);
    if (random.nextInt(4) == 0) {
      sluice.broker().topics().delete("t" + topic);
      create(topic);
    }
  }

  private void want() {
    Topic topic = anyTopic();
    Wanted partition =
        version >= 13
            ? new Wanted("", topic.id(), random.nextInt(PARTITIONS + 1))
            : new Wanted(topic.name(), Uuid.ZERO_UUID, random.nextInt(PARTITIONS + 1));
    set(partition, 0);
  }

  private void set(Wanted partition, long offset) {
    wanted.put(partition, offset);
    unsent.put(partition, offset);
    forgotten.remove(partition);
  }

  private Wanted anyWanted() {
    return List.copyOf(wanted.keySet()).get(random.nextInt(wanted.size()));
  }

  private void seek() {
    set(anyWanted(), random.nextInt(5));
  }

  private void forget() {
    if (wanted.size() > 1) {
      Wanted partition = anyWanted();
      wanted.remove(partition);
      unsent.remove(partition);
      known.remove(partition);
      forgotten.add(partition);
    }
  }

  private void fetch() throws Exception {
    boolean begins = session == 0;
    FetchRequestData request = request(begins ? wanted : unsent, begins ? 0 : epoch);
    request.setSessionId(session);
    if (!begins) {
      forgotten.forEach(
          partition ->
              request
                  .forgottenTopicsData()
                  .add(
                      new ForgottenTopic()
                          .setTopic(partition.topic())
                          .setTopicId(partition.id())
                          .setPartitions(List.of(partition.partition()))));
    }
    FetchResponseData response = call(request);
    assertEquals(Errors.NONE, Errors.forCode(response.errorCode()));
    assertNotEquals(0, response.sessionId());
    if (begins) {
      known.clear();
    } else {
      assertEquals(session, response.sessionId());
    }
    session = response.sessionId();
    epoch = begins ? 1 : epoch + 1;
    unsent.clear();
    forgotten.clear();
    // What is not told is as before, and has no records.
    known.replaceAll((partition, what) -> what.replaceFirst(" \\[.*", " []"));
    response
        .responses()
        .forEach(
            topic ->
                topic
                    .partitions()
                    .forEach(
                        data ->
                            known.put(
                                new Wanted(topic.topic(), topic.topicId(), data.partitionIndex()),
                                describe(data))));
  }

  private FetchResponseData full() throws Exception {
    return call(request(wanted, -1));
  }

  private FetchRequestData request(Map<Wanted, Long> partitions, int requestEpoch) {
    FetchRequestData request =
        new FetchRequestData()
            .setMaxWaitMs(0)
            .setMinBytes(1)
            .setMaxBytes(1 << 20)
            .setSessionEpoch(requestEpoch);
    partitions.forEach(
        (partition, offset) ->
            request
                .topics()
                .add(
                    new FetchTopic()
                        .setTopic(partition.topic())
                        .setTopicId(partition.id())
                        .setPartitions(
                            List.of(
                                new FetchPartition()
                                    .setPartition(partition.partition())
                                    .setFetchOffset(offset)
                                    .setPartitionMaxBytes(1 << 16)))));
    return request;
  }

  private FetchResponseData call(FetchRequestData request) throws Exception {
    return client.call(ApiKeys.FETCH, version, request, FetchResponseData.class);
  }

  private static Map<String, String> told(FetchResponseData response) {
    Map<Wanted, String> told = new HashMap<>();
    response
        .responses()
        .forEach(
            topic ->
                topic
                    .partitions()
                    .forEach(
                        data ->
                            told.put(
                                new Wanted(topic.topic(), topic.topicId(), data.partitionIndex()),
                                describe(data))));
    return sorted(told);
  }

  private static String describe(PartitionData data) {
    List<String> records = new ArrayList<>();
    ((MemoryRecords) data.records())
        .records()
        .forEach(record -> records.add(record.offset() + "=" + record.value().remaining()));
    return Errors.forCode(data.errorCode())
        + " "
        + data.logStartOffset()
        + ".."
        + data.highWatermark()
        + " "
        + records;
  }
}
