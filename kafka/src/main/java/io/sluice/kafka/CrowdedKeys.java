package io.sluice.kafka;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.Struct;
import org.apache.kafka.common.utils.ByteUtils;
import org.jspecify.annotations.Nullable;

/**
 * Foresees what it would take to decode the collections of a request that Kafka keeps in hash
 * tables with open addressing. Such a table is made for as many elements as the request has, and
 * doubles when the last one comes, for which it removes them one by one and seats all that follow
 * anew: when their keys are equal, or share a slot, the cube of their number. A request of 60 KB
 * would take many seconds, and one of some megabytes forever.
 */
final class CrowdedKeys {

  /**
   * How often an element may be looked at: less than a second of work, for 10,000 partitions in
   * their order or some hundred elements with one key.
   */
  static final long MAX_STEPS = 1L << 28;

  /** Fewer bytes hold too few elements. */
  private static final int SMALL_BYTES = 1_000;

  /** Fewer topics than that need not be looked at, which all producers would have to pay for. */
  private static final int FEW_TOPICS = 500;

  private static final String TOPICS = "topics";
  private static final String TOPIC_DATA = "topic_data";
  private static final String CONFIGS = "configs";
  private static final List<String> NAME = List.of("name");
  private static final List<String> TOPIC = List.of("topic");
  private static final List<String> PARTITION = List.of("partition_index");
  private static final List<String> TOPIC_ID = List.of("topic_id");
  private static final List<String> RESOURCE = List.of("resource_type", "resource_name");

  /** The collections of each API, and the fields that are the key of their elements. */
  static final Map<ApiKeys, Map<String, List<String>>> COLLECTIONS =
      Map.ofEntries(
          Map.entry(ApiKeys.PRODUCE, Map.of(TOPIC_DATA, List.of("name", "topic_id"))),
          Map.entry(
              ApiKeys.ADD_PARTITIONS_TO_TXN,
              Map.of(
                  "transactions",
                  List.of("transactional_id"),
                  TOPICS,
                  NAME,
                  "v3_and_below_topics",
                  NAME)),
          Map.entry(ApiKeys.ALTER_CONFIGS, Map.of("resources", RESOURCE, CONFIGS, NAME)),
          Map.entry(
              ApiKeys.INCREMENTAL_ALTER_CONFIGS,
              Map.of("resources", RESOURCE, CONFIGS, List.of("name", "config_operation"))),
          Map.entry(ApiKeys.ALTER_REPLICA_LOG_DIRS, Map.of("dirs", List.of("path"), TOPICS, NAME)),
          Map.entry(ApiKeys.ALTER_SHARE_GROUP_OFFSETS, Map.of(TOPICS, List.of("topic_name"))),
          Map.entry(ApiKeys.CREATE_PARTITIONS, Map.of(TOPICS, NAME)),
          Map.entry(
              ApiKeys.CREATE_TOPICS, Map.of(TOPICS, NAME, "assignments", PARTITION, CONFIGS, NAME)),
          Map.entry(ApiKeys.DESCRIBE_LOG_DIRS, Map.of(TOPICS, TOPIC)),
          Map.entry(ApiKeys.ELECT_LEADERS, Map.of("topic_partitions", TOPIC)),
          Map.entry(ApiKeys.JOIN_GROUP, Map.of("protocols", NAME)),
          Map.entry(ApiKeys.OFFSET_DELETE, Map.of(TOPICS, NAME)),
          Map.entry(ApiKeys.OFFSET_FOR_LEADER_EPOCH, Map.of(TOPICS, TOPIC)),
          Map.entry(ApiKeys.SHARE_FETCH, Map.of(TOPICS, TOPIC_ID, "partitions", PARTITION)),
          Map.entry(ApiKeys.SHARE_ACKNOWLEDGE, Map.of(TOPICS, TOPIC_ID, "partitions", PARTITION)),
          Map.entry(ApiKeys.UPDATE_FEATURES, Map.of("feature_updates", List.of("feature"))));

  private final Map<String, List<String>> collections;
  private long steps;

  private CrowdedKeys(Map<String, List<String>> collections) {
    this.collections = collections;
  }

  /**
   * Checks the body of a request, and leaves the buffer as it is.
   *
   * @throws InvalidRequestException it would take more than {@link #MAX_STEPS}
   */
  static void check(ApiKeys key, short version, ByteBuffer body) {
    Map<String, List<String>> collections = COLLECTIONS.get(key);
    if (collections == null || body.remaining() < SMALL_BYTES) {
      return;
    }
    Schema schema = key.messageType.requestSchemas()[version];
    if (key == ApiKeys.PRODUCE && topics(schema, version, body.duplicate()) < FEW_TOPICS) {
      return;
    }
    new CrowdedKeys(collections).walk(schema.read(body.duplicate()));
  }

  private static int topics(Schema schema, short version, ByteBuffer body) {
    for (int i = 0; !schema.get(i).def.name.equals(TOPIC_DATA); i++) {
      schema.get(i).def.type.read(body);
    }
    boolean flexible = ApiKeys.PRODUCE.requestHeaderVersion(version) > 1;
    return flexible ? ByteUtils.readUnsignedVarint(body) - 1 : body.getInt();
  }

  private void walk(Struct struct) {
    for (var field : struct.schema().fields()) {
      if (struct.get(field) instanceof Object[] elements
          && elements.length > 0
          && elements[0] instanceof Struct) {
        List<String> key = collections.get(field.def.name);
        if (key != null) {
          count(field.def.name, elements, key);
        }
        for (Object element : elements) {
          walk((Struct) element);
        }
      }
    }
  }

  private void count(String collection, Object[] elements, List<String> key) {
    int[] hashes = new int[elements.length];
    for (int i = 0; i < hashes.length; i++) {
      hashes[i] = hash((Struct) elements[i], key);
    }
    int capacity = 2 * elements.length + 1;
    steps += steps(hashes, capacity, true) + steps(hashes, 2 * capacity + 1, false);
    if (steps > MAX_STEPS) {
      throw new InvalidRequestException(
          "too many of its %d %s have equal keys".formatted(elements.length, collection));
    }
  }

  /** As the generated classes do; what a version has not is empty, and its hash is 0. */
  private static int hash(Struct element, List<String> key) {
    int hash = 0;
    for (String name : key) {
      hash = 31 * hash + Objects.hashCode(value(element, name));
    }
    return hash;
  }

  private static @Nullable Object value(Struct element, String name) {
    return element.hasField(name) ? element.get(name) : null;
  }

  /** What it takes to fill a table of that capacity and, perhaps, to empty it. */
  static long steps(int[] hashes, int capacity, boolean emptied) {
    int[] slots =
        Arrays.stream(hashes).map(hash -> (hash & Integer.MAX_VALUE) % capacity).toArray();
    Arrays.sort(slots);
    long steps = 0;
    long probes = 0;
    long start = 0;
    long end = 0;
    for (int slot : slots) {
      if (slot > end) {
        steps += emptied ? probes * (end - start) : probes;
        probes = 0;
        start = slot;
        end = slot;
      }
      probes += end - slot + 1;
      end++;
    }
    return steps + (emptied ? probes * (end - start) : probes);
  }
}
