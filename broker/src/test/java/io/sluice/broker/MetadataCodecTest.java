package io.sluice.broker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The journal's format, letter by letter: the data folders of earlier versions are written so. */
class MetadataCodecTest {

  private static final Instant CREATED = Instant.parse("2026-01-31T12:00:00.123456Z");
  private static final Instant LATER = Instant.parse("2026-02-01T00:00:00Z");
  private static final TreeMap<String, String> NONE = new TreeMap<>();
  private static final TreeMap<String, String> ATTRIBUTES =
      new TreeMap<>(
          Map.of(
              "Policy",
              "{\"Version\":\"2012-10-17\"}\n",
              "tag:Größe",
              "€ \ud83d\ude00 / \\ \u0001\u007f"));

  @Test
  void identity() {
    byte[] secret = new byte[32];
    for (int i = 0; i < secret.length; i++) {
      secret[i] = (byte) (i * 37 + 200);
    }
    String json =
        """
        {"type":"identity","clusterId":"c1","secret":"yO0SN1yBpsvwFTpfhKnO8xg9Yoes0fYbQGWKr9T5HkM="}\
        """;

    assertEquals(json, encoded(new MetadataRecord.Identity("c1", secret)));
    MetadataRecord.Identity read = assertInstanceOf(MetadataRecord.Identity.class, decoded(json));
    assertEquals("c1", read.clusterId());
    assertArrayEquals(secret, read.secret());
  }

  @Test
  void producer_ids_and_ends() {
    assertFormat(
        "{\"type\":\"producer-ids\",\"next\":9007199254740993}",
        new MetadataRecord.ProducerIds(9007199254740993L));
    assertFormat(
        "{\"type\":\"topic-deleted\",\"topicId\":\"AAAAAAAAAAEAAAAAAAAAAQ\"}",
        new MetadataRecord.TopicDeleted(id(1)));
    assertFormat(
        "{\"type\":\"topic-drained\",\"topicId\":\"AAAAAAAAAAEAAAAAAAAAAQ\"}",
        new MetadataRecord.TopicDrained(id(1)));
    assertFormat(
        "{\"type\":\"queue-deleted\",\"queueId\":\"AAAAAAAAAAEAAAAAAAAAAg\"}",
        new MetadataRecord.QueueDeleted(id(2)));
    assertFormat(
        "{\"type\":\"source-drained\",\"sourceId\":\"AAAAAAAAAAEAAAAAAAAAAw\"}",
        new MetadataRecord.SourceDrained(id(3)));
  }

  @Test
  void topics() {
    TreeMap<String, String> configs =
        new TreeMap<>(Map.of("retention.ms", "1000", "cleanup.policy", "delete"));
    assertFormat(
        """
        {"type":"topic","topic":{"name":"orders","id":"AAAAAAAAAAEAAAAAAAAAAQ",\
        "kind":"USER","partitions":3,"configs":{"cleanup.policy":"delete",\
        "retention.ms":"1000"},"attributes":{\
        "Policy":"{\\"Version\\":\\"2012-10-17\\"}\\n",\
        "tag:Größe":"€ \\uD83D\\uDE00 / \\\\ \\u0001\u007f"},\
        "createdAt":"2026-01-31T12:00:00.123456Z"},"storageName":"orders"}\
        """,
        new MetadataRecord.TopicIs(
            new Topic("orders", id(1), TopicKind.USER, 3, configs, ATTRIBUTES, CREATED), "orders"));
    assertFormat(
        """
        {"type":"topic","topic":{"name":"queue.a","id":"AAAAAAAAAAEAAAAAAAAABA",\
        "kind":"QUEUE_INBOX","partitions":1,"configs":{},"attributes":{},\
        "createdAt":"2026-02-01T00:00:00Z"},"storageName":"queue.a~2"}\
        """,
        new MetadataRecord.TopicIs(
            new Topic("queue.a", id(4), TopicKind.QUEUE_INBOX, 1, NONE, NONE, LATER), "queue.a~2"));
  }

  @Test
  void share_groups() {
    assertFormat(
        """
        {"type":"share-group","name":"metrics","id":"AAAAAAAAAAEAAAAAAAAAAQ",\
        "createdAt":"2026-01-31T12:00:00.123456Z"}\
        """,
        new MetadataRecord.ShareGroupIs(new ShareGroupDefinition("metrics", id(1), CREATED)));
  }

  @Test
  void queues() {
    assertFormat(
        """
        {"type":"queue","queue":{"name":"work.fifo","id":"AAAAAAAAAAEAAAAAAAAAAg",\
        "attributes":{"Policy":"{\\"Version\\":\\"2012-10-17\\"}\\n",\
        "tag:Größe":"€ \\uD83D\\uDE00 / \\\\ \\u0001\u007f"},"settings":{\
        "retention":"PT96H","maxMessageBytes":1048576,"maxInFlight":120000,"delay":"PT0S"},\
        "createdAt":"2026-01-31T12:00:00.123456Z",\
        "modifiedAt":"2026-02-01T00:00:00Z"}}\
        """,
        queue(new QueueSettings(Duration.ofDays(4), 1048576, 120000)));
    assertFormat(
        """
        {"type":"queue","queue":{"name":"work.fifo","id":"AAAAAAAAAAEAAAAAAAAAAg",\
        "attributes":{"Policy":"{\\"Version\\":\\"2012-10-17\\"}\\n",\
        "tag:Größe":"€ \\uD83D\\uDE00 / \\\\ \\u0001\u007f"},"settings":{\
        "retention":"PT96H","maxMessageBytes":1048576,"maxInFlight":120000,"delay":"PT1M",\
        "fifo":{"deduplicationByGroup":true}},\
        "createdAt":"2026-01-31T12:00:00.123456Z",\
        "modifiedAt":"2026-02-01T00:00:00Z"}}\
        """,
        queue(
            new QueueSettings(Duration.ofDays(4), 1048576, 120000)
                .withDelay(Duration.ofMinutes(1))
                .withFifo(new QueueSettings.Fifo(true))));
    assertFormat(
        """
        {"type":"queue","queue":{"name":"q","id":"AAAAAAAAAAEAAAAAAAAAAg","attributes":{},\
        "settings":{"retention":"PT1M","maxMessageBytes":1024,"maxInFlight":1,"delay":"PT0S",\
        "redrive":{"queue":"dead","maxReceiveCount":3}},\
        "createdAt":"2026-01-31T12:00:00.123456Z","modifiedAt":"2026-02-01T00:00:00Z"}}\
        """,
        new MetadataRecord.QueueIs(
            new QueueDefinition(
                "q",
                id(2),
                NONE,
                new QueueSettings(Duration.ofMinutes(1), 1024, 1)
                    .withRedrive(Optional.of(new Redrive("dead", 3))),
                CREATED,
                LATER)));
  }

  @Test
  void queues_of_a_version_that_knew_standard_queues_only() {
    assertEquals(
        queue(new QueueSettings(Duration.ofDays(4), 1048576, 120000)),
        MetadataCodec.decode(
            """
            {"type":"queue","queue":{"name":"work.fifo","id":"AAAAAAAAAAEAAAAAAAAAAg",\
            "attributes":{"Policy":"{\\"Version\\":\\"2012-10-17\\"}\\n",\
            "tag:Größe":"€ \\uD83D\\uDE00 / \\\\ \\u0001\u007f"},"settings":{\
            "retention":"PT96H","maxMessageBytes":1048576,"maxInFlight":120000},\
            "createdAt":"2026-01-31T12:00:00.123456Z",\
            "modifiedAt":"2026-02-01T00:00:00Z"}}\
            """
                .getBytes(StandardCharsets.UTF_8)));
  }

  private static MetadataRecord queue(QueueSettings settings) {
    return new MetadataRecord.QueueIs(
        new QueueDefinition("work.fifo", id(2), ATTRIBUTES, settings, CREATED, LATER));
  }

  @Test
  void move_tasks() {
    assertFormat(
        """
        {"type":"move-task","id":"AAAAAAAAAAEAAAAAAAAAAQ","source":"dead",\
        "sourceId":"AAAAAAAAAAEAAAAAAAAAAg","destination":"","maxPerSecond":0,\
        "startedAt":"2026-01-31T12:00:00.123456Z","toMove":5,"moved":2,"state":"RUNNING",\
        "failure":""}\
        """,
        new MetadataRecord.MoveTaskIs(
            new MoveTask(
                id(1),
                "dead",
                id(2),
                Optional.empty(),
                OptionalInt.empty(),
                CREATED,
                5,
                2,
                MoveTask.State.RUNNING,
                Optional.empty())));
    assertFormat(
        """
        {"type":"move-task","id":"AAAAAAAAAAEAAAAAAAAAAQ","source":"dead",\
        "sourceId":"AAAAAAAAAAEAAAAAAAAAAg","destination":"q","maxPerSecond":7,\
        "startedAt":"2026-01-31T12:00:00.123456Z","toMove":5,"moved":2,"state":"FAILED",\
        "failure":"NO_ORIGIN"}\
        """,
        new MetadataRecord.MoveTaskIs(
            new MoveTask(
                id(1),
                "dead",
                id(2),
                Optional.of("q"),
                OptionalInt.of(7),
                CREATED,
                5,
                2,
                MoveTask.State.FAILED,
                Optional.of(MoveTask.Failure.NO_ORIGIN))));
  }

  @Test
  void sources() {
    Source source = new Source(id(3), "orders", id(1), "work.fifo", id(2), NONE, LATER);
    assertFormat(
        """
        {"type":"source","source":{"id":"AAAAAAAAAAEAAAAAAAAAAw","topic":"orders",\
        "topicId":"AAAAAAAAAAEAAAAAAAAAAQ","queue":"work.fifo",\
        "queueId":"AAAAAAAAAAEAAAAAAAAAAg","attributes":{},\
        "createdAt":"2026-02-01T00:00:00Z"},"ended":true}\
        """,
        new MetadataRecord.SourceIs(source, true));
    assertFormat(
        """
        {"type":"source","source":{"id":"AAAAAAAAAAEAAAAAAAAAAw","topic":"orders",\
        "topicId":"AAAAAAAAAAEAAAAAAAAAAQ","queue":"work.fifo",\
        "queueId":"AAAAAAAAAAEAAAAAAAAAAg","attributes":{},\
        "createdAt":"2026-02-01T00:00:00Z"},"ended":false}\
        """,
        new MetadataRecord.SourceIs(source, false));
    assertFormat(
        """
        {"type":"source","source":{"id":"AAAAAAAAAAEAAAAAAAAAAw","topic":"orders",\
        "topicId":"AAAAAAAAAAEAAAAAAAAAAQ","queue":"work.fifo",\
        "queueId":"AAAAAAAAAAEAAAAAAAAAAg","attributes":{},\
        "createdAt":"2026-02-01T00:00:00Z"},"ended":false,\
        "past":[{"attributes":{"Filter":"a"},"ends":[5,0]},{"attributes":{},"ends":[]}]}\
        """,
        new MetadataRecord.SourceIs(
            source,
            false,
            List.of(
                new PastFilter(new TreeMap<>(Map.of("Filter", "a")), List.of(5L, 0L)),
                new PastFilter(NONE, List.of()))));
  }

  @Test
  void configs_of_what_is_no_topic() {
    assertFormat(
        """
        {"type":"configs","kind":"GROUP","name":"g","configs":{"share.session.timeout.ms":"50000"}}\
        """,
        new MetadataRecord.ConfigsAre(
            ConfigKind.GROUP, "g", new TreeMap<>(Map.of("share.session.timeout.ms", "50000"))));
    assertFormat(
        "{\"type\":\"configs\",\"kind\":\"BROKER\",\"name\":\"\",\"configs\":{}}",
        new MetadataRecord.ConfigsAre(ConfigKind.BROKER, "", NONE));
  }

  @Test
  void fields_come_in_any_order() {
    assertEquals(
        new MetadataRecord.ProducerIds(5), decoded("{\"next\": 5, \"type\": \"producer-ids\"}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[1]",
        "null",
        "{'type':'unknown'}",
        "{'type':'producer-ids'}",
        "{'type':'producer-ids','next':5",
        "{'type':'producer-ids','next':5,'more':1}",
        "{'type':'producer-ids','next':'five'}",
        "{'type':'producer-ids','next':99999999999999999999}",
        "{'type':'producer-ids','next':1,'next':2}",
        "{'type':'topic-deleted','topicId':'zz'}",
        "{'type':'source','source':{'more':1},'ended':true}",
        "{'type':'identity','clusterId':'c1','secret':'?'}",
      })
  void what_this_version_does_not_know_is_refused(String quoted) {
    String json = quoted.replace('\'', '"');

    IllegalStateException refused = assertThrows(IllegalStateException.class, () -> decoded(json));

    assertEquals(
        "the metadata journal holds a record that this version cannot read: " + json,
        refused.getMessage());
  }

  private static void assertFormat(String json, MetadataRecord record) {
    assertEquals(json, encoded(record));
    assertEquals(record, decoded(json));
  }

  private static String encoded(MetadataRecord record) {
    return new String(MetadataCodec.encode(record), StandardCharsets.UTF_8);
  }

  private static MetadataRecord decoded(String json) {
    return MetadataCodec.decode(json.getBytes(StandardCharsets.UTF_8));
  }

  private static Uuid id(long number) {
    return new Uuid(1, number);
  }
}
