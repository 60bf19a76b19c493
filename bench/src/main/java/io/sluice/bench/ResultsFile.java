package io.sluice.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The file of results: a head, all bars together, and a section per scenario. A run of some
 * scenarios replaces their sections and leaves the others as they are.
 */
final class ResultsFile {

  private static final String SECTION = "## ";
  private static final String BARS = "The bar";
  private static final String BAR_HEAD = "| work";

  private final Path file;
  private final List<String> order;

  /**
   * The file, which may not exist yet.
   *
   * @param order names of scenarios, in the order of the sections
   */
  ResultsFile(Path file, List<String> order) {
    this.file = file;
    this.order = order;
  }

  /** Writes the sections that are new, and keeps those of other scenarios. */
  void write(String head, Map<String, String> fresh) throws IOException {
    Map<String, String> sections = new LinkedHashMap<>(Files.exists(file) ? read() : Map.of());
    sections.putAll(fresh);
    StringBuilder text = new StringBuilder(head).append('\n');
    text.append(SECTION).append(BARS).append("\n\n").append(bars(sections)).append('\n');
    for (String name : order) {
      String body = sections.get(name);
      if (body != null) {
        text.append(SECTION).append(name).append("\n\n").append(body.strip()).append("\n\n");
      }
    }
    Files.writeString(file, text.toString().strip() + "\n");
  }

  private Map<String, String> read() throws IOException {
    Map<String, String> sections = new LinkedHashMap<>();
    String name = "";
    StringBuilder body = new StringBuilder();
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith(SECTION)) {
        sections.put(name, body.toString());
        name = line.substring(SECTION.length()).strip();
        body.setLength(0);
      } else {
        body.append(line).append('\n');
      }
    }
    sections.put(name, body.toString());
    return sections;
  }

  /** The rows of the bars of all sections, in one table. */
  private String bars(Map<String, String> sections) {
    List<Bar> bars = new ArrayList<>();
    for (String name : order) {
      boolean inside = false;
      for (String line : sections.getOrDefault(name, "").lines().toList()) {
        boolean row = line.startsWith("|");
        if (row && inside && !line.startsWith("| ---")) {
          String[] cells = line.substring(1, line.length() - 1).split("\\|");
          bars.add(
              new Bar(
                  cells[0].strip(),
                  cells[1].strip(),
                  cells[2].strip(),
                  cells[3].strip().equals("yes")));
        }
        inside = row && (inside || isBarHead(line));
      }
    }
    return Bar.markdown(bars);
  }

  private static boolean isBarHead(String line) {
    return line.startsWith(BAR_HEAD) && line.contains("| bar") && line.contains("| met");
  }
}
