package io.sluice.kafka;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.protocol.types.ArrayOf;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.CompactArrayOf;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.Type;
import org.apache.kafka.common.utils.ImplicitLinkedHashCollection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests whose decoding would take longer than anybody can wait. */
class CrowdedKeysTest {

  private static final int TIMES = 4_000;

  @TempDir Path folder;

  private static ApiMessage transactions(int times) {
    AddPartitionsToTxnRequestData request = new AddPartitionsToTxnRequestData();
    request.setTransactions(
        new AddPartitionsToTxnRequestData.AddPartitionsToTxnTransactionCollection(2 * times));
    for (int i = 0; i < times; i++) {
      request.transactions().add(new AddPartitionsToTxnTransaction().setTransactionalId("x"));
    }
    return request;
  }

  private static ApiMessage assignments(int times, int step) {
    CreatableTopic topic = new CreatableTopic().setName("t");
    topic.setAssignments(
        new CreateTopicsRequestData.CreatableReplicaAssignmentCollection(2 * times));
    for (int i = 0; i < times; i++) {
      topic.assignments().add(new CreatableReplicaAssignment().setPartitionIndex(i * step));
    }
    CreateTopicsRequestData request = new CreateTopicsRequestData();
    request.topics().add(topic);
    return request;
  }

  private static ApiMessage records(int times, String name) {
    ProduceRequestData request = new ProduceRequestData();
    request.setTopicData(new ProduceRequestData.TopicProduceDataCollection(2 * times));
    for (int i = 0; i < times; i++) {
      request.topicData().add(new TopicProduceData().setName(name.formatted(i)));
    }
    return request;
  }

  private static void check(ApiKeys key, int version, ApiMessage body) {
    ByteBuffer bytes = MessageUtil.toByteBufferAccessor(body, (short) version).buffer();
    int before = bytes.remaining();
    CrowdedKeys.check(key, (short) version, bytes);
    assertEquals(before, bytes.remaining());
  }

  private static void assertRefused(ApiKeys key, int version, ApiMessage body) {
    assertThrows(InvalidRequestException.class, () -> check(key, version, body));
  }

  @Test
  void a_connection_that_sends_thousands_of_equal_keys_ends_and_others_go_on() throws IOException {
    try (LogLines log = new LogLines();
        RunningListener sluice = RunningListener.in(folder)) {
      try (RawClient client = new RawClient(sluice.connect())) {
        client.send(ApiKeys.ADD_PARTITIONS_TO_TXN, 5, transactions(TIMES));
        assertEquals(Optional.empty(), client.ends());
      }
      assertEquals(1, log.seen().size(), () -> log.seen().toString());
      assertTrue(
          log.seen().getFirst().contains("4000 transactions have equal keys"),
          () -> log.seen().toString());
    }
  }

  @Test
  void keys_that_are_equal_or_share_a_slot_are_refused() {
    assertRefused(ApiKeys.ADD_PARTITIONS_TO_TXN, 5, transactions(TIMES));
    assertRefused(ApiKeys.CREATE_TOPICS, 7, assignments(TIMES, 2 * TIMES + 1));
    assertRefused(ApiKeys.CREATE_TOPICS, 4, assignments(TIMES, 2 * TIMES + 1));
    for (int version : new int[] {3, 9, 12}) {
      assertRefused(ApiKeys.PRODUCE, version, records(TIMES, "t"));
    }
    assertRefused(ApiKeys.PRODUCE, 13, records(TIMES, ""));
  }

  @Test
  void what_clients_send_is_decoded() {
    assertDoesNotThrow(() -> check(ApiKeys.ADD_PARTITIONS_TO_TXN, 5, transactions(200)));
    assertDoesNotThrow(() -> check(ApiKeys.CREATE_TOPICS, 7, assignments(10_000, 1)));
    for (int version : new int[] {3, 12}) {
      assertDoesNotThrow(() -> check(ApiKeys.PRODUCE, version, records(10_000, "topic-%d")));
      assertDoesNotThrow(() -> check(ApiKeys.PRODUCE, version, records(100_000, "a.b-%06d")));
    }
  }

  @Test
  void steps_are_counted_per_run_of_slots() {
    assertEquals(3, CrowdedKeys.steps(new int[] {1, 3, 5}, 7, true));
    assertEquals(9, CrowdedKeys.steps(new int[] {1, 2, 3}, 7, true));
    assertEquals(18, CrowdedKeys.steps(new int[] {1, 8, 15}, 7, true));
    assertEquals(6, CrowdedKeys.steps(new int[] {1, 8, 15}, 7, false));
    int[] equal = IntStream.range(0, TIMES).map(i -> -1).toArray();
    assertTrue(CrowdedKeys.steps(equal, 2 * TIMES + 1, true) > CrowdedKeys.MAX_STEPS);
  }

  @Test
  void every_such_collection_of_a_request_is_known() throws IOException {
    Map<ApiKeys, Map<String, Integer>> found = new HashMap<>();
    try (RunningListener sluice = RunningListener.in(folder)) {
      for (ApiKeys key : ApiKeys.brokerApis()) {
        Map<String, Integer> collections = new HashMap<>();
        for (short version : key.allVersions()) {
          Schema schema = key.messageType.requestSchemas()[version];
          find(schema, key.messageType.newRequest().getClass(), collections);
        }
        if (!collections.isEmpty()) {
          found.put(key, collections);
        }
      }
    }
    Map<ApiKeys, Map<String, Integer>> known = new HashMap<>();
    CrowdedKeys.COLLECTIONS.forEach(
        (key, collections) -> {
          Map<String, Integer> sizes = new HashMap<>();
          collections.forEach((name, fields) -> sizes.put(name, fields.size()));
          known.put(key, sizes);
        });
    found.keySet().removeIf(key -> !known.containsKey(key) && NOT_SERVED.contains(key));
    assertEquals(known, found);
  }

  private static final Set<ApiKeys> NOT_SERVED =
      new HashSet<>(List.of(ApiKeys.ADD_RAFT_VOTER, ApiKeys.UPDATE_RAFT_VOTER));

  private static void find(Schema schema, Class<?> type, Map<String, Integer> collections) {
    for (BoundField field : schema.fields()) {
      Optional<Type> element = elementType(field.def.type);
      if (element.isEmpty() || !(element.get() instanceof Schema elements)) {
        continue;
      }
      Class<?> collection = getter(type, field.def.name).getReturnType();
      Class<?> elementClass;
      if (ImplicitLinkedHashCollection.class.isAssignableFrom(collection)) {
        Method finder =
            Arrays.stream(collection.getDeclaredMethods())
                .filter(method -> method.getName().equals("find"))
                .findFirst()
                .orElseThrow();
        collections.put(field.def.name, finder.getParameterCount());
        elementClass = finder.getReturnType();
      } else {
        elementClass =
            (Class<?>)
                ((java.lang.reflect.ParameterizedType)
                        getter(type, field.def.name).getGenericReturnType())
                    .getActualTypeArguments()[0];
      }
      find(elements, elementClass, collections);
    }
  }

  private static Optional<Type> elementType(Type type) {
    return switch (type) {
      case ArrayOf array -> array.arrayElementType();
      case CompactArrayOf array -> array.arrayElementType();
      default -> Optional.empty();
    };
  }

  private static Method getter(Class<?> type, String field) {
    String name = field.replace("_", "");
    return Arrays.stream(type.getDeclaredMethods())
        .filter(method -> method.getParameterCount() == 0)
        .filter(method -> method.getName().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow();
  }
}
