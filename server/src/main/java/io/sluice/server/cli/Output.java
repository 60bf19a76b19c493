package io.sluice.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** How a command shows what it found: a table for people, or one JSON document. */
final class Output {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Option(names = "--json", description = "Print one JSON document instead of text.")
  private boolean json;

  boolean isJson() {
    return json;
  }

  /** Prints records and collections of them as one line of JSON. */
  static void json(Object document) {
    System.out.println(text(document));
  }

  /** One line of JSON. */
  static String text(Object document) {
    try {
      return JSON.writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a document that cannot be written", e);
    }
  }

  /** Prints rows in aligned columns; the first row is the header. */
  static void table(List<List<String>> rows) {
    List<Integer> widths = new ArrayList<>();
    for (int column = 0; column < rows.getFirst().size(); column++) {
      int index = column;
      widths.add(rows.stream().mapToInt(row -> row.get(index).length()).max().orElse(0));
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        line.append(row.get(column));
        line.repeat(' ', widths.get(column) - row.get(column).length() + 2);
      }
      System.out.println(line.toString().stripTrailing());
    }
  }
}
