package io.sluice.aws;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a Query request as a tree along the dots of their names. Owned by the thread
 * that serves the request.
 */
final class QueryNode {

  private String value = "";
  private Map<String, QueryNode> children = Map.of();

  /** The parameter of exactly this name; empty when it has none. */
  String value() {
    return value;
  }

  void value(String newValue) {
    value = newValue;
  }

  boolean isLeaf() {
    return children.isEmpty();
  }

  @Nullable QueryNode child(String name) {
    return children.get(name);
  }

  /** The value of a parameter at this level; null when there is none. */
  @Nullable String parameter(String name) {
    QueryNode child = children.get(name);
    return child == null ? null : child.value;
  }

  QueryNode childOrNew(String name) {
    if (children.isEmpty()) {
      children = new LinkedHashMap<>();
    }
    return children.computeIfAbsent(name, missing -> new QueryNode());
  }

  /**
   * The children that are named by a number from 1, in order; gaps are closed.
   *
   * @throws WireError.RequestRejected another name, as Amazon says it
   */
  SortedMap<Integer, QueryNode> indexed() {
    SortedMap<Integer, QueryNode> sorted = new TreeMap<>();
    for (Map.Entry<String, QueryNode> child : children.entrySet()) {
      sorted.put(index(child.getKey()), child.getValue());
    }
    return sorted;
  }

  private static int index(String name) {
    try {
      int index = Integer.parseInt(name);
      if (index > 0) {
        return index;
      }
    } catch (NumberFormatException e) {
      // Said below, as for a number that is out of range.
    }
    throw WireError.malformedInput(name + " is not a valid index").rejection();
  }
}
