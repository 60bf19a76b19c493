package io.sluice.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A JSON document as a map from the paths of its values to these, so that two can be compared.
 * Elements of arrays go by what they are called where they have a name, whatever their order.
 */
final class FlatJson {

  private static final List<String> NAMES =
      List.of(
          "apiKey",
          "transactionalId",
          "name",
          "topic",
          "topicName",
          "resourceName",
          "groupId",
          "group",
          "key",
          "user",
          "feature",
          "partitionIndex",
          "partition",
          "partitionId",
          "index",
          "nodeId",
          "brokerId",
          "entityType");

  /** Ids, times, and the names and ports of nodes. */
  private static final Pattern PARTICULAR =
      Pattern.compile(
          ".*(\\.|^)(clusterId|topicId|host|port|logDir|throttleTimeMs|memberId|producerId"
              + "|totalBytes|usableBytes|timestamp|(\\w+Timestamp)(Ms)?|transactionStartTimeMs|logAppendTimeMs"
              + "|records|recordsSizeInBytes|finalizedFeaturesEpoch|nodeEndpoints.*)");

  private final SortedMap<String, String> values = new TreeMap<>();

  private FlatJson() {}

  static SortedMap<String, String> of(JsonNode document) {
    FlatJson flat = new FlatJson();
    flat.add("", document);
    return flat.values;
  }

  private void add(String path, JsonNode node) {
    if (node.isObject()) {
      node.properties()
          .forEach(
              field ->
                  add(
                      path.isEmpty() ? field.getKey() : path + "." + field.getKey(),
                      field.getValue()));
    } else if (node.isArray()) {
      int index = 0;
      for (JsonNode element : node) {
        add(path + "[" + name(element, index++) + "]", element);
      }
    } else if (!PARTICULAR.matcher(path).matches()) {
      values.put(path, node.asText());
    }
  }

  private static String name(JsonNode element, int index) {
    return NAMES.stream()
        .filter(name -> element.has(name) && !element.get(name).asText().isEmpty())
        .findFirst()
        .map(name -> element.get(name).asText())
        .orElse("#" + index);
  }
}
