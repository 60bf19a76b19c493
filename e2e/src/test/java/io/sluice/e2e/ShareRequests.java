package io.sluice.e2e;

import io.sluice.e2e.ShareConsumerRequests.Batch;
import io.sluice.e2e.ShareConsumerRequests.FetchTopicOf;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Requests of share consumers, right and wrong. */
final class ShareRequests {

  private static final ShareConsumerRequests ONE = new ShareConsumerRequests("sg", "one");
  private static final ShareConsumerRequests TWO = new ShareConsumerRequests("sg", "two");
  private static final ShareConsumerRequests NOBODY = new ShareConsumerRequests("sg", "nobody");

  private ShareRequests() {}

  static List<Comparison> all() {
    List<Comparison> all = new ArrayList<>(preparation());
    all.addAll(members());
    all.addAll(sessions());
    all.addAll(acknowledgements());
    all.addAll(elsewhere());
    all.addAll(limits());
    all.addAll(riders());
    return all;
  }

  private static Comparison config(String name, String value) {
    AlterConfigsResource altered =
        new AlterConfigsResource()
            .setResourceType(ConfigResource.Type.GROUP.id())
            .setResourceName("sg");
    altered.configs().add(new AlterableConfig().setName(name).setValue(value));
    IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
    request.resources().add(altered);
    return Comparison.of(
        "set " + name + " to " + value, ApiKeys.INCREMENTAL_ALTER_CONFIGS, 1, request);
  }

  /** One batch into partition 0. */
  private static Comparison produce(String name, int count) {
    return new Comparison(
        name,
        ApiKeys.PRODUCE,
        12,
        ids -> {
          SimpleRecord[] records =
              IntStream.range(0, count)
                  .mapToObj(i -> new SimpleRecord(1_000, new byte[] {1}, new byte[] {(byte) i}))
                  .toArray(SimpleRecord[]::new);
          PartitionProduceData data =
              new PartitionProduceData()
                  .setIndex(0)
                  .setRecords(MemoryRecords.withRecords(Compression.NONE, records));
          ProduceRequestData request =
              new ProduceRequestData().setAcks((short) -1).setTimeoutMs(10_000);
          request
              .topicData()
              .add(new TopicProduceData().setName("sh").setPartitionData(List.of(data)));
          return request;
        });
  }

  private static List<Comparison> preparation() {
    CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(10_000);
    CreatableTopic topic =
        new CreatableTopic().setName("sh").setNumPartitions(2).setReplicationFactor((short) 1);
    // Its records bear timestamps of long ago.
    topic.configs().add(new CreatableTopicConfig().setName("retention.ms").setValue("-1"));
    request.topics().mustAdd(topic);
    return List.of(
        Comparison.of("create a topic to share", ApiKeys.CREATE_TOPICS, 7, request),
        config("share.auto.offset.reset", "earliest"),
        config("share.auto.offset.reset", "sometime"),
        config("share.auto.offset.reset", "by_duration:PT-1S"),
        config("share.record.lock.duration.ms", "1"),
        config("share.delivery.count.limit", "0"),
        config("share.partition.max.record.locks", "1"),
        config("share.isolation.level", "read_everything"),
        config("share.renew.acknowledge.enable", "maybe"),
        produce("produce a batch to share", 5),
        produce("produce another batch to share", 5));
  }

  private static List<Comparison> members() {
    return List.of(
        ONE.heartbeat("heartbeat in no share group", 1, "sh"),
        ONE.heartbeat("leave no share group", -1, asked -> {}),
        new ShareConsumerRequests("sg", "").heartbeat("join without a member id", 0, "sh"),
        new ShareConsumerRequests("sg", "m".repeat(37)).heartbeat("a long member id", 0, "sh"),
        new ShareConsumerRequests("", "one").heartbeat("join a nameless share group", 0, "sh"),
        new ShareConsumerRequests("g", "one").heartbeat("join a group of another type", 0, "sh"),
        ONE.heartbeat("join without topics", 0, asked -> {}),
        ONE.heartbeat("join with an empty list of topics", 0),
        ONE.heartbeat("join with a negative epoch", -2, "sh"),
        ONE.heartbeat(
            "join with an empty rack",
            0,
            asked -> asked.setRackId("").setSubscribedTopicNames(List.of("sh"))),
        TWO.heartbeat("join for an unknown topic", 0, "unknown"),
        TWO.heartbeat("join for an invalid topic", 0, "a b"),
        ONE.heartbeat("join a share group", 0, "sh")
            .until("assignment.topicPartitions[#0].partitions[#1]", "1"),
        ONE.heartbeat("heartbeat with an epoch to come", 1_000, asked -> {}),
        NOBODY.heartbeat("heartbeat of nobody", 1, asked -> {}),
        NOBODY.heartbeat("nobody leaves", -1, asked -> {}));
  }

  private static List<Comparison> sessions() {
    ShareConsumerRequests nameless = new ShareConsumerRequests("sg", "");
    ShareConsumerRequests tooLong = new ShareConsumerRequests("sg", "m".repeat(37));
    FetchTopicOf acknowledges = new FetchTopicOf("sh", List.of(0), new Batch(0, 0, 1));
    return List.of(
        ONE.fetch("share fetch without a group", 0, asked -> asked.setGroupId(null)),
        ONE.fetch("share fetch without a member", 0, asked -> asked.setMemberId(null)),
        nameless.fetch("share fetch of a nameless member", 0),
        tooLong.fetch("share fetch of a long member", 0),
        ONE.fetch("share fetch without a session", 1),
        ONE.fetch("share fetch ends no session", -1),
        ONE.fetch("share fetch with a negative epoch", -7),
        ONE.fetch("share fetch that begins with acknowledgements", 0, acknowledges),
        ONE.fetch("share fetch that renews and fetches", 0, asked -> asked.setIsRenewAck(true)),
        ONE.fetchUntilAcquired("share fetch", asked -> {}, 0),
        // Kafka learns of a partition that is new to it in the meantime.
        TWO.fetch("share fetch of an empty partition", 0, a -> a.setMaxWaitMs(500), of("sh", 1))
            .until("responses[#0].partitions[1].partitionIndex", "1"),
        ONE.fetch("share fetch for more", 1),
        ONE.fetch("share fetch of the last epoch", 1),
        ONE.fetch("share fetch of an epoch to come", 7),
        TWO.fetch("share fetch of what another has", 0, of("sh", 0)),
        TWO.fetch("share fetch names the partition again", 1, of("sh", 0)),
        TWO.fetch("share fetch adds a partition", 2, of("sh", 1)),
        TWO.forget("share fetch forgets a partition", 3, "sh"),
        TWO.forget("share fetch forgets an unknown topic", 4, ShareConsumerRequests.NO_TOPIC),
        TWO.fetch("share fetch of unknown partitions", 0, of("sh", 9, -1, Integer.MAX_VALUE)),
        TWO.fetch("share fetch of unknown partitions goes on", 1),
        TWO.fetch("share fetch of an unknown topic", 0, of(ShareConsumerRequests.NO_TOPIC, 0)),
        TWO.fetch("share fetch of an unknown topic goes on", 1),
        TWO.fetch(
            "share fetch in an unknown mode",
            0,
            asked -> asked.setShareAcquireMode((byte) 7),
            of("sh", 1)),
        TWO.fetch("share fetch of nothing", 0));
  }

  private static FetchTopicOf of(String topic, Integer... partitions) {
    return ShareConsumerRequests.of(topic, partitions);
  }

  private static List<Comparison> acknowledgements() {
    return List.of(
        ONE.acknowledge("acknowledge backwards", 2, new Batch(4, 3, 1)),
        ONE.acknowledge("acknowledge with too few types", 3, new Batch(0, 2, 1, 1)),
        ONE.acknowledge("acknowledge without a type", 4, new Batch(0, 2)),
        ONE.acknowledge("acknowledge with an unknown type", 5, new Batch(0, 0, 5)),
        ONE.acknowledge("acknowledge with a negative type", 6, new Batch(0, 0, -1)),
        ONE.acknowledge("acknowledge by a silent renewal", 7, new Batch(0, 0, 4)),
        ONE.acknowledge("acknowledge beyond the end", 8, new Batch(9, 10, 1)),
        ONE.acknowledge("acknowledge all that is to come", 9, new Batch(0, Long.MAX_VALUE, 1)),
        ONE.acknowledge("acknowledge negative offsets", 10, new Batch(-5, -1, 1)),
        ONE.acknowledge("acknowledge overlapping", 11, new Batch(0, 2, 1), new Batch(1, 3, 1)),
        ONE.acknowledge("acknowledge twice at once", 12, new Batch(0, 0, 1), new Batch(0, 0, 1)),
        ONE.acknowledge("acknowledge", 13, new Batch(2, 3, 1)),
        ONE.acknowledge("acknowledge what is partly acknowledged", 14, new Batch(0, 4, 1)),
        ONE.acknowledge("acknowledge one and release one", 15, new Batch(0, 1, 1, 2)),
        ONE.acknowledge("acknowledge a gap", 16, new Batch(4, 4, 0)),
        ONE.acknowledge("acknowledge nothing", 17),
        ONE.acknowledge("renew", 2, 18, true, "sh", 0, new Batch(5, 5, 4)),
        ONE.acknowledge("renew and accept", 2, 19, true, "sh", 0, new Batch(5, 6, 4, 1)),
        ONE.acknowledge("renew for old clients", 1, 20, false, "sh", 0, new Batch(5, 5, 4)),
        ONE.acknowledge("accept for old clients", 1, 21, false, "sh", 0, new Batch(7, 7, 1)),
        ONE.acknowledge("renew what is accepted", 2, 22, true, "sh", 0, new Batch(7, 7, 4)),
        ONE.acknowledge("acknowledge below the start", 23, new Batch(0, 0, 1)),
        ONE.acknowledge("release what is accepted", 24, new Batch(2, 3, 2)));
  }

  private static List<Comparison> elsewhere() {
    Batch batch = new Batch(5, 5, 1);
    String none = ShareConsumerRequests.NO_TOPIC;
    return List.of(
        ONE.acknowledge("acknowledge in an unknown topic", 2, 25, false, none, 0, batch),
        ONE.acknowledge("acknowledge in an unknown partition", 2, 26, false, "sh", 9, batch),
        ONE.acknowledge("acknowledge in a negative partition", 2, 27, false, "sh", -1, batch),
        ONE.acknowledge("acknowledge in another partition", 2, 28, false, "sh", 1, batch),
        ONE.acknowledge("acknowledge in a topic that is not read", 2, 29, false, "t", 0, batch),
        ONE.acknowledge("acknowledge with the first epoch", 0, batch),
        ONE.acknowledge("acknowledge with an epoch to come", 99, batch),
        NOBODY.acknowledge("nobody acknowledges", 1, batch),
        NOBODY.acknowledge("nobody acknowledges and ends", -1, batch),
        new ShareConsumerRequests("sg", "").acknowledge("a nameless acknowledges", 1, batch),
        TWO.acknowledge("acknowledge what another has", 1, batch),
        ONE.acknowledge("acknowledge and end", -1, new Batch(8, 8, 1)),
        ONE.acknowledge("acknowledge after the end", 30, batch));
  }

  private static List<Comparison> limits() {
    return List.of(
        TWO.fetchUntilAcquired(
            "share fetch of one record",
            asked -> asked.setMaxRecords(1).setShareAcquireMode((byte) 1),
            1),
        TWO.fetch("share fetch of no records", 0, a -> a.setMaxRecords(0), of("sh", 0)),
        TWO.fetch("share fetch of fewer than none", 0, a -> a.setMaxRecords(-1), of("sh", 0)),
        TWO.fetch("share fetch of no bytes", 0, a -> a.setMaxBytes(0), of("sh", 1)),
        TWO.fetch("share fetch of fewer bytes than none", 0, a -> a.setMaxBytes(-1), of("sh", 1)),
        TWO.fetch("share fetch in no batches", 0, a -> a.setBatchSize(0), of("sh", 1)),
        TWO.fetch("share fetch for a negative time", 0, a -> a.setMaxWaitMs(-1), of("sh", 1)),
        TWO.fetch("share fetch of min bytes", 0, a -> a.setMinBytes(-1), of("sh", 1)),
        TWO.fetchUntilAcquired("share fetch of what was released", asked -> {}, 5));
  }

  private static List<Comparison> riders() {
    FetchTopicOf accept = new FetchTopicOf("sh", List.of(0), new Batch(1, 1, 1));
    FetchTopicOf refused = new FetchTopicOf("sh", List.of(0), new Batch(9, 20, 1));
    FetchTopicOf unknown =
        new FetchTopicOf(ShareConsumerRequests.NO_TOPIC, List.of(0), new Batch(0, 0, 1));
    FetchTopicOf renews = new FetchTopicOf("sh", List.of(0), new Batch(9, 9, 4));
    FetchTopicOf last = new FetchTopicOf("sh", List.of(0), new Batch(9, 9, 1));
    return List.of(
        TWO.fetch("share fetch that acknowledges", 1, accept),
        TWO.fetch("share fetch that acknowledges beyond the end", 2, refused),
        TWO.fetch("share fetch that acknowledges in an unknown topic", 3, unknown),
        TWO.fetch(
            "share fetch that renews",
            5,
            asked -> asked.setIsRenewAck(true).setMaxBytes(0).setMinBytes(0).setMaxRecords(0),
            renews),
        TWO.fetch("share fetch that acknowledges and ends", -1, last),
        TWO.fetch("share fetch after the end", 5));
  }
}
