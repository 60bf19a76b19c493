package io.sluice.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The file of accepted differences: what, where in the response, and why. Owned by one test. */
final class AcceptedDifferences {

  private static final Path FILE = Path.of("src", "test", "resources", "differences.txt");

  private static final class Entry {
    private final String line;
    private final Pattern comparison;
    private final Pattern path;
    private boolean used;

    Entry(String line) {
      String[] parts = line.split("\\s+\\|\\s+", 3);
      if (parts.length < 3 || parts[2].isBlank()) {
        throw new IllegalArgumentException("a difference without a reason: " + line);
      }
      this.line = line;
      this.comparison = Pattern.compile(parts[0].strip());
      this.path = Pattern.compile(parts[1].strip());
    }
  }

  private final List<Entry> entries = new ArrayList<>();

  AcceptedDifferences() {
    try {
      Files.readAllLines(FILE).stream()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(Entry::new)
          .forEach(entries::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean accepts(String comparison, String path) {
    boolean accepted = false;
    for (Entry entry : entries) {
      if (entry.comparison.matcher(comparison).matches() && entry.path.matcher(path).matches()) {
        entry.used = true;
        accepted = true;
      }
    }
    return accepted;
  }

  /** What differs no longer. */
  List<String> unused() {
    return entries.stream().filter(entry -> !entry.used).map(entry -> entry.line).toList();
  }
}
